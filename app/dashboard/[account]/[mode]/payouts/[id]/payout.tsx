'use client';

import type { Outputs } from '@/components/api/queries';
import { trpc } from '@/components/api/trpc';
import { Facts, Word } from '@/components/object/facts';
import { Time } from '@/components/time/time';
import { MovingPage } from '../../balance/moving-page';
import { PayoutActions } from './actions';

type PayoutObject = Outputs['payouts']['retrieve'];

export function Payout({ id }: { id: string }) {
  const update = trpc.payouts.update.useMutation();
  return (
    <MovingPage<PayoutObject>
      id={id}
      list="payouts"
      query={trpc.payouts.retrieve.useQuery({ id })}
      onSave={(metadata) => update.mutateAsync({ id, metadata })}
      renderActions={(payout) => <PayoutActions payout={payout} />}
      renderFacts={(payout) => <PayoutFacts payout={payout} />}
    />
  );
}

function PayoutFacts({ payout }: { payout: PayoutObject }) {
  return (
    <Facts
      facts={[
        { label: 'Arrives', value: <Time at={payout.arrival_date} as="date" /> },
        { label: 'Description', value: payout.description },
        { label: 'Statement', value: payout.statement_descriptor },
        { label: 'Method', value: <Word>{payout.method}</Word> },
        { label: 'Failure', value: payout.failure_message },
        {
          label: 'Failure code',
          value: payout.failure_code !== null && (
            <span className="font-mono text-[13px]">{payout.failure_code}</span>
          ),
        },
      ]}
    />
  );
}
