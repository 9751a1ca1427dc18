'use client';

import { useState } from 'react';
import { useMay } from '@/components/api/may';
import { useProject } from '@/components/api/project';
import type { Outputs } from '@/components/api/queries';
import { trpc } from '@/components/api/trpc';
import { Money } from '@/components/money/money';
import { Act } from '@/components/object/act';
import { Offers, type Offer } from '@/components/object/offers';
import { FailedForm } from './failed-form';

type PayoutObject = Outputs['payouts']['retrieve'];
type Report = 'in_transit' | 'paid' | 'failed';
type Verb = 'cancel' | Report;

/** TABLE: what a bank may still do with it, by the status. */
const REPORTS: Readonly<Record<string, readonly Report[]>> = {
  pending: ['in_transit', 'paid', 'failed'],
  in_transit: ['paid', 'failed'],
  paid: ['failed'],
};

/** In test mode a payout arrives by itself; in live mode somebody sees at the bank what became of it. */
function useOffers({ status }: PayoutObject): Offer<Verb>[] {
  const may = useMay();
  const { mode } = useProject();
  const mayReport = (report: Report): boolean =>
    mode === 'live' && (REPORTS[status]?.includes(report) ?? false) && may('payouts', 'report');
  return [
    { verb: 'paid', label: 'Record as paid', isOffered: mayReport('paid'), isMain: true },
    {
      verb: 'cancel',
      label: 'Cancel payout',
      isOffered: status === 'pending' && may('payouts', 'cancel'),
    },
    { verb: 'in_transit', label: 'Record as sent', isOffered: mayReport('in_transit') },
    { verb: 'failed', label: 'Record as failed', isOffered: mayReport('failed') },
  ];
}

export function PayoutActions({ payout }: { payout: PayoutObject }) {
  const { id, amount, currency } = payout;
  const [opened, setOpened] = useState<Verb | null>(null);
  const offers = useOffers(payout);
  const cancel = trpc.payouts.cancel.useMutation();
  const report = trpc.payouts.report.useMutation();
  const close = (): void => setOpened(null);
  const asked = (verb: Verb) => ({ isOpen: opened === verb, onOpenChange: close });
  return (
    <>
      <Offers offers={offers} onChoose={setOpened} />
      <Act
        {...asked('cancel')}
        title="Cancel this payout?"
        action="Cancel payout"
        done="Payout cancelled"
        run={() => cancel.mutateAsync({ id })}
      >
        <Money amount={amount} currency={currency} /> comes back to the balance.
      </Act>
      <Act
        {...asked('in_transit')}
        title="Is the payout on its way?"
        action="Record as sent"
        done="Payout sent"
        look="primary"
        run={() => report.mutateAsync({ id, status: 'in_transit' })}
      >
        Your acquirer has sent it. It can no longer be cancelled.
      </Act>
      <Act
        {...asked('paid')}
        title="Has the payout arrived?"
        action="Record as paid"
        done="Payout paid"
        look="primary"
        run={() => report.mutateAsync({ id, status: 'paid' })}
      >
        You have seen <Money amount={amount} currency={currency} /> on your bank account.
      </Act>
      <FailedForm id={id} isOpen={opened === 'failed'} onClose={close} />
    </>
  );
}
