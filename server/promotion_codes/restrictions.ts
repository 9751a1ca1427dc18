/** To whom, and for how much, a promotion code is redeemed. Pure. */
import type Stripe from 'stripe';
import { parameterInvalid, parameterMissing } from '@/server/kernel/errors';
import type { GivenMinimums, GivenRestrictions } from './params';

type Restrictions = Stripe.PromotionCode.Restrictions;

/** @throws ApiError 400 for a minimum without a currency or the reverse, and as `optionsAfter`. */
export function toRestrictions(given: GivenRestrictions = {}): Restrictions {
  const { minimum_amount, minimum_amount_currency, first_time_transaction = false } = given;
  if (minimum_amount !== undefined && minimum_amount_currency === undefined) {
    throw parameterMissing('restrictions[minimum_amount_currency]');
  }
  if (minimum_amount === undefined && minimum_amount_currency !== undefined) {
    throw parameterMissing('restrictions[minimum_amount]');
  }
  return withMinimums(
    {
      first_time_transaction,
      minimum_amount: minimum_amount ?? null,
      minimum_amount_currency: minimum_amount_currency ?? null,
    },
    given.currency_options,
  );
}

/**
 * The restrictions with minimums in further currencies: those that are given come to those that
 * were there.
 *
 * @throws ApiError 400 where there is no minimum to begin with, for the minimum's own currency, and
 *   for a currency without an amount.
 */
export function withMinimums(before: Restrictions, given: GivenMinimums | undefined): Restrictions {
  if (given === undefined) return before;
  const own = before.minimum_amount_currency;
  if (own === null) {
    throw parameterInvalid(
      '`currency_options` can only be set together with a `minimum_amount`.',
      'restrictions[currency_options]',
    );
  }
  const currency_options = { ...before.currency_options };
  for (const [currency, { minimum_amount }] of Object.entries(given)) {
    const param = `restrictions[currency_options][${currency}]`;
    if (currency === own) {
      throw parameterInvalid(
        'You are specifying a currency option that matches the `minimum_amount_currency` of this promotion code. Please remove it and use `minimum_amount` instead.',
        param,
      );
    }
    if (minimum_amount === undefined) throw parameterMissing(`${param}[minimum_amount]`);
    currency_options[currency] = { minimum_amount };
  }
  return { ...before, currency_options };
}

/** What must be bought for, in pence; null where the code has no minimum in that currency. */
export const minimumIn = (
  { minimum_amount, minimum_amount_currency, currency_options }: Restrictions,
  currency: string | null,
): number | null =>
  currency === null
    ? null
    : currency === minimum_amount_currency
      ? minimum_amount
      : (currency_options?.[currency]?.minimum_amount ?? null);
