/** What is asked for once, beside what recurs: `add_invoice_items`. */
import { attachDiscounts } from '@/server/discounts';
import { addItem, pricingOf, type InvoiceItemRow } from '@/server/invoice_items';
import type { NewLine } from '@/server/invoices';
import type { Period } from '@/server/kernel/calendar';
import type { Tx } from '@/server/kernel/context';
import { parameterInvalid, parameterMissing } from '@/server/kernel/errors';
import { newId } from '@/server/kernel/ids';
import { mergeMetadata } from '@/server/kernel/metadata';
import type { Agreement } from './agreement';
import { nowOf } from './bill';
import { ratesGiven } from './given';
import type { AddInvoiceItem, Planned } from './params';

/**
 * Adds them as invoice items that wait for the subscription's next invoice.
 *
 * @throws ApiError 400 for a price that recurs or does not exist, and a period that ends before it
 *   starts.
 */
export async function addFees(
  tx: Tx,
  agreement: Agreement,
  given: readonly AddInvoiceItem[],
  planned?: Planned['planned'],
): Promise<InvoiceItemRow[]> {
  const added: InvoiceItemRow[] = [];
  for (const [index, fee] of given.entries()) {
    added.push(await addFee(tx, agreement, fee, { place: `add_invoice_items[${index}]`, planned }));
  }
  return added;
}

async function addFee(
  tx: Tx,
  agreement: Agreement,
  { price, price_data, quantity, ...fee }: AddInvoiceItem,
  { place, planned }: Planned & { place: string },
): Promise<InvoiceItemRow> {
  const { row } = agreement;
  const pricing = await pricingOf(
    tx,
    { price_data, quantity, ...(price === undefined ? {} : { pricing: { price } }) },
    {
      currency: row.currency,
      fallback: row.currency,
      place,
      priceParam: 'price',
      isArchivable: planned !== undefined,
    },
  );
  const rates =
    fee.tax_rates === undefined || fee.tax_rates === null
      ? null
      : await ratesGiven(tx, { planned }, fee.tax_rates, `${place}[tax_rates]`);
  const period = periodOf(fee.period, agreement, nowOf(tx), `${place}[period]`);
  const id = newId('invoiceitem');
  const discounts = await attachDiscounts(
    tx,
    fee.discounts ?? [],
    { customer: row.customer, invoice_item: id },
    { currency: row.currency, before: [], param: `${place}[discounts]` },
  );
  return addItem(tx, {
    ...pricing,
    id,
    customer: row.customer,
    description: null,
    period_start: period.start,
    period_end: period.end,
    proration: false,
    ...(fee.discountable === undefined ? {} : { discountable: fee.discountable }),
    discounts,
    metadata: mergeMetadata({}, fee.metadata),
    subscription: row.id,
    tax_rates: rates === null ? null : rates.map((rate) => rate.id),
    test_clock: row.test_clock,
  });
}

/** Without a word, what all items have in common: the latest start, the earliest end. */
function periodOf(
  given: AddInvoiceItem['period'],
  { items }: Agreement,
  now: number,
  param: string,
): Period {
  const { start = { type: 'max_item_period_start' }, end = { type: 'min_item_period_end' } } =
    given ?? {};
  const at = ({ timestamp }: { timestamp?: number | undefined }, edge: string): number => {
    if (timestamp === undefined) throw parameterMissing(`${param}[${edge}][timestamp]`);
    return timestamp;
  };
  const starts = {
    max_item_period_start: () => Math.max(...items.map(({ row }) => row.current_period_start)),
    now: () => now,
    timestamp: () => at(start, 'start'),
  };
  const ends = {
    min_item_period_end: () => Math.min(...items.map(({ row }) => row.current_period_end)),
    timestamp: () => at(end, 'end'),
  };
  const period = { start: starts[start.type](), end: ends[end.type]() };
  if (period.start <= period.end) return period;
  throw parameterInvalid('The period must not end before it starts.', param);
}

/** Lines that no invoice is made for now: they wait for the next one. */
export async function keepLines(
  tx: Tx,
  { row }: Agreement,
  lines: readonly NewLine[],
): Promise<void> {
  for (const { proration_details: _, invoice_item: __, ...line } of lines) {
    await addItem(tx, {
      ...line,
      customer: row.customer,
      currency: row.currency,
      quantity: line.quantity ?? 1,
      test_clock: row.test_clock,
    });
  }
}
