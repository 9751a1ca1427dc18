/**
 * Money is an integer in the currency's minor unit (pence), with its currency beside it. No float
 * touches an amount: products pass through `bigint`, there is one rule for rounding, and the parts
 * of a split always add up to the whole.
 */
import { currencyOf, formatAmount, formatMoney, minimumCharge } from './currencies';
import { parameterInvalid } from './errors';

/**
 * Eight digits, in every currency.
 * https://docs.stripe.com/api/payment_intents/create#create_payment_intent-amount
 */
export const AMOUNT_MAX = 99_999_999;

/** The quotient as a whole number; what is exactly half is rounded away from zero. */
export function roundHalfUp(numerator: bigint, denominator: bigint): bigint {
  const negative = numerator < 0n !== denominator < 0n;
  const above = magnitude(numerator) * 2n + magnitude(denominator);
  const rounded = above / (magnitude(denominator) * 2n);
  return negative ? -rounded : rounded;
}

/**
 * `amount × numerator ÷ denominator`, rounded half up (away from zero): a percentage, or the part
 * of a period. 17.5 % of 999 pence is `multiplyRound(999, 175, 1000)`, which is 175.
 *
 * @throws RangeError when an argument is not an integer, the denominator is zero, or the result
 *   is not a safe integer. All three are mistakes of ours, not of the caller of the API.
 */
export function multiplyRound(amount: number, numerator: number, denominator: number): number {
  return toSafe(roundHalfUp(BigInt(amount) * BigInt(numerator), BigInt(denominator)));
}

/**
 * Divides `total` in proportion to the weights. The parts add up to it exactly: each gets its share
 * rounded towards zero, and the pence that are left go one each to the largest remainders, among
 * equals to the first. A negative total is divided as its opposite is.
 *
 * @param weights non-negative integers, such as the amounts of invoice lines.
 * @throws RangeError for a negative weight or anything that is not an integer, and where there is
 *   something to divide but no weight to divide it by.
 */
export function split(total: number, weights: readonly number[]): number[] {
  const shares = weights.map(BigInt);
  if (shares.some((share) => share < 0n)) throw new RangeError('A weight is negative.');
  const sum = shares.reduce((added, share) => added + share, 0n);
  if (sum === 0n) {
    if (total !== 0) throw new RangeError('There is no weight to split an amount by.');
    return weights.map(() => 0);
  }

  const whole = magnitude(BigInt(total));
  const parts = shares.map((share) => (whole * share) / sum);
  const left = Number(whole - parts.reduce((added, part) => added + part, 0n));
  const byRemainder = shares
    .map((share, index) => ({ index, remainder: (whole * share) % sum }))
    .sort((a, b) => Number(b.remainder > a.remainder) - Number(b.remainder < a.remainder));
  for (const { index } of byRemainder.slice(0, left)) parts[index]! += 1n;
  return parts.map((part) => toSafe(total < 0 ? -part : part));
}

/**
 * Refuses what is no amount at all. Zero is one: a price or an invoice may be free.
 *
 * @throws ApiError 400 `parameter_invalid_integer` or `amount_too_large`.
 */
export function assertAmount(amount: number, currency: string, param = 'amount'): void {
  assertInteger(amount, 0, param);
  if (amount > AMOUNT_MAX) {
    throw parameterInvalid(
      `Amount must be no more than ${formatMoney(AMOUNT_MAX, currency)}`,
      param,
      'amount_too_large',
    );
  }
}

/**
 * Refuses what cannot be taken from a card: as `assertAmount`, and amounts below the currency's
 * minimum or with a fraction that the currency no longer has.
 *
 * @throws ApiError 400 `parameter_invalid_integer`, `amount_too_large` or `amount_too_small`.
 */
export function assertChargeable(amount: number, currency: string, param = 'amount'): void {
  assertInteger(amount, 1, param);
  assertAmount(amount, currency, param);
  const minimum = minimumCharge(currency);
  if (amount < minimum) {
    throw parameterInvalid(
      `Amount must be at least ${formatAmount(minimum, currency)}`,
      param,
      'amount_too_small',
    );
  }
  const { step = 1 } = currencyOf(currency);
  if (amount % step !== 0) {
    throw parameterInvalid(
      `Invalid amount. Charged amounts in ${currency.toUpperCase()} must be evenly divisible by ${step}.`,
      param,
    );
  }
}

function assertInteger(amount: number, minimum: number, param: string): void {
  if (!Number.isSafeInteger(amount)) {
    throw parameterInvalid(`Invalid integer: ${amount}`, param, 'parameter_invalid_integer');
  }
  if (amount < minimum) {
    throw parameterInvalid(
      `This value must be greater than or equal to ${minimum}.`,
      param,
      'parameter_invalid_integer',
    );
  }
}

const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);

/** @throws RangeError for what a number does not hold exactly. */
export function toSafe(value: bigint): number {
  const integer = Number(value);
  if (!Number.isSafeInteger(integer)) throw new RangeError(`${value} is not a safe integer.`);
  return integer;
}
