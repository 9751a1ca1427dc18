/**
 * Promotion codes are the words that customers type to get a coupon. One coupon can have many, each
 * with limits of its own. https://docs.stripe.com/api/promotion_codes
 *
 * Codes are not deleted but switched off. Whether one is `active` is not only its switch: it also
 * ends with its time, its last redemption and its coupon.
 */
import type { Scope, Tx } from '@/server/kernel/context';
import { findCoupon, findCoupons, isValid, type CouponRow } from '@/server/coupons';
import {
  invalidState,
  parameterInvalid,
  parameterMissing,
  resourceAlreadyExists,
  resourceMissing,
} from '@/server/kernel/errors';
import { newId, randomBase62 } from '@/server/kernel/ids';
import { mergeMetadata } from '@/server/kernel/metadata';
import { unix } from '@/server/kernel/object';
import { command, query } from '@/server/kernel/operation';
import { isRedeemable, toPromotionCode } from './object';
import {
  CreatePromotionCode,
  ListPromotionCodes,
  PromotionCodeId,
  unsupported,
  UpdatePromotionCode,
} from './params';
import { toRestrictions, withMinimums } from './restrictions';
import * as store from './store';

export const create = command({
  route: 'POST /v1/promotion_codes',
  summary: 'Creates a promotion code for a coupon.',
  input: CreatePromotionCode,
  unsupported,
  async run(tx, { active = true, promotion, coupon: older, ...given }) {
    const named = older ?? promotion?.coupon;
    if (named === undefined) throw parameterMissing('promotion');
    const now = unix(tx.now);
    const param = older === undefined ? 'promotion[coupon]' : 'coupon';
    const coupon = await requireCoupon(tx, named, { now, param });
    assertWithin(coupon, given, now);
    const { customer = null } = given;
    if (customer !== null && !(await store.isCustomer(tx, customer))) {
      throw resourceMissing('customer', customer, 'customer');
    }
    const id = newId('promotion_code');
    const code = given.code ?? newCode();
    if (active) await assertFree(tx, { id, code, customer });
    const row = store.insert(tx, {
      id,
      status: active ? 'active' : 'inactive',
      code,
      coupon: coupon.id,
      customer,
      expires_at: given.expires_at ?? null,
      max_redemptions: given.max_redemptions ?? null,
      metadata: mergeMetadata({}, given.metadata),
      restrictions: toRestrictions(given.restrictions),
      times_redeemed: 0,
      created: now,
    });
    const promotionCode = toPromotionCode(row, coupon, now);
    await tx.announce('promotion_code.created', promotionCode);
    return promotionCode;
  },
});

/** Eight capitals and digits: some 40 random bits, and a code that can be read out. */
const newCode = (): string => randomBase62(8).toUpperCase();

export const retrieve = query({
  route: 'GET /v1/promotion_codes/:id',
  summary: 'Retrieves a promotion code by its id. By its code, it is found in the list.',
  input: PromotionCodeId,
  async run(scope, { id }) {
    const [code] = await load(scope, [id]);
    if (code === undefined) throw resourceMissing('promotion_code', id);
    return code;
  },
});

export const update = command({
  route: 'POST /v1/promotion_codes/:id',
  summary: 'Switches a promotion code on or off, and changes its metadata and currencies.',
  input: UpdatePromotionCode,
  async run(tx, { id, active, metadata, restrictions }) {
    const before = await store.lock(tx, id);
    if (before === null) throw resourceMissing('promotion_code', id);
    const now = unix(tx.now);
    const coupon = await couponOf(tx, before);
    if (active === true && before.status === 'inactive') {
      if (!isRedeemable(before, coupon, now)) {
        throw invalidState(
          'This promotion code cannot be reactivated because it has expired, it was redeemed as often as it may be, or its coupon is no longer valid.',
          'coupon_expired',
          'active',
        );
      }
      await assertFree(tx, before);
    }
    const row = store.update(tx, before, {
      ...(active === undefined ? {} : { status: active ? 'active' : 'inactive' }),
      metadata: mergeMetadata(before.metadata, metadata),
      restrictions: withMinimums(before.restrictions, restrictions?.currency_options),
    });
    const promotionCode = toPromotionCode(row, coupon, now);
    await tx.announce(
      'promotion_code.updated',
      promotionCode,
      toPromotionCode(before, coupon, now),
    );
    return promotionCode;
  },
});

export const list = query({
  route: 'GET /v1/promotion_codes',
  summary: 'Lists promotion codes, the newest first.',
  input: ListPromotionCodes,
  unsupported,
  async run(scope, params) {
    const { rows, has_more } = await store.page(scope, params);
    return { object: 'page', data: await toPromotionCodes(scope, rows), has_more };
  },
});

/** Promotion codes by id, as on the wire at this moment. */
export const load = async (scope: Scope, ids: readonly string[]) =>
  toPromotionCodes(scope, await store.findAll(scope, ids));

async function toPromotionCodes(scope: Scope, rows: readonly store.PromotionCodeRow[]) {
  const ids = [...new Set(rows.map(({ coupon }) => coupon))];
  const coupons = new Map((await findCoupons(scope, ids)).map((coupon) => [coupon.id, coupon]));
  return rows.flatMap((row) => {
    const coupon = coupons.get(row.coupon);
    return coupon === undefined ? [] : [toPromotionCode(row, coupon, unix(scope.now))];
  });
}

/** A deleted one too: the code goes on naming it. */
async function couponOf(scope: Scope, { id, coupon }: store.PromotionCodeRow): Promise<CouponRow> {
  const row = await findCoupon(scope, coupon);
  if (row === null) throw new Error(`The coupon of ${id} is gone.`);
  return row;
}

async function requireCoupon(
  scope: Scope,
  id: string,
  { now, param }: { now: number; param: string },
): Promise<CouponRow> {
  const coupon = await findCoupon(scope, id);
  if (coupon === null || coupon.status === 'deleted') throw resourceMissing('coupon', id, param);
  if (isValid(coupon, now)) return coupon;
  throw invalidState(`The coupon ${id} is no longer valid.`, 'coupon_expired', param);
}

/** A code gives no more than its coupon does. */
function assertWithin(
  coupon: CouponRow,
  {
    expires_at,
    max_redemptions,
  }: { expires_at?: number | undefined; max_redemptions?: number | undefined },
  now: number,
): void {
  if (expires_at !== undefined && expires_at <= now) {
    throw parameterInvalid('`expires_at` must be in the future.', 'expires_at');
  }
  if (expires_at !== undefined && expires_at > (coupon.redeem_by ?? expires_at)) {
    throw parameterInvalid("`expires_at` cannot be after the coupon's `redeem_by`.", 'expires_at');
  }
  if (
    max_redemptions !== undefined &&
    max_redemptions > (coupon.max_redemptions ?? max_redemptions)
  ) {
    throw parameterInvalid(
      "`max_redemptions` cannot be greater than the coupon's `max_redemptions`.",
      'max_redemptions',
    );
  }
}

async function assertFree(
  tx: Tx,
  code: Pick<store.PromotionCodeRow, 'id' | 'code' | 'customer'>,
): Promise<void> {
  if (!(await store.isTaken(tx, code))) return;
  throw resourceAlreadyExists(
    `An active promotion code with \`code: ${code.code}\` already exists.`,
    'code',
  );
}
