/**
 * Requests about a transaction that exists: CAPTURE, CANCEL, QUERY, and REFUND_SALE, which makes a
 * transaction of its own.
 */
import { rootOf, type Field } from '../fields';
import type { Account } from './accounts';
import { refusal, report, verdictFields, type Answer } from './answer';
import { DAY_MS } from './authorise';
import type { Bank } from './bank';
import { maskOf } from './cards';
import { isDetail } from './clone';
import {
  DATABASE_ERROR,
  EXPIRED,
  invalid,
  MISMATCH,
  missing,
  notAllowed,
  statusOf,
  type Verdict,
} from './codes';
import { digits, newXref } from './mint';
import { currencyOf, minorUnits } from './order';
import { keptOf, type Given } from './request';
import { keyOf, windowOf } from './duplicates';
import type { State, Transaction } from './transaction';

export type Management = 'CAPTURE' | 'CANCEL' | 'QUERY' | 'REFUND_SALE';

/** TABLE: in which states an action is allowed. QUERY always is. */
export const ALLOWED: Readonly<Record<Exclude<Management, 'QUERY'>, readonly State[]>> = {
  CAPTURE: ['approved', 'captured'],
  CANCEL: ['received', 'approved', 'captured'],
  REFUND_SALE: ['accepted'],
};

/** Days for which an authorisation can be captured, and a sale refunded. */
const CAPTURE_DAYS = 30;
const REFUND_DAYS = 180;

export function manage(bank: Bank, account: Account, action: Management, given: Given): Answer {
  const xref = given.get('xref');
  if (xref === undefined) return refusal(bank, account, given, missing('xref'));
  const known = bank.books.byXref(xref);
  if (known === null || known.merchantID !== account.merchantID) {
    return refusal(bank, account, given, unknownXref(bank));
  }
  const transaction = ripe(bank, known);
  switch (action) {
    case 'QUERY':
      return query(bank, account, given, transaction);
    case 'CANCEL':
    case 'CAPTURE':
      return modify(bank, account, action, given, transaction);
    case 'REFUND_SALE':
      return refund(bank, account, given, transaction);
  }
}

export const unknownXref = ({ switches }: Bank): Verdict =>
  switches.unknown_xref_code === 65_548 ? DATABASE_ERROR : invalid('xref');

/** A delayed capture that has become due meanwhile has happened. */
export function ripe(bank: Bank, transaction: Transaction): Transaction {
  const { state, captureAt } = transaction;
  if (state !== 'approved' || captureAt === null || captureAt > bank.now()) return transaction;
  return save(bank, { ...transaction, state: 'captured' }, captureAt);
}

function save(bank: Bank, transaction: Transaction, changed = bank.now()): Transaction {
  const saved = { ...transaction, changed };
  bank.books.put(saved);
  return saved;
}

/** The stored transaction with what came of the request about it. */
function answerAbout(
  bank: Bank,
  account: Account,
  action: Management,
  given: Given,
  { verdict, transaction }: { readonly verdict: Verdict; readonly transaction: Transaction },
): Answer {
  const { code, message } = transaction.verdict;
  const original: Field[] = [
    ['originalResponseCode', String(code)],
    ['originalResponseStatus', String(statusOf(code))],
    ['originalResponseMessage', message],
  ];
  // What is asked for is said again, except what the transaction has of its own.
  const asked = new Map([...given].filter(([name]) => name !== 'amount' && name !== 'xref'));
  return report(bank, account, asked, transaction, [
    ['action', `${action}:${transaction.action}`],
    ...verdictFields(verdict),
    ...(bank.switches.original_fields ? original : []),
  ]);
}

function query(bank: Bank, account: Account, given: Given, transaction: Transaction): Answer {
  const isOriginal = bank.switches.query_code === 'original';
  const verdict = isOriginal ? transaction.verdict : QUERIED;
  return answerAbout(bank, account, 'QUERY', given, { verdict, transaction });
}

const QUERIED: Verdict = { code: 0, message: 'Success' };

