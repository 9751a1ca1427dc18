/**
 * What a subscription was asked for ahead, item by item, as the invoices and the items that wait for
 * one say it; and what its items cost for a whole period. The two inputs of a proration.
 */
import type { CustomerRow } from '@/server/customers';
import { discountAmounts, findActive } from '@/server/discounts';
import type { Scope } from '@/server/kernel/context';
import { unix } from '@/server/kernel/object';
import { costOf } from '@/server/prices';
import { findProducts } from '@/server/products';
import type { Agreement, PricedItem } from './agreement';
import { discountsOf } from './bill';
import { isMetered, recurringOf, type Names } from './lines';
import { stretchFrom } from './periods';
import type { Cost, Debit, DebitSource, Sold } from './proration';
import * as store from './store';

/** By the id of the subscription item. */
export type Costs = ReadonlyMap<string, Cost>;

interface Credit {
  readonly amount: number;
  readonly from: number;
}

/** What was asked for the items of an agreement, for time after `after` (unix seconds). */
export async function debitsOf(
  scope: Scope,
  { row, items }: Agreement,
  after: number,
): Promise<Debit[]> {
  const licensed = items.filter((one) => !isMetered(one)).map((one) => one.row.id);
  if (licensed.length === 0) return [];
  const asked = { subscription: row.id, customer: row.customer, items: licensed, after };
  const [lines, found] = await Promise.all([
    store.askedInLines(scope, asked),
    store.askedInItems(scope, asked),
  ]);
  const credits = creditsByDebit(found);
  const sold = [...lines.map(({ line }) => line), ...found.map(({ item }) => item)];
  const products = await findProducts(scope, [
    ...new Set(sold.flatMap(({ product }) => product ?? [])),
  ]);
  const names = new Map(products.map(({ id, name }) => [id, name]));
  return (
    [
      ...lines.map(({ line, default_tax_rates }) => ({
        of: line,
        // What a discount took off was not asked for.
        amount: line.amount - sum(line.discount_amounts.map(({ amount }) => amount)),
        tax_rates: line.tax_rates ?? default_tax_rates,
        source: { invoice: line.invoice, line: line.id, invoice_item: null },
      })),
      ...found.map(({ item, line, default_tax_rates }) => ({
        of: item,
        amount: item.amount,
        tax_rates: item.tax_rates ?? default_tax_rates,
        source: sourceOf(item, line),
      })),
    ]
      // What a discount took off to the last penny is paid for; a trial and a credit are not.
      .filter(({ of }) => of.amount > 0)
      .map(({ of, amount, tax_rates, source }) => {
        const given = credits.get(keyOf(source)) ?? [];
        return {
          sold: {
            subscription_item: of.subscription_item ?? '',
            price: of.price ?? '',
            product: of.product ?? '',
            name: names.get(of.product ?? '') ?? of.product ?? '',
            quantity: of.quantity ?? 1,
            tax_rates,
          },
          amount,
          credited: sum(given.map((credit) => credit.amount)),
          period: { start: of.period_start, end: of.period_end },
          until: Math.min(of.period_end, ...given.map(({ from }) => from)),
          source,
        };
      })
  );
}

type Found = Awaited<ReturnType<typeof store.askedInItems>>[number];

const sourceOf = ({ id, invoice }: Found['item'], line: string | null): DebitSource =>
  invoice === null || line === null
    ? { invoice: null, line: null, invoice_item: id }
    : { invoice, line, invoice_item: id };

/** A debit keeps its name when the item that it was becomes a line. */
const keyOf = ({ line, invoice_item }: DebitSource): string => invoice_item ?? line ?? '';

/** Credits by the debits that they name: a line, or an item that became one since. */
function creditsByDebit(found: readonly Found[]): Map<string, Credit[]> {
  const itemOfLine = new Map(found.map(({ item, line }) => [line, item.id]));
  const credits = new Map<string, Credit[]>();
  for (const { item } of found) {
    if (item.amount >= 0) continue;
    const named =
      item.proration_details?.credited_items?.invoice_item ?? item.credited_lines?.lines[0];
    if (named === undefined) continue;
    const key = itemOfLine.get(named) ?? named;
    const before = credits.get(key) ?? [];
    credits.set(key, [...before, { amount: -item.amount, from: item.period_start }]);
  }
  return credits;
}

/**
 * What each licensed item of an agreement costs for the whole period that `at` is in, after the
 * discounts that are at work at `scope.now`.
 */
export async function costsOf(
  scope: Scope,
  agreement: Agreement,
  customer: CustomerRow,
  at: number,
  names: Names,
): Promise<Costs> {
  const { row } = agreement;
  const licensed = agreement.items.filter((one) => !isMetered(one));
  const now = unix(scope.now);
  const [own, ...ofItems] = await Promise.all([
    findActive(scope, discountsOf(row, customer), now),
    ...licensed.map((one) => findActive(scope, one.row.discounts, now)),
  ]);
  // Line by line, as the invoice of the period has it: each is rounded by itself.
  const lines = licensed.flatMap(({ row: item, price }, index) =>
    costOf(price, item.quantity ?? 1, row.currency).map(({ amount }) => ({
      item: item.id,
      amount,
      product: price.product,
      discountable: true,
      discounts: ofItems[index] ?? [],
    })),
  );
  const taken = discountAmounts(lines, own, row.currency);
  const left = lines.map(({ item, amount }, index) => ({
    item,
    amount: amount - sum((taken[index] ?? []).map((discount) => discount.amount)),
  }));
  return new Map(
    licensed.map((one) => [
      one.row.id,
      {
        sold: soldAs(one, names),
        amount: sum(left.filter(({ item }) => item === one.row.id).map(({ amount }) => amount)),
        period: stretchFrom(
          row.billing_cycle_anchor,
          recurringOf(one),
          Math.max(at, one.row.current_period_start),
          null,
        ).whole,
      },
    ]),
  );
}

/** As billing mode `classic` credits: by what the items cost now, whatever was asked for them. */
export const presentDebits = (costs: Costs, until: number | null): Debit[] =>
  [...costs.values()].map(({ sold, amount, period }) => ({
    sold,
    amount,
    credited: 0,
    period,
    until: Math.min(period.end, until ?? Infinity),
    source: null,
  }));

export const soldAs = ({ row, price }: PricedItem, names: Names): Sold => ({
  subscription_item: row.id,
  price: price.id,
  product: price.product,
  name: names.get(price.product) ?? price.product,
  quantity: row.quantity ?? 1,
  tax_rates: row.tax_rates.length === 0 ? null : row.tax_rates,
});

const sum = (amounts: readonly number[]): number => amounts.reduce((added, one) => added + one, 0);
