/** What customers were billed, as the tables have it. */
import type { TestWorld } from '@/server/testing/context';
import type { Bill, BilledLine } from './history';
import type { Stock } from './stock';

interface InvoiceRow {
  id: string;
  customer: string;
  created: string;
  billing_reason: Bill['reason'];
  period_start: string;
  period_end: string;
  subtotal: string;
  total: string;
  status: Bill['status'];
  amount_due: string;
  total_discount_amounts: { amount: number }[];
  total_taxes: { amount: number }[];
}

interface LineRow {
  invoice: string;
  amount: string;
  price: string | null;
  period_start: string;
  period_end: string;
  proration: boolean;
  discount_amounts: { amount: number }[];
  taxes: { amount: number; tax_rate_details: { tax_rate: string } }[];
}

/** Everything of one customer. */
export interface Account {
  readonly bills: readonly Bill[];
  /** Pence; negative to the customer's credit. */
  readonly balance: number;
  /** Pence that cards were charged. */
  readonly charged: number;
  readonly status: string | null;
}

/** The accounts of all customers of a project, by their id. */
export async function accountsOf(
  { admin }: TestWorld,
  projectId: number,
  stock: Stock,
): Promise<Map<string, Account>> {
  const [invoices, lines, customers] = await Promise.all([
    admin<
      InvoiceRow[]
    >`select * from invoices where project_id = ${projectId} order by created, id`,
    admin<LineRow[]>`select * from invoice_lines where project_id = ${projectId} order by position`,
    admin<{ id: string; balance: string; charged: string | null; status: string | null }[]>`
      select c.id, c.balance,
        (select sum(amount_captured) from charges h
          where h.project_id = c.project_id and h.customer = c.id and h.status = 'succeeded') charged,
        (select s.status from subscriptions s
          where s.project_id = c.project_id and s.customer = c.id) status
      from customers c where c.project_id = ${projectId}`,
  ]);
  const names = new Map(
    [...stock.prices, ...stock.rates].map(([name, id]): [string, string] => [id, name]),
  );
  const linesOf = grouped(lines, ({ invoice }) => invoice);
  const billsOf = grouped(invoices, ({ customer }) => customer);
  return new Map(
    customers.map(({ id, balance, charged, status }) => [
      id,
      {
        bills: (billsOf.get(id) ?? []).map((row) => billOf(row, linesOf.get(row.id) ?? [], names)),
        balance: Number(balance),
        charged: Number(charged ?? 0),
        status,
      },
    ]),
  );
}

function grouped<T>(many: readonly T[], keyOf: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const one of many) {
    const group = groups.get(keyOf(one));
    if (group === undefined) groups.set(keyOf(one), [one]);
    else group.push(one);
  }
  return groups;
}

type Names = ReadonlyMap<string, string>;

const sum = (amounts: readonly { readonly amount: number }[]): number =>
  amounts.reduce((added, { amount }) => added + amount, 0);

const billOf = (row: InvoiceRow, lines: readonly LineRow[], names: Names): Bill => ({
  at: Number(row.created),
  reason: row.billing_reason,
  period: { start: Number(row.period_start), end: Number(row.period_end) },
  lines: lines.map((line) => lineOf(line, names)),
  subtotal: Number(row.subtotal),
  discount: sum(row.total_discount_amounts),
  tax: sum(row.total_taxes),
  total: Number(row.total),
  status: row.status,
  due: row.status === 'draft' ? null : Number(row.amount_due),
});

const lineOf = (line: LineRow, names: Names): BilledLine => ({
  // A fee has a price that was made for it; what is charged once has none.
  what: line.price === null ? 'charge' : (names.get(line.price) ?? 'fee'),
  amount: Number(line.amount),
  start: Number(line.period_start),
  end: Number(line.period_end),
  proration: line.proration,
  discount: sum(line.discount_amounts),
  taxes: Object.fromEntries(
    line.taxes.map(({ amount, tax_rate_details }) => [
      names.get(tax_rate_details.tax_rate) ?? tax_rate_details.tax_rate,
      amount,
    ]),
  ),
});
