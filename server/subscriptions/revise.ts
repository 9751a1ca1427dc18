/**
 * A change of a subscription, from what was asked to what is written. First it is decided: nothing
 * of the subscription is touched, so that a preview can show it and a payment can be waited for.
 * Then it is written.
 */
import { isDeepStrictEqual } from 'node:util';
import { requireCustomer, type CustomerRow } from '@/server/customers';
import { detachDiscounts } from '@/server/discounts';
import { addItem, type InvoiceItemRow, type NewInvoiceItem } from '@/server/invoice_items';
import type { NewLine } from '@/server/invoices';
import type { Tx } from '@/server/kernel/context';
import { parameterInvalid } from '@/server/kernel/errors';
import { amend, type Agreement } from './agreement';
import { nowOf } from './bill';
import { beginsAnew, plan, prorationsOf, type Plan } from './change';
import { costsOf, debitsOf, presentDebits } from './charged';
import { addFees } from './fees';
import { move } from './lifecycle';
import {
  isMetered,
  linesAhead,
  linesBehind,
  namesOf,
  recurringOf,
  trialLine,
  type Names,
} from './lines';
import { stretchFrom } from './periods';
import { creditsOf, type Debit, type Proration } from './proration';
import * as store from './store';
import type { SubscriptionRow } from './store';
import type { GivenUpdate } from './update.params';
import { askedOf } from './wanted';

/** A change that is decided, and not written. */
export interface Revision {
  readonly plan: Plan;
  /** With its new settings, and its items in their new periods. */
  readonly after: Agreement;
  /** The columns of it that are not what they were. */
  readonly row: Partial<SubscriptionRow>;
  readonly customer: CustomerRow;
  readonly prorations: readonly Proration[];
  /** What was used of metered items until now. */
  readonly usage: readonly NewLine[];
  /** What the periods that begin anew cost. */
  readonly lines: readonly NewLine[];
  /** Whether an invoice is made at once. */
  readonly isInvoiced: boolean;
  /** When the prorations count from, in unix seconds; null where there are none. */
  readonly proration_date: number | null;
}

/**
 * @param tx on the customer's clock.
 * @throws ApiError 400 for what cannot be agreed on.
 */
export async function revise(tx: Tx, before: Agreement, given: GivenUpdate): Promise<Revision> {
  const now = nowOf(tx);
  const at = prorationDate(before, given, now);
  const [customer, asked] = [
    await requireCustomer(tx, before.row.customer),
    await askedOf(tx, before, given),
  ];
  const planned = plan(before, asked.wanted, now);
  const after: Agreement = {
    ...planned.after,
    row: { ...planned.after.row, ...asked.settings },
    rates: new Map([...before.rates, ...asked.rates.map((rate) => [rate.id, rate] as const)]),
  };
  const names = await namesOf(tx, [...before.items, ...after.items]);
  const behavior = given.proration_behavior ?? 'create_prorations';
  const prorations =
    behavior === 'none' ? [] : await prorationsFor(tx, { ...planned, after }, customer, at, names);
  const usage = await usageUntil(tx, planned, behavior !== 'none', now, names);
  return {
    plan: planned,
    after,
    row: differences(before.row, after.row),
    customer,
    prorations,
    usage,
    lines: beginsAnew(planned.turn) ? linesAnew(after, planned, now, names) : [],
    isInvoiced:
      beginsAnew(planned.turn) ||
      (behavior === 'always_invoice' && prorations.length + usage.length > 0),
    proration_date: prorations.length === 0 ? null : at,
  };
}

function differences(before: SubscriptionRow, after: SubscriptionRow): Partial<SubscriptionRow> {
  const differs = ([column, value]: [string, unknown]): boolean =>
    !isDeepStrictEqual(value, before[column as keyof SubscriptionRow]);
  return Object.fromEntries(Object.entries(after).filter(differs)) as Partial<SubscriptionRow>;
}

