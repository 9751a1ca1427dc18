/**
 * What a quantity costs, as the lines that an invoice shows. Pure, and exact: amounts with up to
 * twelve decimals are multiplied as integers, and each line is rounded once, half up, as
 * https://docs.stripe.com/billing/subscriptions/decimal-amounts says.
 */
import type { StoredTier } from '@/db/schema/prices';
import { fromScaled, ONE, toScaled } from '@/server/kernel/decimal';
import { parameterInvalid } from '@/server/kernel/errors';
import { roundHalfUp, toSafe } from '@/server/kernel/money';
import type { PriceRow } from './store';

export interface CostLine {
  /** Pence, of the currency that was asked for. */
  readonly amount: number;
  /** The units on this line, what is beyond the decimal point cut off; of a flat fee, one. */
  readonly quantity: number;
  /** The same, exactly. */
  readonly quantity_decimal: string;
  /** Of one unit; of a flat fee, the fee. With `transform_quantity`, of one package. */
  readonly unit_amount_decimal: string | null;
  /** Of a tiered price: which of its tiers, from 0, and whether this is the tier's flat fee. */
  readonly tier: { readonly index: number; readonly flat: boolean } | null;
}

/** What a price is made of. */
export type Costed = Pick<
  PriceRow,
  | 'billing_scheme'
  | 'currency'
  | 'currency_options'
  | 'id'
  | 'tiers'
  | 'tiers_mode'
  | 'transform_quantity'
  | 'unit_amount_decimal'
>;

/** Whether the price can be charged in the currency: its own, or one of its options. */
export const isOffered = (
  { currency: own, currency_options }: Pick<PriceRow, 'currency' | 'currency_options'>,
  currency: string,
): boolean => currency === own || Object.hasOwn(currency_options ?? {}, currency);

/**
 * The lines for a quantity: one, or of a graduated price one a tier that the quantity reaches. A
 * tier's flat fee is a line of its own behind the tier's units. A quantity of zero is in the first
 * tier, so a flat fee there is a base fee that is always due.
 *
 * @param quantity units, not negative; usage may have decimals, and is given as text.
 * @throws RangeError where the price is not offered in the currency, has no amount because the
 *   customer chooses it, or the quantity is not one. Callers have made sure of all three.
 * @throws ApiError 400 `amount_too_large` for a cost that a number does not hold exactly.
 */
export function costOf(price: Costed, quantity: number | string, currency: string): CostLine[] {
  const units = toScaled(String(quantity));
  if (units < 0n) throw new RangeError(`A quantity is not negative: ${quantity}`);
  const { tiers, unit_amount_decimal } = amountIn(price, currency);
  if (price.billing_scheme === 'tiered') {
    const found = tiers ?? [];
    return price.tiers_mode === 'volume' ? volume(found, units) : graduated(found, units);
  }
  if (unit_amount_decimal === null) throw new RangeError(`${price.id} has no amount.`);
  const charged = transformed(units, price.transform_quantity);
  return [
    { ...lineOf(units, unit_amount_decimal, null), amount: times(charged, unit_amount_decimal) },
  ];
}

type InCurrency = Pick<PriceRow, 'unit_amount_decimal'> & {
  readonly tiers?: readonly StoredTier[] | null;
};

function amountIn(price: Costed, currency: string): InCurrency {
  const found = currency === price.currency ? price : price.currency_options?.[currency];
  if (found === undefined) throw new RangeError(`${price.id} is not offered in ${currency}.`);
  return found;
}

/** All units at the rate of the tier that the quantity ends in. */
function volume(tiers: readonly StoredTier[], units: bigint): CostLine[] {
  const index = tiers.findIndex((tier) => units <= endOf(tier, units));
  return tierLines(tiers, index, units);
}

/** The units of each tier at that tier's rate. */
function graduated(tiers: readonly StoredTier[], units: bigint): CostLine[] {
  let below = 0n;
  return tiers.flatMap((tier, index) => {
    if (index > 0 && units <= below) return [];
    const end = endOf(tier, units);
    const within = (units < end ? units : end) - below;
    below = end;
    return tierLines(tiers, index, within);
  });
}

/** The last tier has no end: it holds whatever there is. */
const endOf = ({ up_to }: StoredTier, units: bigint): bigint =>
  up_to === null ? units : BigInt(up_to) * ONE;

function tierLines(tiers: readonly StoredTier[], index: number, units: bigint): CostLine[] {
  const { unit_amount_decimal: unit, flat_amount_decimal: flat } = tiers[index]!;
  return [
    ...(unit === null ? [] : [lineOf(units, unit, { index, flat: false })]),
    ...(flat === null ? [] : [lineOf(ONE, flat, { index, flat: true })]),
  ];
}

const lineOf = (units: bigint, unitAmount: string, tier: CostLine['tier']): CostLine => ({
  amount: times(units, unitAmount),
  quantity: toSafe(units / ONE),
  quantity_decimal: fromScaled(units),
  unit_amount_decimal: unitAmount,
  tier,
});

/** In packages: https://docs.stripe.com/billing/subscriptions/usage-based/transform-quantities */
function transformed(units: bigint, transform: PriceRow['transform_quantity']): bigint {
  if (transform === null) return units;
  const divisor = BigInt(transform.divide_by) * ONE;
  const whole = units / divisor;
  const isPartial = units % divisor !== 0n;
  return (transform.round === 'up' && isPartial ? whole + 1n : whole) * ONE;
}

/** Units times the amount of one, rounded to pence. */
function times(units: bigint, unitAmount: string): number {
  const cost = roundHalfUp(units * toScaled(unitAmount), ONE * ONE);
  if (cost <= MAX_SAFE && cost >= -MAX_SAFE) return toSafe(cost);
  const message = 'The quantity and the price together are more than can be charged.';
  throw parameterInvalid(message, 'quantity', 'amount_too_large');
}

const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER);
