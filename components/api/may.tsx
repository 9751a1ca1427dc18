'use client';

import { createContext, useCallback, useContext, type ReactNode } from 'react';

/** What a role may change: everything, or by resource all or the operations that are named. */
export type Changes = 'everything' | Readonly<Record<string, 'all' | readonly string[]>>;

const Context = createContext<Changes>({});

export const MayProvider = ({ changes, children }: { changes: Changes; children: ReactNode }) => (
  <Context value={changes}>{children}</Context>
);

/**
 * Whether the member may do something here, so that no button is shown that would be refused. The
 * server decides again whenever it is pressed.
 *
 * @param resource as in the API's address: `payment_intents`.
 * @param operation as in tRPC: `create`, `capture`.
 */
export function useMay(): (resource: string, operation: string) => boolean {
  const changes = useContext(Context);
  return useCallback(
    (resource, operation) => {
      if (changes === 'everything') return true;
      const allowed = changes[resource];
      return allowed === 'all' || allowed?.includes(operation) === true;
    },
    [changes],
  );
}
