'use client';

import { customerName, idOf, objectIn } from '@/components/api/expandable';
import { trpc } from '@/components/api/trpc';
import { CardName } from '@/components/money/card';
import { Facts, Word } from '@/components/object/facts';
import { ObjectLink } from '@/components/object/object-link';
import { Time } from '@/components/time/time';
import { MovingPage } from '../../balance/moving-page';
import { isAnswerable, type DisputeObject } from '../deadline';
import { reasonText } from '../reasons';
import { DisputeActions } from './actions';
import { disputeCall } from './call';
import { EvidenceCard } from './evidence';

export function Dispute({ id }: { id: string }) {
  const update = trpc.disputes.update.useMutation();
  return (
    <MovingPage<DisputeObject>
      id={id}
      list="disputes"
      query={trpc.disputes.retrieve.useQuery(disputeCall(id))}
      onSave={(metadata) => update.mutateAsync({ id, metadata })}
      renderActions={(dispute) => <DisputeActions dispute={dispute} />}
      renderFacts={(dispute) => <DisputeFacts dispute={dispute} />}
      renderMore={(dispute) => (
        <>
          <Standing dispute={dispute} />
          <EvidenceCard dispute={dispute} />
        </>
      )}
    />
  );
}

/** TABLE: what a status means for the merchant, and what comes next. */
const MEANINGS: Readonly<Record<string, string>> = {
  warning_needs_response:
    'The bank asks about this payment. Nothing has been taken yet: a good answer, or a refund in full, can end it here.',
  warning_under_review: 'The bank has your answer. Nothing has been taken.',
  warning_closed: 'The inquiry came to nothing, and no money was taken.',
  needs_response:
    'The money has gone back to the cardholder. Answer with evidence to get it back, or accept the loss.',
  under_review: 'The bank has your evidence and decides. That can take two to three months.',
  won: 'The bank decided for you, and the money came back.',
  lost: 'The money stays with the cardholder.',
};

function Standing({ dispute }: { dispute: DisputeObject }) {
  const isOpen = isAnswerable(dispute);
  return (
    <div
      className={`flex flex-col gap-1 rounded-xl px-4 py-3 text-sm sm:px-5 ${isOpen ? 'bg-warn-soft text-warn' : 'bg-sunken text-muted'}`}
    >
      {isOpen && (
        <p className="font-medium">
          Respond by <Time at={dispute.evidence_details.due_by ?? dispute.created} />
        </p>
      )}
      <p>{MEANINGS[dispute.status]}</p>
    </div>
  );
}

function DisputeFacts({ dispute }: { dispute: DisputeObject }) {
  const charge = objectIn(dispute.charge);
  const customerId = idOf(charge?.customer);
  const paymentId = idOf(dispute.payment_intent);
  const card = charge?.payment_method_details?.card;
  const { due_by } = dispute.evidence_details;
  return (
    <Facts
      facts={[
        { label: 'Reason', value: reasonText(dispute.reason) },
        { label: 'Network code', value: dispute.network_reason_code },
        {
          label: 'Kind',
          value: <Word>{dispute.payment_method_details?.card?.case_type}</Word>,
        },
        {
          label: 'Payment',
          value: paymentId !== null && (
            <ObjectLink page={`payments/${paymentId}`}>
              <span className="font-mono text-[13px] break-all">{paymentId}</span>
            </ObjectLink>
          ),
        },
        {
          label: 'Customer',
          value: customerId !== null && (
            <ObjectLink page={`customers/${customerId}`}>
              {customerName(charge?.customer)}
            </ObjectLink>
          ),
        },
        {
          label: 'Card',
          value: card != null && (
            <CardName card={{ brand: card.brand ?? '', last4: card.last4 ?? '' }} />
          ),
        },
        { label: 'Paid', value: charge !== null && <Time at={charge.created} /> },
        { label: 'Respond by', value: due_by !== null && <Time at={due_by} /> },
      ]}
    />
  );
}
