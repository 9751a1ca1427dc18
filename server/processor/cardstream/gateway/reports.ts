/** The books as others read them: a dump, and totals to hold one's own against. */
import type { Bank } from './bank';
import { currencyOf } from './order';
import type { State, Transaction } from './transaction';

export interface Entry {
  readonly transaction_id: number;
  readonly xref: string;
  readonly merchant_id: string;
  readonly action: Transaction['action'];
  readonly state: State;
  readonly reference: string | null;
  readonly response_code: number;
  readonly response_message: string;
  /** Minor units, like the next three. */
  readonly amount: number;
  readonly approved: number;
  /** Captured, or held to be; 0 where it was cancelled. */
  readonly received: number;
  readonly refunded: number;
  /** ISO 4217's letters in lower case. */
  readonly currency: string;
  readonly card: string | null;
  readonly related_xref: string | null;
  /** Seconds of the epoch. */
  readonly created: number;
  readonly changed: number;
}

const toEntry = (transaction: Transaction): Entry => ({
  transaction_id: transaction.id,
  xref: transaction.xref,
  merchant_id: transaction.merchantID,
  action: transaction.action,
  state: transaction.state,
  reference: transaction.reference,
  response_code: transaction.verdict.code,
  response_message: transaction.verdict.message,
  amount: transaction.amount,
  approved: transaction.approved,
  received: transaction.received,
  refunded: transaction.refunded,
  currency: currencyOf(transaction.currency)?.code.toLowerCase() ?? transaction.currency,
  card: transaction.card?.mask ?? null,
  related_xref: transaction.previous,
  created: Math.floor(transaction.created / 1000),
  changed: Math.floor(transaction.changed / 1000),
});

const PAGE = 100_000;

/** By `merchant_id`, `reference`, `xref`, `state` or `action`; those `after` a transaction id. */
export function transactionsOf(bank: Bank, filter: Readonly<Record<string, string>>): Entry[] {
  const { after = '0', limit = String(PAGE), ...wanted } = filter;
  const found: Entry[] = [];
  for (const transaction of bank.books.all()) {
    if (found.length >= Number(limit)) break;
    if (transaction.id <= Number(after)) continue;
    const entry = toEntry(transaction);
    const isWanted = Object.entries(wanted).every(
      ([name, value]) => String(entry[name as keyof Entry]) === value,
    );
    if (isWanted) found.push(entry);
  }
  return found;
}

export interface Total {
  readonly merchant_id: string;
  readonly currency: string;
  readonly action: string;
  readonly state: State;
  readonly count: number;
  readonly amount: number;
  readonly received: number;
  readonly refunded: number;
}

export function totalsOf(bank: Bank, merchantID: string | undefined): Total[] {
  const totals = new Map<string, Total>();
  for (const transaction of bank.books.all()) {
    if (merchantID !== undefined && transaction.merchantID !== merchantID) continue;
    const { merchant_id, currency, action, state, ...entry } = toEntry(transaction);
    const key = [merchant_id, currency, action, state].join(' ');
    const before = totals.get(key);
    totals.set(key, {
      merchant_id,
      currency,
      action,
      state,
      count: (before?.count ?? 0) + 1,
      amount: (before?.amount ?? 0) + entry.amount,
      received: (before?.received ?? 0) + entry.received,
      refunded: (before?.refunded ?? 0) + entry.refunded,
    });
  }
  return [...totals.values()];
}
