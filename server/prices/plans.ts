/**
 * Plans are what recurring prices were called before there were prices, and integrations that still
 * ask for plans get them: a plan is a view of a price, under the same id.
 * https://docs.stripe.com/api/plans
 */
import type { Tx } from '@/server/kernel/context';
import {
  ApiError,
  parameterInvalid,
  resourceAlreadyExists,
  resourceMissing,
} from '@/server/kernel/errors';
import { mergeMetadata } from '@/server/kernel/metadata';
import { command, query } from '@/server/kernel/operation';
import { toPage } from '@/server/kernel/page';
import { findProduct } from '@/server/products';
import { addPrice } from './add';
import { assertNotDefault, change } from './change';
import { toDeletedPlan, toPlan, toPrice } from './object';
import { existingProduct, newProduct } from './owner';
import { CreatePlan, ListPlans, PriceId, UpdatePlan, type PriceFields } from './params';
import * as store from './store';

export const create = command({
  route: 'POST /v1/plans',
  summary: 'Creates a plan, which is a recurring price, and with fields of a product that product.',
  input: CreatePlan,
  async run(tx, { id, product, ...given }) {
    if (id !== undefined && (await store.isTaken(tx, id))) {
      throw resourceAlreadyExists('Plan already exists.', 'id');
    }
    const owner =
      typeof product === 'string'
        ? await existingProduct(tx, product)
        : await newProduct(tx, product);
    try {
      return toPlan(await addPrice(tx, toPriceFields(given), { product: owner, id }));
    } catch (error) {
      throw error instanceof ApiError ? inWordsOfPlans(error) : error;
    }
  },
});

function toPriceFields(given: Omit<CreatePlan, 'id' | 'product'>): PriceFields {
  const { amount, amount_decimal, transform_usage, interval, interval_count, ...others } = given;
  const { meter, trial_period_days, usage_type, ...fields } = others;
  return {
    ...fields,
    recurring: { interval, interval_count, meter, trial_period_days, usage_type },
    transform_quantity: transform_usage,
    unit_amount: amount,
    unit_amount_decimal: amount_decimal,
  };
}

/** What is wrong with a price, said of the plan: its parameters have other names. */
function inWordsOfPlans({ status, type, message, details }: ApiError): ApiError {
  const { param } = details;
  return new ApiError(status, type, renamed(message).replace(/^Prices /, 'Plans '), {
    ...details,
    ...(param === undefined ? {} : { param: renamed(param) }),
  });
}

/** But not in tiers, where an amount is called the same. */
const renamed = (text: string): string =>
  text
    .replaceAll(/(?<![[\w])unit_amount/g, 'amount')
    .replaceAll('transform_quantity', 'transform_usage')
    .replaceAll(/recurring\[(\w+)\]/g, '$1');

export const retrieve = query({
  route: 'GET /v1/plans/:id',
  summary: 'Retrieves a plan.',
  input: PriceId,
  run: async (scope, { id }) => toPlan(expectPlan(await store.find(scope, id), id)),
});

export const update = command({
  route: 'POST /v1/plans/:id',
  summary: 'Updates a plan, except for what it charges and how often.',
  input: UpdatePlan,
  async run(tx, { id, metadata, product, trial_period_days, ...fields }) {
    const before = expectPlan(await store.lock(tx, id), id);
    const isMoved = product !== undefined && product !== before.product;
    if (isMoved) await assertMovable(tx, before, product);
    if (fields.active === false) await assertNotDefault(tx, before, 'archived', 'active');
    const row = await change(tx, before, {
      ...fields,
      metadata: mergeMetadata(before.metadata, metadata),
      ...(isMoved ? { product } : {}),
      ...(trial_period_days === undefined
        ? {}
        : { recurring: { ...before.recurring, trial_period_days } }),
    });
    return toPlan(row);
  },
});

async function assertMovable(tx: Tx, row: store.PriceRow, product: string): Promise<void> {
  await existingProduct(tx, product);
  if (await store.isBilled(tx, row.id)) {
    throw parameterInvalid(
      'The product of a plan cannot be changed once it has been used in a subscription.',
      'product',
    );
  }
  await assertNotDefault(tx, row, 'moved', 'product');
}

/**
 * Nobody can subscribe to it from now on. Those who did go on paying it, and for them the price is
 * kept; where there are none, nothing is, and the id can be used again.
 */
export const remove = command({
  route: 'DELETE /v1/plans/:id',
  summary: 'Deletes a plan. Subscriptions to it go on.',
  input: PriceId,
  async run(tx, { id }) {
    const row = expectPlan(await store.lockForRemoval(tx, id), id);
    await assertNotDefault(tx, row, 'deleted', 'id');
    if (await store.isBilled(tx, id)) {
      store.update(tx, row, { active: false, deleted: true, lookup_key: null });
    } else {
      store.remove(tx, id);
    }
    await tx.announce('plan.deleted', toPlan(row));
    await tx.announce('price.deleted', toPrice(row));
    return toDeletedPlan(row);
  },
});

export const list = query({
  route: 'GET /v1/plans',
  summary: 'Lists plans, the newest first.',
  input: ListPlans,
  async run(scope, params) {
    const { product } = params;
    if (product !== undefined && (await findProduct(scope, product)) === null) {
      throw resourceMissing('product', product, 'product');
    }
    return toPage(await store.pageOfPlans(scope, params), toPlan);
  },
});

/** A price that recurs. One that does not is no plan. */
function expectPlan<Row extends store.PriceRow>(
  row: Row | null,
  id: string,
): Row & { recurring: NonNullable<Row['recurring']> } {
  if (row === null || row.recurring === null) throw resourceMissing('plan', id);
  return { ...row, recurring: row.recurring };
}