/** Unix seconds. It must be in the period of every item, so that it is clear what it cuts in two. */
function prorationDate({ items }: Agreement, given: GivenUpdate, now: number): number {
  const { proration_date: at, proration_behavior } = given;
  if (at === undefined) return now;
  if (proration_behavior === 'none') {
    throw parameterInvalid(
      'You cannot set `proration_date` when `proration_behavior` is `none`.',
      'proration_date',
    );
  }
  const start = Math.max(...items.map(({ row }) => row.current_period_start));
  const end = Math.min(...items.map(({ row }) => row.current_period_end));
  if (start <= at && at <= end) return at;
  throw parameterInvalid(
    `Cannot specify \`proration_date\` outside of the current period. It must be between ${start} and ${end}.`,
    'proration_date',
  );
}

async function prorationsFor(
  tx: Tx,
  planned: Plan,
  customer: CustomerRow,
  at: number,
  names: Names,
): Promise<Proration[]> {
  const { before, after } = planned;
  const [debits, costs] = await Promise.all([
    debitsFor(tx, before, customer, at, names),
    costsOf(tx, after, customer, at, names),
  ]);
  return prorationsOf(planned, { debits, costs, at });
}

/** What there is to give back, as the billing mode has it. */
const debitsFor = async (
  tx: Tx,
  agreement: Agreement,
  customer: CustomerRow,
  at: number,
  names: Names,
): Promise<Debit[]> =>
  agreement.row.billing_mode.type === 'classic'
    ? presentDebits(await costsOf(tx, agreement, customer, at, names), agreement.row.cancel_at)
    : debitsOf(tx, agreement, at);

/** Lines of metered items that change or go away; without prorations, not of those that go. */
async function usageUntil(
  tx: Tx,
  { before, used, removed, turn }: Plan,
  isProrated: boolean,
  now: number,
  names: Names,
): Promise<NewLine[]> {
  const gone = new Set(removed.map(({ row }) => row.id));
  const asked = used.filter(({ row }) => isProrated || beginsAnew(turn) || !gone.has(row.id));
  const lines: NewLine[] = [];
  for (const one of asked) {
    const period = { start: one.row.current_period_start, end: now };
    lines.push(...(await linesBehind(tx, before, one, period, names)));
  }
  return lines.filter(({ amount }) => amount !== 0);
}

/** What the periods that begin now cost: nothing while they are a trial. */
function linesAnew(after: Agreement, { turn }: Plan, now: number, names: Names): NewLine[] {
  const { billing_cycle_anchor: anchor, cancel_at } = after.row;
  return after.items
    .filter((one) => !isMetered(one))
    .flatMap((one) =>
      turn === 'begins_trial'
        ? [trialLine(after, one, { start: now, end: one.row.current_period_end }, names)]
        : linesAhead(after, one, stretchFrom(anchor, recurringOf(one), now, cancel_at), names),
    );
}

/** Adds what a revision asks for beside whole periods, to wait for an invoice; oldest first. */
export async function addItems(
  tx: Tx,
  { after, prorations, usage }: Revision,
  fees: NonNullable<GivenUpdate['add_invoice_items']>,
): Promise<InvoiceItemRow[]> {
  const added: InvoiceItemRow[] = await addFees(tx, after, fees);
  const items = [...usage.map(itemOfLine), ...prorations.map(itemOfProration)];
  // An invoice has its newest item first, and a credit stands before its charge.
  for (const one of items.toReversed()) {
    added.push(await addItem(tx, { ...one, ...ownerOf(after) }));
  }
  return added;
}

type Unowned = Omit<NewInvoiceItem, 'currency' | 'customer' | 'subscription' | 'test_clock'>;

const itemOfLine = (line: NewLine): Unowned => ({
  amount: line.amount,
  description: line.description,
  discountable: line.discountable,
  discounts: line.discounts,
  metadata: line.metadata,
  period_start: line.period_start,
  period_end: line.period_end,
  price: line.price,
  product: line.product,
  proration: false,
  quantity: line.quantity ?? 1,
  quantity_decimal: line.quantity_decimal ?? null,
  subscription_item: line.subscription_item,
  tax_rates: line.tax_rates,
  unit_amount_decimal: line.unit_amount_decimal,
});

