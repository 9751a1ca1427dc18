'use client';

import { createContext, useCallback, useContext, type ReactNode } from 'react';

export interface May {
  /** By the API: everything, or by resource all or the operations that are named. */
  readonly changes: 'everything' | Readonly<Record<string, 'all' | readonly string[]>>;
  /** What only the dashboard does: `members.invite`. */
  readonly calls: readonly string[];
}

const Context = createContext<May>({ changes: {}, calls: [] });

export const MayProvider = ({ may, children }: { may: May; children: ReactNode }) => (
  <Context value={may}>{children}</Context>
);

/**
 * Whether the member may do something here, so that no button is shown that would be refused. The
 * server decides again whenever it is pressed.
 *
 * @param resource as in the API's address: `payment_intents`; or `dashboard`.
 * @param operation as in tRPC: `create`, `capture`; of the dashboard's own, `members.invite`.
 */
export function useMay(): (resource: string, operation: string) => boolean {
  const { changes, calls } = useContext(Context);
  return useCallback(
    (resource, operation) => {
      if (resource === 'dashboard') return calls.includes(operation);
      if (changes === 'everything') return true;
      const allowed = changes[resource];
      return allowed === 'all' || allowed?.includes(operation) === true;
    },
    [changes, calls],
  );
}
