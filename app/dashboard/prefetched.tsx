import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query';
import { getUntypedClient } from '@trpc/client';
import type { ReactNode } from 'react';
import { keyOf, type QueryCall } from '@/components/api/queries';
import { visitOf, type VisitProps } from './visit';

export interface PrefetchedProps extends VisitProps {
  readonly calls: readonly QueryCall[];
  readonly children: ReactNode;
}

/**
 * Asks the queries of a page before it is sent, so that it arrives with its rows. What is refused is
 * left out: the browser asks again, and shows why.
 */
export async function Prefetched({ params, calls, children }: PrefetchedProps) {
  const { caller } = await visitOf({ params });
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  await Promise.all(
    calls.map((call) =>
      queries.prefetchQuery({
        queryKey: keyOf(call),
        queryFn: () => getUntypedClient(caller).query(call.path, call.input),
      }),
    ),
  );
  return <HydrationBoundary state={dehydrate(queries)}>{children}</HydrationBoundary>;
}
