'use client';

import { useState } from 'react';
import { useMay } from '@/components/api/may';
import { useProject } from '@/components/api/project';
import { trpc } from '@/components/api/trpc';
import { Money } from '@/components/money/money';
import { Act } from '@/components/object/act';
import { Offers, type Offer } from '@/components/object/offers';
import { isAnswerable, type DisputeObject } from '../deadline';
import { EvidenceForm } from './evidence-form';

type Decision = 'close' | 'escalate' | 'lose' | 'win';
type Verb = 'accept' | 'respond' | 'submit' | Decision;

/** TABLE: what an issuer may still decide, by the status. */
const DECISIONS: Readonly<Record<string, readonly Decision[]>> = {
  warning_needs_response: ['escalate', 'close'],
  warning_under_review: ['escalate', 'close'],
  needs_response: ['win', 'lose'],
  under_review: ['win', 'lose'],
};

/** What can be done with a dispute as it is. In test mode it is the simulated bank that decides. */
function useOffers(dispute: DisputeObject): Offer<Verb>[] {
  const may = useMay();
  const { mode } = useProject();
  const { status, evidence_details } = dispute;
  const isOpen = isAnswerable(dispute);
  const mayDecide = (decision: Decision): boolean =>
    mode === 'live' &&
    (DECISIONS[status]?.includes(decision) ?? false) &&
    may('disputes', 'conclude');
  return [
    {
      verb: 'respond',
      label: 'Respond',
      isOffered: isOpen && !evidence_details.has_evidence && may('disputes', 'update'),
      isMain: true,
    },
    {
      verb: 'submit',
      label: 'Submit evidence',
      isOffered: isOpen && evidence_details.has_evidence && may('disputes', 'update'),
      isMain: true,
    },
    {
      verb: 'accept',
      label: status === 'warning_needs_response' ? 'Close inquiry' : 'Accept dispute',
      isOffered: isOpen && may('disputes', 'close'),
    },
    { verb: 'win', label: 'Record as won', isOffered: mayDecide('win') },
    { verb: 'lose', label: 'Record as lost', isOffered: mayDecide('lose') },
    { verb: 'escalate', label: 'Record as escalated', isOffered: mayDecide('escalate') },
    { verb: 'close', label: 'Record as closed', isOffered: mayDecide('close') },
  ];
}

export function DisputeActions({ dispute }: { dispute: DisputeObject }) {
  const [opened, setOpened] = useState<Verb | null>(null);
  const offers = useOffers(dispute);
  const close = (): void => setOpened(null);
  return (
    <>
      <Offers offers={offers} onChoose={setOpened} />
      <EvidenceForm dispute={dispute} isOpen={opened === 'respond'} onClose={close} />
      <Answers dispute={dispute} opened={opened} onClose={close} />
      <Decisions dispute={dispute} opened={opened} onClose={close} />
    </>
  );
}

interface QuestionsProps {
  readonly dispute: DisputeObject;
  readonly opened: Verb | null;
  readonly onClose: () => void;
}

/** What the merchant does. */
function Answers({ dispute, opened, onClose }: QuestionsProps) {
  const { id, status, amount, currency } = dispute;
  const update = trpc.disputes.update.useMutation();
  const accept = trpc.disputes.close.useMutation();
  const isInquiry = status === 'warning_needs_response';
  return (
    <>
      <Act
        isOpen={opened === 'submit'}
        onOpenChange={onClose}
        title="Submit the evidence?"
        action="Submit evidence"
        done="Evidence submitted"
        look="primary"
        run={() => update.mutateAsync({ id, submit: true })}
      >
        It goes to the bank as it is. Evidence is taken once: it cannot be changed or added to
        afterwards.
      </Act>
      <Act
        isOpen={opened === 'accept'}
        onOpenChange={onClose}
        title={isInquiry ? 'Close this inquiry?' : 'Accept this dispute?'}
        action={isInquiry ? 'Close inquiry' : 'Accept dispute'}
        done={isInquiry ? 'Inquiry closed' : 'Dispute accepted'}
        run={() => accept.mutateAsync({ id })}
      >
        {isInquiry ? (
          'It is left unanswered. If the cardholder insists, the bank may still make a dispute of it.'
        ) : (
          <>
            The cardholder keeps <Money amount={amount} currency={currency} />, and the dispute
            counts as lost. This cannot be undone.
          </>
        )}
      </Act>
    </>
  );
}

/** TABLE: what the bank decided, as the acquirer tells a person. */
const VERDICTS = {
  win: {
    title: 'Was the dispute won?',
    action: 'Record as won',
    done: 'Dispute won',
    sentence: 'The amount comes back to your balance.',
  },
  lose: {
    title: 'Was the dispute lost?',
    action: 'Record as lost',
    done: 'Dispute lost',
    sentence: 'The amount stays with the cardholder. This cannot be undone.',
  },
  escalate: {
    title: 'Did the inquiry become a dispute?',
    action: 'Record as escalated',
    done: 'Inquiry escalated',
    sentence: 'The amount is taken out of your balance, and there is a new deadline for evidence.',
  },
  close: {
    title: 'Was the inquiry closed?',
    action: 'Record as closed',
    done: 'Inquiry closed',
    sentence: 'No money moves.',
  },
} as const;

function Decisions({ dispute: { id }, opened, onClose }: QuestionsProps) {
  const conclude = trpc.disputes.conclude.useMutation();
  return (Object.keys(VERDICTS) as Decision[]).map((decision) => {
    const { sentence, ...words } = VERDICTS[decision];
    return (
      <Act
        key={decision}
        isOpen={opened === decision}
        onOpenChange={onClose}
        look="primary"
        run={() => conclude.mutateAsync({ id, decision })}
        {...words}
      >
        What your acquirer told you of the bank’s decision. {sentence}
      </Act>
    );
  });
}
