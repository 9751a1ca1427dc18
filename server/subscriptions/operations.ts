/**
 * Money that repeats. https://docs.stripe.com/api/subscriptions
 *
 * How one begins is in `create.ts`, how it changes in `update.ts`; what it does by itself is in
 * `due.ts`, and what the news of its invoices do to it in `reactions.ts`.
 */
import { detachDiscounts, findActive, toDeletedDiscount } from '@/server/discounts';
import { pendingOf, removeItems } from '@/server/invoice_items';
import { lockUnfinishedOf } from '@/server/invoices';
import type { Tx } from '@/server/kernel/context';
import { discountMissing, invalidState } from '@/server/kernel/errors';
import { command, query } from '@/server/kernel/operation';
import { toPage } from '@/server/kernel/page';
import { agreementsOf, amend, requireAgreement, requireOngoing, type Agreement } from './agreement';
import { nowOf } from './bill';
import { end, lastBill, stopCollecting } from './end';
import { toSubscription } from './object';
import { billingModeOf } from './opening';
import {
  CancelSubscription,
  LIST_UNSUPPORTED,
  ListSubscriptions,
  MigrateSubscription,
  SearchSubscriptions,
  SubscriptionId,
} from './params';
import { creditUnused } from './revise';
import * as store from './store';

export { create } from './create';
export { pause } from './pause';
export { resume } from './resume';

export const retrieve = query({
  route: 'GET /v1/subscriptions/:id',
  summary: 'Retrieves a subscription.',
  input: SubscriptionId,
  run: async (scope, { id }) => toSubscription(await requireAgreement(scope, id)),
});

export const list = query({
  route: 'GET /v1/subscriptions',
  summary: 'Lists subscriptions, the newest first; without a status, those that are not canceled.',
  input: ListSubscriptions,
  unsupported: LIST_UNSUPPORTED,
  async run(scope, params) {
    const { rows, has_more } = await store.page(scope, params);
    return toPage({ rows: await agreementsOf(scope, rows), has_more }, toSubscription);
  },
});

export const search = query({
  route: 'GET /v1/subscriptions/search',
  summary: 'Searches subscriptions by canceled_at, created, metadata and status.',
  input: SearchSubscriptions,
  async run(scope, params) {
    const found = await store.search(scope, params);
    const agreements = await agreementsOf(
      scope,
      found.data.map(({ row }) => row),
    );
    return { ...found, data: agreements.map(toSubscription) };
  },
});

export const cancel = command({
  route: 'DELETE /v1/subscriptions/:id',
  summary: 'Cancels a subscription at once.',
  input: CancelSubscription,
  async run(given, { id, cancellation_details: details = {}, invoice_now, prorate }) {
    await lockUnfinishedOf(given, id);
    const { tx, agreement } = await requireOngoing(given, id);
    const at = nowOf(tx);
    await stopCollecting(tx, agreement);
    if (prorate === true) await creditUnused(tx, agreement, at);
    const change = invoice_now === true ? await lastBill(tx, agreement, at) : {};
    if (prorate !== true && invoice_now !== true) await dropProrations(tx, agreement);
    const ended = await end(tx, agreement, {
      at,
      details: { ...details, reason: 'cancellation_requested' },
      change: { ...change, row: { ...change.row, cancel_at: null, cancel_at_period_end: false } },
    });
    return toSubscription(ended);
  },
});

export const migrate = command({
  route: 'POST /v1/subscriptions/:id/migrate',
  summary: 'Has a subscription billed in the mode `flexible` from now on.',
  input: MigrateSubscription,
  async run(given, { id, billing_mode }) {
    const { tx, agreement } = await requireOngoing(given, id);
    const { type } = agreement.row.billing_mode;
    if (type === 'flexible') {
      throw invalidState(
        `${id} has the billing mode \`flexible\` already.`,
        'resource_invalid_state',
      );
    }
    const migrated = await amend(tx, agreement, {
      row: { billing_mode: { ...billingModeOf(billing_mode), updated_at: nowOf(tx) } },
    });
    return toSubscription(migrated);
  },
});

/** What was to be set off at the end of the period, which does not come. */
async function dropProrations(tx: Tx, { row }: Agreement): Promise<void> {
  const pending = await pendingOf(tx, {
    customer: row.customer,
    currency: row.currency,
    subscription: row.id,
  });
  const own = pending.filter(({ proration, subscription }) => proration && subscription === row.id);
  await removeItems(
    tx,
    own.map(({ id }) => id),
  );
}

export const deleteDiscount = command({
  route: 'DELETE /v1/subscriptions/:id/discount',
  answers: 'discount',
  summary: 'Takes all discounts off a subscription.',
  input: SubscriptionId,
  async run(given, { id }) {
    const { tx, agreement } = await requireOngoing(given, id);
    const active = await findActive(tx, agreement.row.discounts, nowOf(tx));
    const last = active.at(-1);
    if (last === undefined) throw discountMissing('subscription', id);
    await detachDiscounts(tx, agreement.row.discounts);
    await amend(tx, agreement, { row: { discounts: [] } });
    return toDeletedDiscount(last.row);
  },
});
