/**
 * What discounts take off the lines of an invoice. Pure, in pence.
 *
 * The discounts of the lines themselves come first, then those of the invoice, each in order and on
 * what those before it have left. A percentage is taken of each line and rounded there, half up. An
 * amount is taken once, over all the lines it is for, in proportion to what is left of each; what is
 * more than the lines have is not taken.
 *
 * Lines that are not discountable, or not positive, are never touched.
 * https://docs.stripe.com/billing/subscriptions/coupons
 */
import { multiplyRound, split } from '@/server/kernel/money';

/** What a coupon takes off. */
export interface Reduction {
  /** In hundredths of a percent: 12.5 % is 1250. */
  readonly percent_off: number | null;
  /** Pence, in `currency`. */
  readonly amount_off: number | null;
  readonly currency: string | null;
  readonly currency_options: Readonly<Record<string, { readonly amount_off: number }>> | null;
  /** Ids of the products it is for; null is for all. */
  readonly applies_to: readonly string[] | null;
}

export interface Applied {
  /** The discount's. */
  readonly id: string;
  readonly coupon: Reduction;
}

export interface DiscountableLine {
  readonly amount: number;
  readonly product: string | null;
  readonly discountable: boolean;
  /** Its own. One that several lines have, as the tiers of one price, is one over all of them. */
  readonly discounts: readonly Applied[];
}

export interface DiscountAmount {
  readonly discount: string;
  readonly amount: number;
}

/**
 * By line, what each discount that is for it takes off it, in the order in which it is taken.
 *
 * @param currency of the lines, lower case: a coupon of an amount that it does not have in it takes
 *   nothing.
 */
export function discountAmounts(
  lines: readonly DiscountableLine[],
  invoiceDiscounts: readonly Applied[],
  currency: string,
): DiscountAmount[][] {
  const left = lines.map(({ amount, discountable }) => (discountable ? Math.max(amount, 0) : 0));
  const taken = lines.map((): DiscountAmount[] => []);

  function take({ id, coupon }: Applied, isFor: (line: DiscountableLine) => boolean): void {
    const indexes = [...lines.keys()].filter((index) => {
      const line = lines[index];
      return line?.discountable === true && isFor(line) && covers(coupon, line.product);
    });
    const amounts = reductions(
      coupon,
      indexes.map((index) => left[index] ?? 0),
      currency,
    );
    for (const [place, index] of indexes.entries()) {
      const amount = amounts[place] ?? 0;
      left[index] = (left[index] ?? 0) - amount;
      taken[index]?.push({ discount: id, amount });
    }
  }

  const own = new Map(lines.flatMap(({ discounts }) => discounts.map((one) => [one.id, one])));
  for (const discount of own.values()) {
    take(discount, ({ discounts }) => discounts.some(({ id }) => id === discount.id));
  }
  for (const discount of invoiceDiscounts) take(discount, () => true);
  return taken;
}

const covers = ({ applies_to }: Reduction, product: string | null): boolean =>
  applies_to === null || (product !== null && applies_to.includes(product));

/** What a coupon takes off amounts that belong together, each no more than there is. */
function reductions(coupon: Reduction, amounts: readonly number[], currency: string): number[] {
  const { percent_off } = coupon;
  if (percent_off !== null) return amounts.map((one) => multiplyRound(one, percent_off, 10_000));
  const sum = amounts.reduce((added, one) => added + one, 0);
  return split(Math.min(amountIn(coupon, currency) ?? 0, sum), amounts);
}

/** The amount off in a currency; null where the coupon has none in it, or takes off a percentage. */
export const amountIn = (
  { amount_off, currency, currency_options }: Reduction,
  wanted: string,
): number | null =>
  wanted === currency ? amount_off : (currency_options?.[wanted]?.amount_off ?? null);
