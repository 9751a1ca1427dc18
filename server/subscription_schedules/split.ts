/**
 * A subscription is changed by itself while a schedule manages it: the plan follows. The current phase
 * is over then, and the rest of it is a phase of its own, as the subscription is now.
 * https://docs.stripe.com/billing/subscriptions/subscription-schedules#subscription-updates-when-a-schedule-is-attached
 */
import { isDeepStrictEqual } from 'node:util';
import type Stripe from 'stripe';
import type { StoredPhase } from '@/db/schema/subscription_schedules';
import type { Announced } from '@/server/events';
import type { Tx } from '@/server/kernel/context';
import { unix } from '@/server/kernel/object';
import { requireAgreement, type Agreement } from '@/server/subscriptions';
import { onClock } from '@/server/test_clocks';
import { amend } from './amend';
import { currentPhase } from './due_at';
import { presentOf } from './from';
import * as store from './store';

/** What a phase says of it too, and what else is asked for by it. */
const PLANNED = ['default_tax_rates', 'items', 'trial_end'];

/** `customer.subscription.updated`: also where it was the schedule that changed it, and nothing is to do. */
export async function splitPhase(tx: Tx, { object, previous = {} }: Announced): Promise<void> {
  const { id, schedule } = object as Stripe.Subscription;
  if (typeof schedule !== 'string' || !PLANNED.some((field) => field in previous)) return;
  const row = await store.lock(tx, schedule);
  const current = row === null ? null : currentPhase(row);
  if (row === null || current === null) return;
  const agreement = await requireAgreement(tx, id);
  const now = unix((await onClock(tx, row.test_clock)).now);
  if (now >= current.end_date || isAsPlanned(agreement, current, now)) return;
  const rest: StoredPhase = {
    ...current,
    ...presentOf(agreement),
    add_invoice_items: [],
    start_date: now,
    trial_end: trialEndOf(agreement, current, now),
  };
  const at = row.phases.indexOf(current);
  const trial_end = current.trial_end === null ? null : Math.min(current.trial_end, now);
  const over = now === current.start_date ? [] : [{ ...current, end_date: now, trial_end }];
  await amend(tx, row, {
    current_phase: at + over.length,
    phases: [...row.phases.slice(0, at), ...over, rest, ...row.phases.slice(at + 1)],
  });
}

/** What is billed for and with which taxes, whatever has become of the discounts and the metadata. */
function isAsPlanned(agreement: Agreement, phase: StoredPhase, now: number): boolean {
  const planned = phase.trial_end !== null && phase.trial_end > now ? phase.trial_end : null;
  return (
    planned === trialEndOf(agreement, phase, now) &&
    isDeepStrictEqual(termsOf(presentOf(agreement)), termsOf(phase))
  );
}

const termsOf = ({
  default_tax_rates,
  items,
}: Pick<StoredPhase, 'default_tax_rates' | 'items'>) => ({
  default_tax_rates,
  items: new Map(
    items.map(({ price, quantity, tax_rates }) => [price, { quantity, tax_rates }] as const),
  ),
});

function trialEndOf({ row }: Agreement, { end_date }: StoredPhase, now: number): number | null {
  if (row.status !== 'trialing' || row.trial_end === null || row.trial_end <= now) return null;
  return Math.min(row.trial_end, end_date);
}
