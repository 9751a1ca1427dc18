'use client';

import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { httpBatchStreamLink } from '@trpc/client';
import { createTRPCReact } from '@trpc/react-query';
import { useState, type ReactNode } from 'react';
import type { AppRouter } from '@/server/api/trpc/client';
import type { Mode } from './address';
import { failureOf } from './failure';
import { once } from './once';

/** The API as hooks: `trpc.customers.retrieve.useQuery({ id })`, `trpc.customers.update.useMutation()`. */
export const trpc = createTRPCReact<AppRouter>();

export interface ApiProviderProps {
  readonly account: string;
  readonly mode: Mode;
  readonly children: ReactNode;
}

/**
 * Calls are made in the project and mode of the address, with the session's cookie. Give it the two
 * as its `key` as well: what was read of one project is then not there in another.
 */
export function ApiProvider({ account, mode, children }: ApiProviderProps) {
  const [queries] = useState(newQueryClient);
  const [client] = useState(() =>
    trpc.createClient({
      links: [
        once(),
        httpBatchStreamLink({
          url: '/api/trpc',
          headers: { 'x-calmony-account': account, 'x-calmony-mode': mode },
        }),
      ],
    }),
  );
  return (
    <trpc.Provider client={client} queryClient={queries}>
      <QueryClientProvider client={queries}>{children}</QueryClientProvider>
    </trpc.Provider>
  );
}

/** What was read stays as it is until an event says otherwise (see live.ts); this is the fallback. */
const STALE_MS = 60_000;

const RETRIES_MAX = 2;

function newQueryClient(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({ onError: signInAgain }),
    mutationCache: new MutationCache({ onError: signInAgain }),
    defaultOptions: {
      queries: {
        staleTime: STALE_MS,
        // What was refused once will be refused again; what was not answered may be.
        retry: (failures, error) =>
          failures < RETRIES_MAX && (failureOf(error).status ?? 500) >= 500,
      },
    },
  });
}

/** A session that has ended: to the door, and from there back to this page. */
function signInAgain(error: unknown): void {
  if (failureOf(error).status !== 401) return;
  const { pathname, search } = globalThis.location;
  globalThis.location.assign(`/sign-in?next=${encodeURIComponent(pathname + search)}`);
}
