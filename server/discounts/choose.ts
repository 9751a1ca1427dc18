/** What the `discounts` of a request name: found, and checked to be had. */
import { findCoupons, type CouponRow } from '@/server/coupons';
import type { Scope } from '@/server/kernel/context';
import { parameterInvalid, resourceMissing } from '@/server/kernel/errors';
import { findPromotionCodes, type PromotionCodeRow } from '@/server/promotion_codes';
import { paramIn, type GivenDiscount } from './params';
import { assertRedeemable, type DiscountTarget, type Purchase, type Redeemed } from './redeem';
import * as store from './store';

export interface Given extends Purchase {
  /** The parameter that they were given in, for errors: `discounts`. Null for the request itself. */
  readonly param: string | null;
}

/** What becomes of one entry: a redemption, or a discount that is there already. */
export type Choice = Redeemed | { readonly kept: store.DiscountRow; readonly coupon: CouponRow };

/** How coupons and codes are read: locked where they are to be counted. */
interface Readers {
  readonly coupons: (ids: readonly string[]) => Promise<CouponRow[]>;
  readonly codes: (ids: readonly string[]) => Promise<PromotionCodeRow[]>;
}

/** What was given, found and checked. Coupons are locked before codes, each in the order of ids. */
export async function choose(
  scope: Scope,
  given: readonly GivenDiscount[],
  target: DiscountTarget,
  { param, ...purchase }: Given,
  read: Readers,
): Promise<Choice[]> {
  const named = (way: keyof GivenDiscount): string[] => [
    ...new Set(given.flatMap((one) => one[way] ?? [])),
  ];
  const kept = await byId(store.findAll(scope, named('discount')));
  const keptCoupons = await byId(findCoupons(scope, couponsOf(kept)));
  // A code's coupon never changes, so it may be read before it is locked.
  const unlocked = await byId(findPromotionCodes(scope, named('promotion_code')));
  const wanted = new Set([...named('coupon'), ...couponsOf(unlocked)]);
  const coupons = await byId(read.coupons([...wanted]));
  const codes = await byId(read.codes(named('promotion_code')));

  const choices: Choice[] = [];
  for (const [index, one] of given.entries()) {
    const at = param === null ? '' : `${param}[${index}]`;
    const choice = pick(one, at, target, { kept, keptCoupons, coupons, codes });
    if (choices.some((other) => isSame(other, choice))) {
      throw parameterInvalid('Each discount can only be given once.', at);
    }
    if (!('kept' in choice)) await assertRedeemable(scope, choice, target, purchase);
    choices.push(choice);
  }
  return choices;
}

const isSame = (a: Choice, b: Choice): boolean =>
  'kept' in a
    ? 'kept' in b && a.kept.id === b.kept.id
    : !('kept' in b) && a.coupon.id === b.coupon.id;

interface Found {
  readonly kept: ReadonlyMap<string, store.DiscountRow>;
  readonly keptCoupons: ReadonlyMap<string, CouponRow>;
  readonly coupons: ReadonlyMap<string, CouponRow>;
  readonly codes: ReadonlyMap<string, PromotionCodeRow>;
}

function pick(given: GivenDiscount, at: string, target: DiscountTarget, found: Found): Choice {
  const { discount, promotion_code, coupon: id } = given;
  if (discount !== undefined) {
    const kept = found.kept.get(discount);
    const coupon = found.keptCoupons.get(kept?.coupon ?? '');
    // That of another customer is as good as none.
    if (coupon !== undefined && kept?.status === 'active' && kept.customer === target.customer) {
      return { kept, coupon };
    }
    throw resourceMissing('discount', discount, paramIn(at, 'discount'));
  }
  if (promotion_code !== undefined) {
    const code = found.codes.get(promotion_code);
    const coupon = found.coupons.get(code?.coupon ?? '');
    const param = paramIn(at, 'promotion_code');
    if (code !== undefined && coupon !== undefined) return { coupon, code, param };
    throw resourceMissing('promotion code', promotion_code, param);
  }
  const coupon = found.coupons.get(id ?? '');
  const param = paramIn(at, 'coupon');
  if (coupon === undefined) throw resourceMissing('coupon', id ?? '', param);
  return { coupon, code: null, param };
}

const couponsOf = (rows: ReadonlyMap<string, { readonly coupon: string }>): string[] => [
  ...new Set([...rows.values()].map(({ coupon }) => coupon)),
];

export async function byId<Row extends { id: string }>(
  rows: Promise<Row[]>,
): Promise<Map<string, Row>> {
  return new Map((await rows).map((row) => [row.id, row]));
}
