/**
 * Meters say what usage is counted in, and how it is added up. What is counted are meter events
 * (`events.ts`), and what they come to is asked per customer and period (`usage.ts`): by a metered
 * subscription when it is billed, and by `event_summaries`. https://docs.stripe.com/api/billing/meter
 */
import type { Tx } from '@/server/kernel/context';
import { resourceAlreadyExists, resourceMissing } from '@/server/kernel/errors';
import { newId } from '@/server/kernel/ids';
import { unix } from '@/server/kernel/object';
import { command, query } from '@/server/kernel/operation';
import { toPage } from '@/server/kernel/page';
import { move } from './lifecycle';
import { toMeter } from './object';
import { CreateMeter, ListMeters, MeterId, UpdateMeter } from './params';
import * as store from './store';

export const create = command({
  route: 'POST /v1/billing/meters',
  summary: 'Creates a meter.',
  input: CreateMeter,
  async run(tx, given) {
    await assertNotCounted(tx, given.event_name);
    const now = unix(tx.now);
    const row = store.insert(tx, {
      id: newId('meter'),
      status: 'active',
      display_name: given.display_name,
      event_name: given.event_name,
      event_time_window: given.event_time_window ?? null,
      aggregation: given.default_aggregation.formula,
      customer_key: given.customer_mapping?.event_payload_key ?? 'stripe_customer_id',
      value_key: given.value_settings?.event_payload_key ?? 'value',
      deactivated_at: null,
      updated: now,
      created: now,
    });
    await tx.announce('billing.meter.created', toMeter(row));
    return toMeter(row);
  },
});

export const retrieve = query({
  route: 'GET /v1/billing/meters/:id',
  summary: 'Retrieves a meter.',
  input: MeterId,
  run: async (scope, { id }) => toMeter(expectFound(await store.find(scope, id), id)),
});

export const update = command({
  route: 'POST /v1/billing/meters/:id',
  summary: 'Updates what a meter is called.',
  input: UpdateMeter,
  async run(tx, { id, ...changes }) {
    const before = expectFound(await store.lock(tx, id), id);
    const row = store.update(tx, before, { ...changes, updated: unix(tx.now) });
    await tx.announce('billing.meter.updated', toMeter(row), toMeter(before));
    return toMeter(row);
  },
});

export const deactivate = command({
  route: 'POST /v1/billing/meters/:id/deactivate',
  summary: 'Deactivates a meter: it takes no more events, and no price can be attached to it.',
  input: MeterId,
  run: async (tx, { id }) =>
    toMeter(await move(tx, expectFound(await store.lock(tx, id), id), 'deactivate')),
});

export const reactivate = command({
  route: 'POST /v1/billing/meters/:id/reactivate',
  summary: 'Reactivates a meter.',
  input: MeterId,
  async run(tx, { id }) {
    const before = expectFound(await store.lock(tx, id), id);
    if (before.status === 'inactive') await assertNotCounted(tx, before.event_name);
    return toMeter(await move(tx, before, 'reactivate'));
  },
});

export const list = query({
  route: 'GET /v1/billing/meters',
  summary: 'Lists meters, the newest first.',
  input: ListMeters,
  run: async (scope, params) => toPage(await store.page(scope, params), toMeter),
});

/** An event belongs to one meter. */
async function assertNotCounted(tx: Tx, name: string): Promise<void> {
  if (await store.isCounted(tx, name)) {
    throw resourceAlreadyExists(
      `An active meter already exists for the event name ${name}.`,
      'event_name',
    );
  }
}

function expectFound(row: store.MeterRow | null, id: string): store.MeterRow {
  if (row === null) throw resourceMissing('billing_meter', id);
  return row;
}
