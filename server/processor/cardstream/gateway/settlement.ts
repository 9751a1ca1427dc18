/**
 * The nightly settlement: what was captured is tendered, and accepted or rejected by its amount. Here
 * it is night when somebody says so.
 */
import { z } from 'zod';
import { bandOf, testAmount } from './amounts';
import type { Bank } from './bank';
import type { SettledRow } from './books';
import { ripe } from './manage';
import { timestampOf } from './mint';
import { currencyOf } from './order';
import { toGiven } from './request';
import type { Transaction } from './transaction';

export const Settle = z.strictObject({
  merchant_id: z.string().optional(),
  /** Stop where everything is in the file, and nothing can be changed any more. */
  until: z.enum(['tendered', 'settled']).default('settled'),
  /** The `xref`s of what is put off until the next run. */
  defer: z.array(z.string()).default([]),
  /** The `xref`s of what was accepted in an earlier run and is rejected after all. */
  reject: z.array(z.string()).default([]),
});

export type Settle = z.output<typeof Settle>;

/** Runs a settlement. Answers its rows; those of a run that stopped at `tendered` come with the next. */
export function settle(bank: Bank, { merchant_id, until, defer, reject }: Settle): SettledRow[] {
  const batch = (bank.books.settled.at(-1)?.batch ?? 0) + 1;
  const rows: SettledRow[] = [];
  for (const known of bank.books.all()) {
    if (merchant_id !== undefined && known.merchantID !== merchant_id) continue;
    const outcome = run(bank, ripe(bank, known), { until, defer, reject });
    if (outcome !== null) rows.push(toRow(outcome, batch, bank.now()));
  }
  for (const row of rows) bank.books.settle(row);
  return rows;
}

function run(
  bank: Bank,
  transaction: Transaction,
  { until, defer, reject }: Pick<Settle, 'until' | 'defer' | 'reject'>,
): Transaction | null {
  if (transaction.state === 'accepted' && reject.includes(transaction.xref)) {
    return move(bank, transaction, 'rejected');
  }
  if (!['captured', 'deferred', 'tendered'].includes(transaction.state)) return null;
  const tendered = move(bank, transaction, 'tendered');
  if (until === 'tendered') return null;
  if (defer.includes(transaction.xref)) return move(bank, tendered, 'deferred');
  const isAccepted = resultOf(bank, tendered) === 'accepted';
  return move(bank, tendered, isAccepted ? 'accepted' : 'rejected');
}

function move(bank: Bank, transaction: Transaction, state: Transaction['state']): Transaction {
  const moved = { ...transaction, state, changed: bank.now() };
  bank.books.put(moved);
  const sale = bank.books.byXref(transaction.previous ?? '');
  if (state === 'rejected' && transaction.action === 'REFUND_SALE' && sale !== null) {
    // The money never left: it can be given back once more.
    bank.books.put({ ...sale, refunded: sale.refunded - transaction.received });
  }
  return moved;
}

function resultOf(bank: Bank, { action, received, currency, fields }: Transaction) {
  if (action === 'REFUND_SALE' && bank.switches.refund_settlement === 'accepted') return 'accepted';
  const exponent = currencyOf(currency)?.exponent ?? 2;
  const name = toGiven(fields).get('customerName');
  // What cannot be authorised can be captured in part: then the amount is none of the table's.
  return bandOf(testAmount(received, exponent, name))?.settlement ?? 'accepted';
}

const toRow = (transaction: Transaction, batch: number, at: number): SettledRow => ({
  batch,
  merchantID: transaction.merchantID,
  reference: transaction.reference,
  xref: transaction.xref,
  id: transaction.id,
  action: transaction.action,
  state: transaction.state as SettledRow['state'],
  amount: transaction.received,
  currency: transaction.currency,
  previous: transaction.action === 'REFUND_SALE' ? transaction.previous : null,
  at,
});

const COLUMNS = [
  'reference',
  'xref',
  'action',
  'state',
  'amount',
  'currency',
  'date',
  'merchant_id',
  'transaction_id',
  'related_xref',
  'batch',
];

/** The file of these rows: CSV by RFC 4180, in UTF-8, the first line names the columns. */
export const toCsv = (rows: readonly SettledRow[]): string =>
  [
    COLUMNS,
    ...rows.map((row) => [
      row.reference ?? '',
      row.xref,
      row.action,
      row.state,
      String(row.amount),
      currencyOf(row.currency)?.code ?? row.currency,
      timestampOf(row.at).slice(0, 10),
      row.merchantID,
      String(row.id),
      row.previous ?? '',
      String(row.batch),
    ]),
  ]
    .map((row) => `${row.map(quoted).join(',')}\r\n`)
    .join('');

const quoted = (value: string): string =>
  /[",\r\n]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value;
