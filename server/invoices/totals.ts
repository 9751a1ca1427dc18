/**
 * What an invoice adds up to. Pure, in pence.
 *
 * The discounts of the lines come first, then those of the invoice, stacked in order; taxes are of
 * what is left, each line's by itself and rounded there, half up. So the lines always add up to the
 * total: it is what is left of each line, and the taxes that come on top of it.
 * https://docs.stripe.com/invoicing/taxes/tax-rates and .../billing/subscriptions/coupons
 */
import type Stripe from 'stripe';
import { discountAmounts, type Applied, type DiscountAmount } from '@/server/discounts';
import { taxOf, type TaxExempt, type TaxRateRow } from '@/server/tax_rates';

export interface LineToCompute {
  readonly amount: number;
  readonly product: string | null;
  readonly discountable: boolean;
  /** Its own; those of the invoice come on top. */
  readonly discounts: readonly Applied[];
  /** Its own, or the invoice's where it has none of its own. */
  readonly rates: readonly TaxRateRow[];
}

export interface ComputedLine {
  readonly discount_amounts: DiscountAmount[];
  readonly taxes: Stripe.InvoiceLineItem.Tax[];
}

export interface Totals {
  /** Discounts of lines are in it, those of the invoice and exclusive taxes are not. */
  readonly subtotal: number;
  readonly subtotal_excluding_tax: number;
  readonly total: number;
  readonly total_excluding_tax: number;
  readonly total_discount_amounts: DiscountAmount[];
  readonly total_taxes: Stripe.Invoice.TotalTax[];
}

interface Terms {
  readonly currency: string;
  /** The invoice's own. */
  readonly discounts: readonly Applied[];
  /** Of the customer: one that is `exempt`, or pays its tax itself, is asked for none. */
  readonly exempt: TaxExempt;
}

export function computeTotals(
  lines: readonly LineToCompute[],
  { currency, discounts, exempt }: Terms,
): { readonly lines: ComputedLine[]; readonly totals: Totals } {
  const own = discountAmounts(lines, [], currency);
  const all = discountAmounts(lines, discounts, currency);
  const computed = lines.map(({ rates }, index) => ({
    discount_amounts: all[index] ?? [],
    taxes: taxesOf(left(lines, all, index), rates, exempt),
  }));
  const subtotal = sum(lines.map((_, index) => left(lines, own, index)));
  const discounted = sum(lines.map((_, index) => left(lines, all, index)));
  const within = sum(
    lines.map(({ rates }, index) =>
      taxOn(taxesOf(left(lines, own, index), rates, exempt), 'inclusive'),
    ),
  );
  const taxes = computed.flatMap((line) => line.taxes);
  return {
    lines: computed,
    totals: {
      subtotal,
      subtotal_excluding_tax: subtotal - within,
      total: discounted + taxOn(taxes, 'exclusive'),
      total_excluding_tax: discounted - taxOn(taxes, 'inclusive'),
      total_discount_amounts: byDiscount(computed.flatMap((line) => line.discount_amounts)),
      total_taxes: byRate(taxes),
    },
  };
}

const taxesOf = (
  amount: number,
  rates: readonly TaxRateRow[],
  exempt: TaxExempt,
): Stripe.InvoiceLineItem.Tax[] =>
  taxOf(amount, rates, exempt).map((tax) => ({
    amount: tax.amount,
    tax_behavior: tax.inclusive ? 'inclusive' : 'exclusive',
    tax_rate_details: { tax_rate: tax.rate },
    taxability_reason: tax.taxability_reason,
    taxable_amount: tax.taxable_amount,
    type: 'tax_rate_details',
  }));

/** What a line has left under its discounts. */
const left = (
  lines: readonly LineToCompute[],
  discounts: readonly (readonly DiscountAmount[])[],
  index: number,
): number =>
  (lines[index]?.amount ?? 0) - sum((discounts[index] ?? []).map(({ amount }) => amount));

const taxOn = (
  taxes: readonly Stripe.InvoiceLineItem.Tax[],
  behavior: 'inclusive' | 'exclusive',
): number =>
  sum(taxes.filter(({ tax_behavior }) => tax_behavior === behavior).map(({ amount }) => amount));

const sum = (amounts: readonly number[]): number => amounts.reduce((added, one) => added + one, 0);

/** Over all lines, each discount once, in the order in which they were first met. */
function byDiscount(amounts: readonly DiscountAmount[]): DiscountAmount[] {
  const found = new Map<string, number>();
  for (const { discount, amount } of amounts) {
    found.set(discount, (found.get(discount) ?? 0) + amount);
  }
  return [...found].map(([discount, amount]) => ({ amount, discount }));
}

/** Over all lines, each tax rate once. */
function byRate(taxes: readonly Stripe.InvoiceLineItem.Tax[]): Stripe.Invoice.TotalTax[] {
  const found = new Map<string, Stripe.Invoice.TotalTax>();
  for (const tax of taxes) {
    const key = tax.tax_rate_details?.tax_rate ?? '';
    const before = found.get(key);
    found.set(key, {
      ...tax,
      amount: (before?.amount ?? 0) + tax.amount,
      taxable_amount: (before?.taxable_amount ?? 0) + (tax.taxable_amount ?? 0),
    });
  }
  return [...found.values()];
}