/** Discounts are in the amount already: nothing more is taken off. */
const itemOfProration = ({ sold, credits, ...line }: Proration): Unowned => ({
  amount: line.amount,
  description: line.description,
  discountable: false,
  period_start: line.period.start,
  period_end: line.period.end,
  price: sold.price,
  product: sold.product,
  proration: true,
  proration_details: {
    credited_items:
      credits?.invoice === null
        ? { invoice_item: credits.invoice_item, type: 'invoice_item' }
        : null,
    discount_amounts: [],
  },
  credited_lines:
    credits === null || credits.invoice === null
      ? null
      : { invoice: credits.invoice, lines: [credits.line] },
  quantity: sold.quantity,
  subscription_item: sold.subscription_item,
  tax_rates: sold.tax_rates,
});

/**
 * Gives back what was paid ahead for time from `at` on, when a subscription ends: as items that wait
 * for an invoice.
 *
 * @param at unix seconds.
 */
export async function creditUnused(tx: Tx, agreement: Agreement, at: number): Promise<void> {
  const { row, items } = agreement;
  const customer = await requireCustomer(tx, row.customer);
  const debits = await debitsFor(tx, agreement, customer, at, await namesOf(tx, items));
  for (const credit of creditsOf(debits, at)) {
    await addItem(tx, { ...itemOfProration(credit), ...ownerOf(agreement) });
  }
}

const ownerOf = ({ row }: Agreement) => ({
  customer: row.customer,
  currency: row.currency,
  subscription: row.id,
  test_clock: row.test_clock,
});

/** What becomes of the status. */
export const actionOf = ({ turn }: Plan): 'activate' | 'begin_trial' | null => {
  if (turn === 'begins_trial') return 'begin_trial';
  return turn === 'ends_trial' ? 'activate' : null;
};

/** A change as it is written: rows of items, columns of the subscription, its status. */
export interface Written {
  readonly items: Agreement['items'];
  readonly row: Partial<SubscriptionRow>;
  readonly action: 'activate' | 'begin_trial' | null;
  readonly rates: Agreement['rates'];
  /** Those of a pending update that is left. */
  readonly pendingItems?: Agreement['pendingItems'];
}

/** Writes a change and announces it. Discounts that it has no more are taken off. */
export async function apply(tx: Tx, before: Agreement, change: Written): Promise<Agreement> {
  const { row, rates, action, pendingItems = before.pendingItems } = change;
  const items = writeItems(tx, before, change.items);
  const lost = (was: readonly string[], is: readonly string[]): string[] =>
    was.filter((id) => !is.includes(id));
  await detachDiscounts(tx, [
    ...lost(before.row.discounts, row.discounts ?? before.row.discounts),
    ...lost(
      before.items.flatMap((one) => one.row.discounts),
      items.flatMap((one) => one.row.discounts),
    ),
  ]);
  const amendment = { row, items, rates, pendingItems };
  return action === null ? amend(tx, before, amendment) : move(tx, before, action, amendment);
}

/** Makes the rows of items what they are to be. */
function writeItems(tx: Tx, before: Agreement, after: Agreement['items']): Agreement['items'] {
  const was = new Map(before.items.map(({ row }) => [row.id, row]));
  const is = new Set(after.map(({ row }) => row.id));
  for (const id of was.keys()) if (!is.has(id)) store.removeItem(tx, id);
  return after.map(({ row, price }) => {
    const old = was.get(row.id);
    if (old === undefined) return { row: store.insertItem(tx, row), price };
    const { id: _id, projectId: _project, livemode: _mode, ...columns } = row;
    return { row: store.updateItem(tx, old, columns), price };
  });
}
