/**
 * What a subscription does by itself as time passes. Each run does the one thing that is due first,
 * and it is due again for the next: a clock that jumps over three periods bills all three, in order.
 */
import { pendingOf } from '@/server/invoice_items';
import { periodAt } from '@/server/kernel/calendar';
import type { Tx } from '@/server/kernel/context';
import type { Timed } from '@/server/kernel/due';
import { amend, lockAgreement, write, type Agreement, type Amendment } from './agreement';
import { finalizesAt, nowOf } from './bill';
import { agendaOf, type Agenda } from './due_at';
import { end, lastBill, stopCollecting, voidAwaited } from './end';
import { discardPending } from './pending_update';
import { asBilled, renew, requireFound } from './renew';
import { announceTrialEnd, endTrial } from './trial';
import { announceRenewal } from './upcoming';

export const dueSubscriptions: Timed = { table: 'subscriptions', run };

async function run(tx: Tx, id: string): Promise<null> {
  const agreement = await lockAgreement(tx, id);
  if (agreement?.row.due_at == null || agreement.row.due_at > nowOf(tx)) return null;
  const next = firstOf(agreement);
  // It was due by settings that are different now, and `write` says when it is.
  if (next === null || next.at > nowOf(tx)) write(tx, agreement, {});
  else await TASKS[next.task](tx, agreement, next.at);
  return null;
}

type Task = keyof Agenda;

/**
 * TABLE: what is done when its time has come, and the order of what comes at one time: what ends is
 * not renewed.
 */
const TASKS: Record<Task, (tx: Tx, agreement: Agreement, at: number) => Promise<unknown>> = {
  expiry: expire,
  pendingUpdateExpiry: (tx, agreement) => discardPending(tx, agreement),
  collection: (tx, agreement) => amend(tx, agreement, { row: { pause_collection: null } }),
  trialEndAnnouncement: (tx, agreement) => announceTrialEnd(tx, agreement),
  renewalAnnouncement: announceNext,
  cancellation: cancel,
  trialEnd: endTrial,
  renewal: (tx, agreement, at) => renew(tx, agreement, at),
  pendingItems: billPending,
};

function firstOf(agreement: Agreement): { task: Task; at: number } | null {
  const agenda = agendaOf(agreement);
  let first: { task: Task; at: number } | null = null;
  for (const task of Object.keys(TASKS) as Task[]) {
    const at = agenda[task];
    if (at !== null && (first === null || at < first.at)) first = { task, at };
  }
  return first;
}

/** Nobody paid in time. The invoice that was to be paid goes; the rest follows from its end. */
async function expire(tx: Tx, agreement: Agreement, at: number): Promise<void> {
  // That an invoice was voided is a reaction's business, which has dealt with it by now.
  if ((await voidAwaited(tx, agreement)) !== null) return;
  if (agreement.row.status === 'incomplete') await end(tx, agreement, { at });
  else await amend(tx, agreement, { row: { expires_at: null } });
}

/** What was used until the end is asked for. */
async function cancel(tx: Tx, agreement: Agreement, at: number): Promise<void> {
  await stopCollecting(tx, agreement);
  const { status } = agreement.row;
  const isBilled = status === 'active' || status === 'past_due';
  const change = isBilled ? await lastBill(tx, agreement, at) : {};
  await end(tx, agreement, { at, change });
}

/** @param at when it is told; the renewal is the end of the period that ends first. */
async function announceNext(tx: Tx, agreement: Agreement): Promise<void> {
  const renewal = Math.min(...agreement.items.map(({ row }) => row.current_period_end));
  await announceRenewal(tx, agreement, renewal);
}

/** What waits for an invoice is billed more often than what recurs. */
async function billPending(tx: Tx, agreement: Agreement, at: number): Promise<void> {
  const { row } = agreement;
  const every = row.pending_invoice_item_interval;
  const pending = await pendingOf(tx, {
    customer: row.customer,
    currency: row.currency,
    subscription: row.id,
  });
  const next = every === null ? null : periodAt(row.billing_cycle_anchor, every as Every, at).end;
  const change: Amendment =
    pending.length === 0
      ? {}
      : await asBilled(tx, agreement, await requireFound(tx, row.customer), {
          billing_reason: 'subscription_cycle',
          lines: [],
          items: pending,
          period: { start: at, end: at },
          cycle: null,
          finalizes_at: finalizesAt(agreement, nowOf(tx)),
        });
  await amend(tx, agreement, {
    ...change,
    row: { ...change.row, next_pending_invoice_item_invoice: next },
  });
}

/** Inputs take no other. */
type Every = Parameters<typeof periodAt>[1];
