/**
 * Coupons say what is taken off, and for how long. They do nothing by themselves: redeemed, by id
 * or by a promotion code, one becomes a discount on something.
 * https://docs.stripe.com/api/coupons
 *
 * A deleted coupon cannot be redeemed or retrieved any more, but its row stays, because the
 * discounts it became go by its terms.
 */
import type { Tx } from '@/server/kernel/context';
import { resourceAlreadyExists, resourceMissing } from '@/server/kernel/errors';
import { randomBase62 } from '@/server/kernel/ids';
import { mergeMetadata } from '@/server/kernel/metadata';
import { unix } from '@/server/kernel/object';
import { command, query } from '@/server/kernel/operation';
import { toPage } from '@/server/kernel/page';
import { findProducts } from '@/server/products';
import { toCoupon, toDeletedCoupon } from './object';
import { CouponId, CreateCoupon, ListCoupons, UpdateCoupon } from './params';
import { optionsAfter, toTerms } from './terms';
import * as store from './store';

export const create = command({
  route: 'POST /v1/coupons',
  summary: 'Creates a coupon.',
  input: CreateCoupon,
  async run(tx, given) {
    const now = unix(tx.now);
    const terms = toTerms(given, now);
    await assertProducts(tx, terms.applies_to ?? []);
    if (given.id !== undefined) await makeRoom(tx, given.id);
    const row = store.insert(tx, {
      ...terms,
      id: given.id ?? randomBase62(GENERATED_LENGTH),
      status: 'active',
      max_redemptions: given.max_redemptions ?? null,
      metadata: mergeMetadata({}, given.metadata),
      name: given.name ?? null,
      redeem_by: given.redeem_by ?? null,
      times_redeemed: 0,
      created: now,
    });
    const coupon = toCoupon(row, now);
    await tx.announce('coupon.created', coupon);
    return coupon;
  },
});

/** 71 random bits. Stripe's have 8 characters; that many would meet after some millions. */
const GENERATED_LENGTH = 12;

export const retrieve = query({
  route: 'GET /v1/coupons/:id',
  summary: 'Retrieves a coupon.',
  input: CouponId,
  async run(scope, { id }) {
    return toCoupon(expectActive(await store.find(scope, id), id), unix(scope.now));
  },
});

export const update = command({
  route: 'POST /v1/coupons/:id',
  summary: 'Updates the name and the metadata of a coupon, and adds currencies.',
  input: UpdateCoupon,
  async run(tx, { id, name, metadata, currency_options }) {
    const before = expectActive(await store.lock(tx, id), id);
    const row = store.update(tx, before, {
      name,
      metadata: mergeMetadata(before.metadata, metadata),
      currency_options: optionsAfter(before, currency_options),
    });
    const now = unix(tx.now);
    await tx.announce('coupon.updated', toCoupon(row, now), toCoupon(before, now));
    return toCoupon(row, now);
  },
});

export const remove = command({
  route: 'DELETE /v1/coupons/:id',
  summary: 'Deletes a coupon. Discounts that it became go on.',
  input: CouponId,
  async run(tx, { id }) {
    const before = expectActive(await store.lock(tx, id), id);
    const row = store.update(tx, before, { status: 'deleted' });
    await tx.announce('coupon.deleted', toCoupon(row, unix(tx.now)));
    return toDeletedCoupon(row);
  },
});

export const list = query({
  route: 'GET /v1/coupons',
  summary: 'Lists coupons, the newest first.',
  input: ListCoupons,
  async run(scope, params) {
    const now = unix(scope.now);
    return toPage(await store.page(scope, params), (row) => toCoupon(row, now));
  },
});

function expectActive(row: store.CouponRow | null, id: string): store.CouponRow {
  if (row === null || row.status === 'deleted') throw resourceMissing('coupon', id);
  return row;
}

/** The id of a deleted coupon may be used again, unless discounts would then change their terms. */
async function makeRoom(tx: Tx, id: string): Promise<void> {
  const holder = await store.holdId(tx, id);
  if (holder === null) return;
  if (holder.status === 'active') throw resourceAlreadyExists('Coupon already exists.', 'id');
  if (await store.isNamed(tx, id)) {
    throw resourceAlreadyExists(
      `A coupon with the id ${id} was deleted, and there are discounts or promotion codes that still go by it. Please choose another id.`,
      'id',
    );
  }
  store.remove(tx, id);
}

async function assertProducts(tx: Tx, products: readonly string[]): Promise<void> {
  const known = new Set((await findProducts(tx, products)).map(({ id }) => id));
  const index = products.findIndex((product) => !known.has(product));
  if (index >= 0) {
    throw resourceMissing('product', products[index] ?? '', `applies_to[products][${index}]`);
  }
}
