/**
 * What a subscription bills for, item by item: https://docs.stripe.com/api/subscription_items. Each
 * of these is an update of the subscription by another route.
 */
import type Stripe from 'stripe';
import type { Scope, Tx } from '@/server/kernel/context';
import { ApiError, parameterMissing, resourceMissing } from '@/server/kernel/errors';
import type { ApiObject } from '@/server/kernel/object';
import { exchange, query, type AttemptRow, type Awaiting } from '@/server/kernel/operation';
import { toPage } from '@/server/kernel/page';
import { renaming } from '@/server/kernel/rename';
import { agreementsOf, requireAgreement, type Agreement } from './agreement';
import { concluded } from './create';
import {
  CreateItem,
  DeleteItem,
  ITEM_UNSUPPORTED,
  ItemId,
  ListItems,
  UpdateItem,
} from './items.params';
import { toSubscriptionItem } from './object';
import * as store from './store';
import type { ItemRow } from './store';
import { change } from './update';

export const create = exchange({
  route: 'POST /v1/subscription_items',
  summary: 'Adds an item to a subscription.',
  input: CreateItem,
  unsupported: ITEM_UNSUPPORTED,
  async intend(tx, { subscription, ...input }): Promise<Stripe.SubscriptionItem | Awaiting> {
    const { payment_behavior, proration_behavior, proration_date, ...item } = input;
    if ((item.price ?? item.plan ?? item.price_data) === undefined) throw parameterMissing('price');
    const settlement = defined({ payment_behavior, proration_behavior, proration_date });
    const awaiting = await renaming(ofItem, () =>
      change(tx, subscription, { ...settlement, items: [item] }, 'subscription'),
    );
    return awaiting ?? newest(await requireAgreement(tx, subscription));
  },
  conclude: (tx, { subscription, payment_behavior }, told, attempt) =>
    answer(tx, told, attempt, payment_behavior, async () =>
      newest(await requireAgreement(tx, subscription)),
    ),
});

/** The item is the only one in its change, and here its parameters are at the top. */
const ofItem = (param: string): string => param.replace(/^items\[0\]\[(\w+)\]/, '$1');

/** Of those it has and those it is to have when a pending update is paid, the one that came last. */
function newest({ items, pendingItems, rates }: Agreement): Stripe.SubscriptionItem {
  const last = [...items, ...pendingItems].reduce((one, other) =>
    other.row.id > one.row.id ? other : one,
  );
  return toSubscriptionItem(last, rates);
}

export const retrieve = query({
  route: 'GET /v1/subscription_items/:id',
  summary: 'Retrieves an item of a subscription.',
  input: ItemId,
  run: async (scope, { id }) => show(scope, await requireItem(scope, id)),
});

export const update = exchange({
  route: 'POST /v1/subscription_items/:id',
  summary: 'Changes the price or the quantity of an item.',
  input: UpdateItem,
  unsupported: ITEM_UNSUPPORTED,
  async intend(tx, { id, ...input }): Promise<Stripe.SubscriptionItem | Awaiting> {
    const { payment_behavior, proration_behavior, proration_date, off_session, ...item } = input;
    const { subscription } = await requireItem(tx, id);
    const settlement = defined({
      payment_behavior,
      proration_behavior,
      proration_date,
      off_session,
    });
    const awaiting = await renaming(ofItem, () =>
      change(tx, subscription, { ...settlement, items: [{ ...item, id }] }),
    );
    return awaiting ?? show(tx, await requireItem(tx, id));
  },
  conclude: (tx, { id, payment_behavior }, told, attempt) =>
    answer(tx, told, attempt, payment_behavior, async () => show(tx, await requireItem(tx, id))),
});

export const remove = exchange({
  route: 'DELETE /v1/subscription_items/:id',
  summary: 'Takes an item out of a subscription, which goes on without it.',
  input: DeleteItem,
  async intend(tx, { id, clear_usage: _clear, ...settlement }) {
    const { subscription } = await requireItem(tx, id);
    const awaiting = await change(tx, subscription, {
      ...defined(settlement),
      items: [{ id, deleted: true }],
    });
    return awaiting ?? deleted(id);
  },
  conclude: (tx, { id, payment_behavior }, told, attempt) =>
    answer(tx, told, attempt, payment_behavior, () => Promise.resolve(deleted(id))),
});

const deleted = (id: string): Stripe.DeletedSubscriptionItem => ({
  id,
  object: 'subscription_item',
  deleted: true,
});

export const list = query({
  route: 'GET /v1/subscription_items',
  summary: 'Lists the items of a subscription, the newest first.',
  input: ListItems,
  async run(scope, params) {
    const agreement = await requireAgreement(scope, params.subscription, 'subscription');
    const items = new Map(agreement.items.map((one) => [one.row.id, one]));
    const { rows, has_more } = await store.pageOfItems(scope, params);
    const shown = rows.flatMap(({ id }) => items.get(id) ?? []);
    return toPage({ rows: shown, has_more }, (one) => toSubscriptionItem(one, agreement.rates));
  },
});

/** Of subscriptions, by id. For `expand`. */
export async function loadItems(
  scope: Scope,
  ids: readonly string[],
): Promise<Stripe.SubscriptionItem[]> {
  const rows = await store.findItemRows(scope, ids);
  const subscriptions = await store.findAll(scope, [
    ...new Set(rows.map(({ subscription }) => subscription)),
  ]);
  const agreements = await agreementsOf(scope, subscriptions);
  return agreements.flatMap(({ items, rates }) =>
    items.filter(({ row }) => ids.includes(row.id)).map((one) => toSubscriptionItem(one, rates)),
  );
}

async function requireItem(scope: Scope | Tx, id: string): Promise<ItemRow> {
  const row = await store.findItem(scope, id);
  if (row === null) throw resourceMissing('subscription_item', id);
  return row;
}

async function show(scope: Scope, { id }: ItemRow): Promise<Stripe.SubscriptionItem> {
  const [item] = await loadItems(scope, [id]);
  if (item === undefined) throw resourceMissing('subscription_item', id);
  return item;
}

/** What the payment of the change led to, told as the item. */
async function answer<T>(
  tx: Tx,
  told: ApiObject | ApiError,
  attempt: AttemptRow,
  behavior: string | undefined,
  shown: () => Promise<T>,
): Promise<T | ApiError> {
  const outcome = await concluded(tx, told, attempt, behavior === 'error_if_incomplete');
  return outcome instanceof ApiError ? outcome : shown();
}

/** Without what was not said: whether something was said is asked of a change. */
const defined = <T extends object>(given: T): T =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as T;
