'use client';

import { trpc } from '@/components/api/trpc';
import { FailureNote } from '@/components/layout/failure-note';
import { PageHeader } from '@/components/layout/page-header';
import { Card, Skeleton } from '@/components/ui/surfaces';
import { Password } from './password';
import { SecondFactor } from './second-factor';
import { Sessions } from './sessions';

/** How one signs in, and where one is signed in. */
export function Security() {
  const { data, error, refetch } = trpc.dashboard.security.retrieve.useQuery();
  return (
    <>
      <PageHeader title="Your security" note="Of your own account, in every project." />
      {data === undefined ? (
        <Card>
          {error === null ? (
            <Skeleton className="h-40" />
          ) : (
            <FailureNote error={error} onRetry={() => void refetch()} />
          )}
        </Card>
      ) : (
        <>
          <SecondFactor security={data} />
          <Password security={data} />
        </>
      )}
      <Sessions />
    </>
  );
}