function modify(
  bank: Bank,
  account: Account,
  action: 'CAPTURE' | 'CANCEL',
  given: Given,
  transaction: Transaction,
): Answer {
  const refuse = (verdict: Verdict): Answer => refusal(bank, account, given, verdict);
  const isAllowed =
    ALLOWED[action].includes(transaction.state) && transaction.action !== 'REFUND_SALE';
  if (!isAllowed) return refuse(notAllowed(action, transaction.action));
  const details = [...given.keys()].map(rootOf).filter((root) => isDetail(root));
  if (details.some((root) => action !== 'CAPTURE' || root !== 'amount')) return refuse(MISMATCH);
  if (action === 'CANCEL') {
    const canceled = save(bank, {
      ...transaction,
      state: 'canceled',
      received: 0,
      authentication: null,
    });
    const verdict = { code: 0, message: 'Transaction cancelled.' };
    return answerAbout(bank, account, action, given, { verdict, transaction: canceled });
  }
  const isLate = bank.now() - transaction.created > CAPTURE_DAYS * DAY_MS;
  if (isLate) return refuse(EXPIRED);
  const amount = amountOf(given, transaction, transaction.received);
  if (amount === null || amount === 0) return refuse(invalid('amount'));
  // Once captured for less, the rest is gone.
  if (amount > transaction.received) return refuse(excess(bank, action, transaction));
  const captured = save(bank, {
    ...transaction,
    state: 'captured',
    received: amount,
    captureAt: null,
  });
  return answerAbout(bank, account, action, given, {
    verdict: { code: 0, message: 'Transaction captured.' },
    transaction: captured,
  });
}

const excess = (
  { switches }: Bank,
  action: Management,
  { action: original }: Transaction,
): Verdict => (switches.excess_code === 66_312 ? invalid('amount') : notAllowed(action, original));

const amountOf = (given: Given, { currency }: Transaction, otherwise: number): number | null => {
  const text = given.get('amount');
  const unit = currencyOf(currency);
  return text === undefined || unit === null ? otherwise : minorUnits(text, unit);
};

function refund(bank: Bank, account: Account, given: Given, sale: Transaction): Answer {
  const number = given.get('cardNumber')?.replaceAll(' ', '');
  const isOtherCard =
    given.has('paymentToken') || (number !== undefined && maskOf(number) !== sale.card?.mask);
  if (isOtherCard) return refusal(bank, account, given, MISMATCH);
  const currency = given.get('currencyCode');
  const isOtherCurrency = currency !== undefined && currencyOf(currency)?.numeric !== sale.currency;
  if (isOtherCurrency) return refusal(bank, account, given, MISMATCH);
  const amount = amountOf(given, sale, sale.amount);
  if (amount === null) return refusal(bank, account, given, invalid('amount'));
  const key = keyOf(
    {
      ...sale,
      action: 'REFUND_SALE',
      amount,
      reference: given.get('transactionUnique') ?? sale.reference,
    },
    sale.xref,
  );
  const duplicate = windowOf(bank, given, key);
  if (duplicate !== null) return refusal(bank, account, given, ...duplicate);
  const verdict = refuseRefund(bank, sale, amount);
  const transaction = newRefund(bank, given, sale, amount, verdict);
  bank.books.put(transaction);
  bank.books.take(key, { at: bank.now(), xref: transaction.xref });
  if (verdict !== null) return report(bank, account, given, transaction);
  const refunded = save(bank, { ...sale, refunded: sale.refunded + amount });
  return report(bank, account, given, transaction, [['amountRefunded', String(refunded.refunded)]]);
}

function refuseRefund(bank: Bank, sale: Transaction, amount: number): Verdict | null {
  const isAllowed = sale.action === 'SALE' && ALLOWED.REFUND_SALE.includes(sale.state);
  if (!isAllowed) return notAllowed('REFUND_SALE', sale.action);
  if (amount === 0) return invalid('amount');
  if (bank.now() - sale.created > REFUND_DAYS * DAY_MS) return EXPIRED;
  return sale.refunded + amount > sale.received ? excess(bank, 'REFUND_SALE', sale) : null;
}

function newRefund(
  bank: Bank,
  given: Given,
  sale: Transaction,
  amount: number,
  refused: Verdict | null,
): Transaction {
  const now = bank.now();
  return {
    ...sale,
    id: bank.books.lastId + 1,
    xref: newXref(now),
    action: 'REFUND_SALE',
    state: refused === null ? 'captured' : 'finished',
    verdict: refused ?? { code: 0, message: 'REFUNDACCEPTED' },
    fields: keptOf(given),
    reference: given.get('transactionUnique') ?? sale.reference,
    amount,
    approved: refused === null ? amount : 0,
    received: refused === null ? amount : 0,
    refunded: 0,
    results: [],
    authorisationCode: refused === null ? digits(6) : null,
    previous: sale.xref,
    authentication: null,
    captureAt: null,
    created: now,
    changed: now,
  };
}
