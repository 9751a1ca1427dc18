/**
 * A schedule moves on: its subscription begins, enters the next phase, and is let go at the end. Time
 * stands at the instant that was planned.
 */
import type { StoredPhase } from '@/db/schema/subscription_schedules';
import { requireCustomer } from '@/server/customers';
import type { Tx } from '@/server/kernel/context';
import { unix } from '@/server/kernel/object';
import {
  beginScheduled,
  enterPhase,
  manage,
  movePhaseEnd,
  requireAgreement,
} from '@/server/subscriptions';
import { amend } from './amend';
import { currentPhase, dueAt, endOf } from './due_at';
import { move } from './lifecycle';
import { show } from './object';
import type { ScheduleRow } from './store';
import { toCreation, toUpdate } from './wanted';

/** The next thing that is due, of one that is due now. */
export async function advance(tx: Tx, row: ScheduleRow): Promise<ScheduleRow> {
  if (row.status === 'not_started') return start(tx, row);
  const current = currentPhase(row);
  if (current !== null && current.end_date > unix(tx.now)) return announceEnd(tx, row);
  const next = row.phases[(row.current_phase ?? 0) + 1];
  return next === undefined ? finish(tx, row) : enter(tx, row, next);
}

/** All that is due by now: a request may have left several things behind. */
export async function catchUp(tx: Tx, row: ScheduleRow): Promise<ScheduleRow> {
  let after = row;
  for (;;) {
    const at = dueAt(after);
    if (at === null || at > unix(tx.now)) return after;
    after = await advance(tx, after);
  }
}

async function start(tx: Tx, row: ScheduleRow): Promise<ScheduleRow> {
  const subscription = await begin(tx, row);
  return move(tx, row, 'start', { current_phase: 0, subscription });
}

/** The subscription of the first phase, by its id. The schedule need not be written yet. */
export async function begin(tx: Tx, row: ScheduleRow): Promise<string> {
  const [first] = row.phases;
  if (first === undefined) throw new Error(`${row.id} has no phases.`);
  const started = await beginScheduled(
    tx,
    await requireCustomer(tx, row.customer),
    await toCreation(tx, row, first),
    { schedule: row.id, phase_end: first.end_date },
  );
  return started.row.id;
}

async function enter(tx: Tx, row: ScheduleRow, phase: StoredPhase): Promise<ScheduleRow> {
  const subscription = managed(row);
  const before = currentPhase(row);
  if (before === null) throw new Error(`${row.id} is in no phase.`);
  // First: what the subscription then becomes is what its phase says.
  const after = await amend(tx, row, { current_phase: row.phases.indexOf(phase) });
  const agreement = await requireAgreement(tx, subscription);
  const given = await toUpdate(tx, after, agreement, { before, phase, isEntered: true });
  await enterPhase(
    tx,
    subscription,
    { ...given, proration_behavior: phase.proration_behavior, planned: { anchor: null } },
    phase.end_date,
  );
  return after;
}

/** The last phase is over: the subscription ends by itself, or goes on by itself. */
async function finish(tx: Tx, row: ScheduleRow): Promise<ScheduleRow> {
  const subscription = managed(row);
  const now = unix(tx.now);
  if (row.end_behavior === 'release') {
    await manage(tx, subscription, { schedule: null, phase_end: null });
    return move(tx, row, 'release', released(row, now));
  }
  const completed = await move(tx, row, 'complete', { completed_at: now });
  await movePhaseEnd(tx, subscription, null);
  return completed;
}

/** What becomes of a schedule that lets its subscription go. */
export const released = ({ subscription }: ScheduleRow, now: number): Partial<ScheduleRow> => ({
  released_at: now,
  released_subscription: subscription,
  subscription: null,
});

async function announceEnd(tx: Tx, row: ScheduleRow): Promise<ScheduleRow> {
  const told = await amend(tx, row, { announced_end: endOf(row) });
  await tx.announce('subscription_schedule.expiring', await show(tx, told));
  return told;
}

/** The subscription of a schedule that is active. */
export function managed({ id, subscription }: ScheduleRow): string {
  if (subscription === null) throw new Error(`${id} has no subscription.`);
  return subscription;
}
