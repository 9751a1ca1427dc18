/**
 * How much tax is in an amount, or comes on top of it. Pure.
 *
 * Rates that are inclusive are in the amount together: the net is `amount ÷ (1 + their sum)`. Rates
 * that are exclusive are each asked of that net, and never of another tax. Everything is rounded
 * half up, once a rate; what several inclusive rates come to is rounded as a whole and then split,
 * so that net and inclusive taxes always add up to the amount. Of a negative amount, as a credit
 * has, taxes are the opposite of those of its opposite.
 */
import { multiplyRound, split } from '@/server/kernel/money';
import type { TaxRateRow } from './store';

/** Of a customer: https://docs.stripe.com/api/customers/object#customer_object-tax_exempt */
export type TaxExempt = 'exempt' | 'none' | 'reverse';

export interface TaxAmount {
  /** The tax rate's id. */
  readonly rate: string;
  /** Pence. */
  readonly amount: number;
  /** What it was asked of: the net. Pence. */
  readonly taxable_amount: number;
  readonly inclusive: boolean;
  /** Stripe gives a reason only where it calculated the tax, or where there is none to pay. */
  readonly taxability_reason: 'customer_exempt' | 'not_available' | 'reverse_charge';
}

type Rate = Pick<TaxRateRow, 'id' | 'inclusive' | 'percentage'>;

/** A hundred percent, in the ten-thousandths of a percent that rates are kept in. */
const WHOLE = 1_000_000;

const REASONS = {
  exempt: 'customer_exempt',
  none: 'not_available',
  reverse: 'reverse_charge',
} as const;

/**
 * The taxes of an amount, in the order of the rates.
 *
 * @param amount pence, after discounts; inclusive taxes are in it.
 * @param exempt of the customer: one who is exempt, or accounts for the tax itself (`reverse`), pays
 *   the amount as it is, and no tax is in it or on it.
 */
export function taxOf(
  amount: number,
  rates: readonly Rate[],
  exempt: TaxExempt = 'none',
): TaxAmount[] {
  const taxability_reason = REASONS[exempt];
  if (exempt !== 'none') {
    return rates.map(({ id, inclusive }) => ({
      rate: id,
      amount: 0,
      taxable_amount: 0,
      inclusive,
      taxability_reason,
    }));
  }
  const shares = rates.map(({ inclusive, percentage }) => (inclusive ? percentage : 0));
  const sum = shares.reduce((added, share) => added + share, 0);
  const included = multiplyRound(amount, sum, WHOLE + sum);
  const net = amount - included;
  const parts = split(included, shares);
  return rates.map(({ id, inclusive, percentage }, index) => ({
    rate: id,
    amount: inclusive ? parts[index]! : multiplyRound(net, percentage, WHOLE),
    taxable_amount: net,
    inclusive,
    taxability_reason,
  }));
}
