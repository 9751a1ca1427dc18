'use client';

import type { ReactNode } from 'react';
import type { Outputs } from '@/components/api/queries';
import { trpc } from '@/components/api/trpc';
import { FailureNote } from '@/components/layout/failure-note';
import { Panel } from '@/components/layout/panel';
import { CardName } from '@/components/money/card';
import { Money } from '@/components/money/money';
import { Word } from '@/components/object/facts';
import { Time } from '@/components/time/time';
import { Badge, type BadgeLook } from '@/components/ui/badge';
import { Card, Skeleton } from '@/components/ui/surfaces';
import type { Charge } from '../state';

type Attempt = Outputs['dashboard']['payments']['attempts'][number];

/** What was asked of the processor for a payment, and what it answered, the newest first. */
export const Attempts = ({ id }: { id: string }) => (
  <Card title="Attempts">
    <Panel>
      <Timeline id={id} />
    </Panel>
  </Card>
);

const CHARGES_MAX = 100;

function Timeline({ id }: { id: string }) {
  const attempts = trpc.dashboard.payments.attempts.useQuery({ payment_intent: id });
  const charges = trpc.charges.list.useQuery({ payment_intent: id, limit: CHARGES_MAX });
  const error = attempts.error ?? charges.error;
  if (attempts.data === undefined || charges.data === undefined) {
    if (error === null) return <Skeleton className="h-16" />;
    const retry = (): void => void Promise.all([attempts.refetch(), charges.refetch()]);
    return <FailureNote error={error} onRetry={retry} />;
  }
  if (attempts.data.length === 0) {
    return (
      <p className="text-sm text-muted">Not tried yet: it waits to be confirmed with a card.</p>
    );
  }
  const chargeById = new Map(charges.data.data.map((charge) => [charge.id, charge]));
  return (
    <ol className="flex flex-col divide-y divide-line">
      {attempts.data.toReversed().map((attempt) => (
        <OneAttempt
          key={attempt.id}
          attempt={attempt}
          charge={isOfCard(attempt) ? (chargeById.get(attempt.charge ?? '') ?? null) : null}
        />
      ))}
    </ol>
  );
}

/** What is known of the card belongs to the attempts that asked its bank. */
const isOfCard = ({ kind }: Attempt): boolean => kind === 'authorize' || kind === 'resume';

/** TABLE: what was asked. */
const KINDS: Readonly<Record<Attempt['kind'], string>> = {
  authorize: 'Payment',
  resume: 'Payment after authentication',
  capture: 'Capture',
  increment: 'Increase of the authorization',
  cancel: 'Cancellation',
  refund: 'Refund',
  verify: 'Verification',
  keep: 'Keep the card',
  resume_verify: 'Verification after authentication',
};

/** TABLE: what was answered. */
const OUTCOMES: Readonly<
  Record<NonNullable<Attempt['outcome']>, readonly [look: BadgeLook, word: string]>
> = {
  approved: ['good', 'Approved'],
  declined: ['bad', 'Declined'],
  challenge: ['warn', 'Needs authentication'],
  pending: ['accent', 'Pending'],
};

function OneAttempt({ attempt, charge }: { attempt: Attempt; charge: Charge | null }) {
  const { kind, outcome, amount, currency, decline, created } = attempt;
  const [look, word] =
    outcome === null ? (['accent', 'No answer yet'] as const) : OUTCOMES[outcome];
  return (
    <li className="flex min-w-0 flex-col gap-2 py-4 first:pt-0 last:pb-0">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span className="text-sm font-medium">
          {KINDS[kind]} of <Money amount={amount} currency={currency} />
        </span>
        <Badge look={look}>{word}</Badge>
        <span className="ml-auto text-[13px] text-muted">
          <Time at={created} as="ago" />
        </span>
      </div>
      {decline !== null && (
        <p className="text-sm break-words text-bad">
          {decline.message}{' '}
          <span className="font-mono text-[13px]">{decline.decline_code ?? decline.code}</span>
        </p>
      )}
      <Known attempt={attempt} charge={charge} />
    </li>
  );
}

/** TABLE: processors, as one speaks of them. */
const PROCESSORS: Readonly<Record<string, string>> = {
  cardstream: 'Cardstream',
  simulator: 'the simulator',
};

function Known({ attempt, charge }: { attempt: Attempt; charge: Charge | null }) {
  const card = charge?.payment_method_details?.card ?? null;
  const facts: [string, ReactNode][] = [
    [
      'Card',
      card !== null && <CardName card={{ brand: card.brand ?? '', last4: card.last4 ?? '' }} />,
    ],
    ['3-D Secure', threeDSecureOf(card)],
    ['CVC check', wordOf(card?.checks?.cvc_check)],
    ['Postcode check', wordOf(card?.checks?.address_postal_code_check)],
    ['Authorisation', card?.authorization_code],
    ['Reference', <Mono key="id" text={attempt.id} />],
    [
      `Id at ${PROCESSORS[attempt.processor] ?? attempt.processor}`,
      attempt.transaction !== null && <Mono key="transaction" text={attempt.transaction} />,
    ],
  ];
  return (
    <dl className="grid gap-x-4 gap-y-1 text-[13px] sm:grid-cols-[9rem_minmax(0,1fr)]">
      {facts
        .filter(([, value]) => value !== null && value !== undefined && value !== false)
        .map(([label, value]) => (
          <div key={label} className="contents">
            <dt className="text-muted">{label}</dt>
            <dd className="min-w-0 max-sm:mb-1">{value}</dd>
          </div>
        ))}
    </dl>
  );
}

const wordOf = (result: string | null | undefined) => result != null && <Word>{result}</Word>;

const Mono = ({ text }: { text: string }) => <span className="font-mono break-all">{text}</span>;

type ChargedCard = NonNullable<Charge['payment_method_details']>['card'];

function threeDSecureOf(card: ChargedCard | null): string | null {
  const result = card?.three_d_secure;
  if (result == null) return null;
  const flow = result.authentication_flow;
  return [result.result?.replaceAll('_', ' '), flow, result.version].filter(Boolean).join(', ');
}
