/**
 * What a subscription is to become, and when. https://docs.stripe.com/api/subscription_schedules
 *
 * How one begins is in `create.ts`, how it changes in `update.ts`; what it does by itself is in
 * `phases.ts`.
 */
import type { Tx } from '@/server/kernel/context';
import { unix } from '@/server/kernel/object';
import { command, query } from '@/server/kernel/operation';
import { enterPhase, manage, requireAgreement, subscriptions } from '@/server/subscriptions';
import { move } from './lifecycle';
import { show, toSchedules } from './object';
import {
  CancelSchedule,
  LIST_UNSUPPORTED,
  ListSchedules,
  ReleaseSchedule,
  ScheduleId,
} from './params';
import { managed, released } from './phases';
import { requireOngoing, requireSchedule } from './require';
import * as store from './store';

export { create } from './create';
export { update } from './update';

export const retrieve = query({
  route: 'GET /v1/subscription_schedules/:id',
  summary: 'Retrieves a subscription schedule.',
  input: ScheduleId,
  run: async (scope, { id }) => show(scope, await requireSchedule(scope, id)),
});

export const list = query({
  route: 'GET /v1/subscription_schedules',
  summary: 'Lists subscription schedules, the newest first.',
  input: ListSchedules,
  unsupported: LIST_UNSUPPORTED,
  async run(scope, params) {
    const { rows, has_more } = await store.page(scope, params);
    return { object: 'page', data: await toSchedules(scope, rows), has_more };
  },
});

export const cancel = command({
  route: 'POST /v1/subscription_schedules/:id/cancel',
  summary: 'Cancels a subscription schedule, and its subscription at once.',
  input: CancelSchedule,
  async run(given, { id, invoice_now = true, prorate = true }) {
    const { tx, row } = await requireOngoing(given, id, 'canceled');
    const canceled = await move(tx, row, 'cancel', { canceled_at: unix(tx.now) });
    if (row.status === 'active') {
      await subscriptions.operations.cancel.run(given, { id: managed(row), invoice_now, prorate });
    }
    return show(tx, canceled);
  },
});

export const release = command({
  route: 'POST /v1/subscription_schedules/:id/release',
  summary: 'Releases a subscription schedule: its subscription goes on without it.',
  input: ReleaseSchedule,
  async run(given, { id, preserve_cancel_date }) {
    const { tx, row } = await requireOngoing(given, id, 'released');
    if (row.status === 'active') {
      if (preserve_cancel_date !== true) await takeBackEnd(tx, managed(row));
      await manage(tx, managed(row), { schedule: null, phase_end: null });
    }
    return show(tx, await move(tx, row, 'release', released(row, unix(tx.now))));
  },
});

/** The end that the schedule has set; what was given back for it is asked for again. */
async function takeBackEnd(tx: Tx, subscription: string): Promise<void> {
  const { row } = await requireAgreement(tx, subscription);
  if (row.cancel_at === null) return;
  await enterPhase(tx, subscription, { cancel_at: null, planned: { anchor: null } }, null);
}
