'use client';

import { Plus } from 'lucide-react';
import { useMay } from '@/components/api/may';
import { useProject } from '@/components/api/project';
import { trpc } from '@/components/api/trpc';
import { FailureNote } from '@/components/layout/failure-note';
import { PageHeader } from '@/components/layout/page-header';
import { Button } from '@/components/ui/button';
import { Card, Skeleton } from '@/components/ui/surfaces';
import { AccountCard } from './account-card';
import { ConnectForm } from './connect-form';

/** TABLE: what takes cards where no account does. */
const WITHOUT = {
  test: 'The simulator takes the test cards, until an account is connected in test mode.',
  live: 'Nothing takes cards in live mode yet: payments are refused until an account is connected.',
} as const;

/** Whose gateway takes the cards of this mode. */
export function Processor() {
  const { mode } = useProject();
  const may = useMay();
  const { data, error, refetch } = trpc.dashboard.processorAccounts.list.useQuery();
  const hasCurrent = data?.some(({ is_current }) => is_current) === true;
  return (
    <>
      <PageHeader
        title="Card processor"
        note={`In ${mode} mode. The other mode has its own.`}
        actions={
          may('dashboard', 'processorAccounts.create') && (
            <ConnectForm
              trigger={
                <Button look="primary">
                  <Plus aria-hidden />
                  Connect Cardstream
                </Button>
              }
            />
          )
        }
      />
      {error !== null && data === undefined ? (
        <Card>
          <FailureNote error={error} onRetry={() => void refetch()} />
        </Card>
      ) : data === undefined ? (
        <Card>
          <Skeleton className="h-32" />
        </Card>
      ) : (
        <>
          {!hasCurrent && (
            <Card>
              <p className="text-sm">{WITHOUT[mode]}</p>
            </Card>
          )}
          {data.map((account) => (
            <AccountCard key={account.id} account={account} />
          ))}
        </>
      )}
    </>
  );
}
