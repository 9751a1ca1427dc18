/** Lines and totals of an invoice, with the discounts and tax rates that their ids stand for. */
import { findCoupons, type CouponRow } from '@/server/coupons';
import { findActive, findDiscounts } from '@/server/discounts';
import type { Scope } from '@/server/kernel/context';
import { findRates, type TaxRateRow } from '@/server/tax_rates';
import type { InvoiceRow, LineRow } from './store';
import { computeTotals, type Totals } from './totals';

type Terms = Pick<InvoiceRow, 'currency' | 'customer_tax_exempt'> & {
  readonly discounts: readonly string[];
  readonly default_tax_rates: readonly string[];
};

export interface Computed {
  readonly lines: LineRow[];
  readonly totals: Totals;
  /** Of the invoice, those that are at work. */
  readonly discounts: string[];
  /** The default tax rates, in order. */
  readonly rates: TaxRateRow[];
}

/**
 * @param at unix seconds: discounts that have ended by then take nothing off. Null for an invoice
 *   that was made before: those on it stay on it, whatever has become of them since.
 */
export async function computeLines(
  scope: Scope,
  invoice: Terms,
  lines: readonly LineRow[],
  at: number | null,
): Promise<Computed> {
  const discountIds = unique([...invoice.discounts, ...lines.flatMap((line) => line.discounts)]);
  const rateIds = unique([
    ...invoice.default_tax_rates,
    ...lines.flatMap((line) => line.tax_rates ?? []),
  ]);
  const [active, rates] = await Promise.all([
    discountIds.length === 0 ? [] : discountsOf(scope, discountIds, at),
    rateIds.length === 0 ? [] : findRates(scope, rateIds),
  ]);
  const discountOf = new Map(active.map((discount) => [discount.id, discount]));
  const rateOf = new Map(rates.map((rate) => [rate.id, rate]));
  const applied = (ids: readonly string[]) => ids.flatMap((id) => discountOf.get(id) ?? []);
  const named = (ids: readonly string[]) => ids.flatMap((id) => rateOf.get(id) ?? []);
  const discounts = applied(invoice.discounts);
  const computed = computeTotals(
    lines.map((line) => ({
      amount: line.amount,
      product: line.product,
      discountable: line.discountable,
      discounts: applied(line.discounts),
      rates: named(line.tax_rates ?? invoice.default_tax_rates),
    })),
    { currency: invoice.currency, discounts, exempt: invoice.customer_tax_exempt },
  );
  return {
    lines: lines.map((line, index) => ({ ...line, ...computed.lines[index] })),
    totals: computed.totals,
    discounts: discounts.map(({ id }) => id),
    rates: named(invoice.default_tax_rates),
  };
}

interface WithCoupon {
  readonly id: string;
  readonly coupon: CouponRow;
}

async function discountsOf(
  scope: Scope,
  ids: readonly string[],
  at: number | null,
): Promise<WithCoupon[]> {
  if (at !== null) return findActive(scope, ids, at);
  const rows = await findDiscounts(scope, ids);
  const found = await findCoupons(scope, unique(rows.map(({ coupon }) => coupon)));
  const coupons = new Map(found.map((coupon) => [coupon.id, coupon]));
  return rows.flatMap(({ id, coupon: name }) => {
    const coupon = coupons.get(name);
    return coupon === undefined ? [] : [{ id, coupon }];
  });
}

const unique = (ids: readonly string[]): string[] => [...new Set(ids)];
