/**
 * From one period to the next: the invoice for the time that begins, and for the usage of the time
 * that ended. A period has one invoice, whoever gets to it: `cycle` is unique.
 */
import { findCustomer, type CustomerRow } from '@/server/customers';
import { pendingOf } from '@/server/invoice_items';
import type { NewLine } from '@/server/invoices';
import type { Scope, Tx } from '@/server/kernel/context';
import { amend, type Agreement, type PricedItem } from './agreement';
import { bill, finalizesAt, nowOf, type Bill } from './bill';
import { isMetered, linesAhead, linesBehind, namesOf, recurringOf } from './lines';
import { move } from './lifecycle';
import { stretchFrom, type Stretch } from './periods';
import * as store from './store';

/** What a renewal asks for, and the periods that it begins. Nothing is written yet. */
export interface Renewal {
  /** Null where there is nothing to ask for. */
  readonly bill: Bill | null;
  /** The period that begins, by the id of the item. Those whose period goes on are not in it. */
  readonly stretches: ReadonlyMap<string, Stretch>;
}

/**
 * @param at the end of the periods that end, in unix seconds.
 * @param scope on the customer's clock.
 */
export async function renewalAt(scope: Scope, agreement: Agreement, at: number): Promise<Renewal> {
  const { row } = agreement;
  const ending = agreement.items.filter((one) => one.row.current_period_end === at);
  const stretches = new Map(
    ending.map((one) => [
      one.row.id,
      stretchFrom(row.billing_cycle_anchor, recurringOf(one), at, row.cancel_at),
    ]),
  );
  const pending = { customer: row.customer, currency: row.currency, subscription: row.id };
  const [names, items] = await Promise.all([namesOf(scope, ending), pendingOf(scope, pending)]);
  const lines: NewLine[] = [];
  for (const one of ending) {
    const stretch = stretches.get(one.row.id);
    if (stretch === undefined) continue;
    if (!isMetered(one)) lines.push(...linesAhead(agreement, one, stretch, names));
    else if (row.status !== 'trialing' && one.row.current_period_start < at) {
      lines.push(...(await linesBehind(scope, agreement, one, periodOf(one), names)));
    }
  }
  if (lines.length === 0 && items.length === 0) return { bill: null, stretches };
  return {
    bill: {
      billing_reason: 'subscription_cycle',
      lines,
      items,
      period: { start: Math.min(...ending.map((one) => one.row.current_period_start)), end: at },
      cycle: at,
      finalizes_at: finalizesAt(agreement, Math.max(at, nowOf(scope))),
    },
    stretches,
  };
}

const periodOf = ({ row }: PricedItem) => ({
  start: row.current_period_start,
  end: row.current_period_end,
});

/**
 * Begins the next periods of the items whose period ends at `at`.
 *
 * @param isTrialOver the periods that end are the trial.
 * @param tx on the customer's clock.
 */
export async function renew(
  tx: Tx,
  before: Agreement,
  at: number,
  isTrialOver = false,
): Promise<Agreement> {
  const [customer, renewal] = await Promise.all([
    requireFound(tx, before.row.customer),
    renewalAt(tx, before, at),
  ]);
  const items = before.items.map((one) => begin(tx, one, renewal.stretches.get(one.row.id)));
  const next = { ...before, items };
  const change =
    renewal.bill === null ? { items } : await asBilled(tx, next, customer, renewal.bill);
  return isTrialOver ? move(tx, before, 'activate', change) : amend(tx, before, change);
}

function begin(tx: Tx, one: PricedItem, stretch: Stretch | undefined): PricedItem {
  if (stretch === undefined) return one;
  const row = store.updateItem(tx, one.row, {
    current_period_start: stretch.start,
    current_period_end: stretch.end,
  });
  return { ...one, row };
}

/** Makes the invoice; answers what it changes of the subscription. */
export async function asBilled(
  tx: Tx,
  agreement: Agreement,
  customer: CustomerRow,
  particulars: Bill,
) {
  const { invoice, discounts, items } = await bill(tx, agreement, customer, particulars);
  return { row: { latest_invoice: invoice.id, discounts }, items };
}

/** A customer that was deleted takes its subscriptions along, so one that is renewed has one. */
export async function requireFound(scope: Scope, id: string): Promise<CustomerRow> {
  const customer = await findCustomer(scope, id);
  if (customer === null) throw new Error(`${id} does not exist.`);
  return customer;
}
