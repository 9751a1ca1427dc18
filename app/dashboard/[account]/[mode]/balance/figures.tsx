'use client';

import { trpc } from '@/components/api/trpc';
import { FailureNote } from '@/components/layout/failure-note';
import { Panel } from '@/components/layout/panel';
import { Money } from '@/components/money/money';
import { Figures } from '@/components/object/facts';
import { Card, Skeleton } from '@/components/ui/surfaces';

/** What there is, currency by currency: they are never added. */
export const BalanceFigures = () => (
  <Panel>
    <ByCurrency />
  </Panel>
);

function ByCurrency() {
  const { data, error, refetch } = trpc.balance.retrieve.useQuery({});
  if (error !== null && data === undefined) {
    return (
      <Card>
        <FailureNote error={error} onRetry={() => void refetch()} />
      </Card>
    );
  }
  if (data === undefined) return <Skeleton className="h-18" />;
  return data.available.map(({ currency, amount }) => {
    const pending = data.pending.find((one) => one.currency === currency)?.amount ?? 0;
    const sum = (of: number) => <Money amount={of} currency={currency} />;
    return (
      <Figures
        key={currency}
        figures={[
          { label: `Available, ${currency.toUpperCase()}`, value: sum(amount) },
          { label: `Pending, ${currency.toUpperCase()}`, value: sum(pending) },
        ]}
      />
    );
  });
}
