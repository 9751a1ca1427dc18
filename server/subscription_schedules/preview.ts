/**
 * The next invoice of a schedule in rehearsal: by the very functions that would make it. The caller
 * takes back what they wrote.
 */
import type Stripe from 'stripe';
import { findInvoice, toInvoice } from '@/server/invoices';
import type { Tx } from '@/server/kernel/context';
import {
  previewRenewal,
  renewalOf,
  requireAgreement,
  type Agreement,
  type Tailored,
} from '@/server/subscriptions';
import { onClock } from '@/server/test_clocks';
import { make, type NewSchedule } from './create';
import { currentPhase } from './due_at';
import type { UpdateSchedule } from './params';
import { advance } from './phases';
import { requireSchedule } from './require';
import type { ScheduleRow } from './store';
import { revise } from './update';

/** As it is; null where nothing will be asked for. */
export async function previewSchedule(
  tx: Tx,
  id: string,
  how: Tailored,
): Promise<Stripe.Invoice | null> {
  const row = await requireSchedule(tx, id, 'schedule');
  return next(await onClock(tx, row.test_clock), row, how);
}

/** Of a schedule that is made now. */
export async function previewNewSchedule(
  tx: Tx,
  given: NewSchedule,
  how: Tailored,
): Promise<Stripe.Invoice | null> {
  const { id, subscription } = await make(tx, given);
  if (typeof subscription !== 'string') return previewSchedule(tx, id, how);
  const { row } = await requireAgreement(tx, subscription);
  return (await made(tx, row.latest_invoice)) ?? previewSchedule(tx, id, how);
}

/** Of a schedule after an update: the invoice that it makes, else the next one. */
export async function previewScheduleUpdate(
  tx: Tx,
  given: UpdateSchedule,
  how: Tailored,
): Promise<Stripe.Invoice | null> {
  const before = await subscriptionOf(tx, await requireSchedule(tx, given.id));
  await revise(tx, given, true);
  const row = await requireSchedule(tx, given.id);
  const latest = (await subscriptionOf(tx, row))?.row.latest_invoice ?? null;
  if (latest !== (before?.row.latest_invoice ?? null)) return made(tx, latest);
  return previewSchedule(tx, given.id, how);
}

/** Goes from phase to phase until an invoice is made. */
async function next(tx: Tx, row: ScheduleRow, how: Tailored): Promise<Stripe.Invoice | null> {
  const agreement = await subscriptionOf(tx, row);
  const at = row.status === 'not_started' ? row.phases[0]?.start_date : currentPhase(row)?.end_date;
  if (agreement !== null && (at === undefined || (renewalOf(agreement) ?? Infinity) < at)) {
    return previewRenewal(tx, agreement, how);
  }
  if (at === undefined) return null;
  const after = await advance({ ...tx, now: new Date(at * 1000) }, row);
  const latest = (await subscriptionOf(tx, after))?.row.latest_invoice ?? null;
  if (latest !== (agreement?.row.latest_invoice ?? null)) return made(tx, latest);
  return next(tx, after, how);
}

/** The subscription that it manages, or has let go. */
const subscriptionOf = async (
  tx: Tx,
  { subscription, released_subscription }: ScheduleRow,
): Promise<Agreement | null> => {
  const id = subscription ?? released_subscription;
  return id === null ? null : requireAgreement(tx, id);
};

async function made(tx: Tx, id: string | null): Promise<Stripe.Invoice | null> {
  const invoice = id === null ? null : await findInvoice(tx, id);
  return invoice === null ? null : toInvoice(tx, invoice);
}
