/**
 * The Direct API: one request, one answer. The order in which the real gateway looks at a request is
 * not documented; this one's is the order of this file.
 */
import { recordOf, rootOf, type Fields } from '../fields';
import { verify } from '../signature';
import type { Account } from './accounts';
import { refusal, report, type Answer } from './answer';
import type { Bank } from './bank';
import {
  AVSCV2_UNSUPPORTED,
  EXPIRED,
  invalid,
  MISMATCH,
  missing,
  NO_REQUEST,
  notAllowed,
  THREEDS_UNAVAILABLE,
  UNKNOWN_MERCHANT,
  UNREADABLE,
  type Verdict,
} from './codes';
import { keyOf, windowOf } from './duplicates';
import { manage, ripe, unknownXref, type Management } from './manage';
import { newXref } from './mint';
import { isVerdict, readOrder, type Order } from './order';
import { pay, resume, type Step } from './payment';
import { keptOf, toGiven, type Given } from './request';
import { REFERABLE_MS } from './stored';
import type { Transaction } from './transaction';

/** @param fields as they were posted; null where that was no form. */
export function answer(bank: Bank, fields: Fields | null): Answer {
  if (fields === null) return refusal(bank, null, new Map(), UNREADABLE);
  if (fields.length === 0) return refusal(bank, null, new Map(), NO_REQUEST);
  const given = toGiven(fields);
  const account = identify(bank, given);
  if (isVerdict(account)) return refusal(bank, null, given, account);
  const distrust = authenticate(bank, account, fields, given);
  if (distrust !== null) return refusal(bank, account, given, distrust);
  if (given.has('threeDSRef')) return proceed(bank, account, fields, given);
  return act(bank, account, given);
}

/** Whose request it is. A continuation of 3-D Secure may leave that to its reference. */
function identify(bank: Bank, given: Given): Account | Verdict {
  const merchantID = given.get('merchantID') ?? merchantOfRef(bank, given.get('threeDSRef'));
  if (merchantID === null) return missing('merchantID');
  return bank.accountOf(merchantID) ?? UNKNOWN_MERCHANT;
}

const merchantOfRef = (bank: Bank, ref: string | undefined): string | null =>
  ref === undefined ? null : (bank.books.byThreeDSRef(ref)?.merchantID ?? null);

function authenticate(bank: Bank, account: Account, fields: Fields, given: Given): Verdict | null {
  if (account.password !== null && given.get('merchantPwd') !== account.password) {
    return given.has('merchantPwd') ? invalid('merchantPwd') : missing('merchantPwd');
  }
  if (account.secret === null) return null;
  switch (verify(fields, account.secret)) {
    case 'whole':
    case 'partial':
      return null;
    case 'missing':
      return isBareContinuation(given) ? null : missing('signature');
    case 'wrong':
      return { ...invalid('signature'), code: bank.switches.wrong_signature_code };
  }
}

/** Nothing but the reference and what the issuer's page sent: the guide lets that pass unsigned. */
const isBareContinuation = (given: Given): boolean =>
  given.has('threeDSRef') &&
  [...given.keys()].every((name) => ['threeDSRef', 'threeDSResponse'].includes(rootOf(name)));

type New = Order['action'];

/** TABLE: what is done with an action. Null: this account may not. */
const ACTIONS: Readonly<Record<string, 'new' | 'manage' | null>> = {
  SALE: 'new',
  PREAUTH: 'new',
  VERIFY: 'new',
  CAPTURE: 'manage',
  CANCEL: 'manage',
  QUERY: 'manage',
  REFUND_SALE: 'manage',
  REFUND: null,
  AUTHORISE: null,
};

function act(bank: Bank, account: Account, given: Given): Answer {
  const action = given.get('action');
  if (action === undefined) return refusal(bank, account, given, missing('action'));
  const kind = ACTIONS[action];
  if (kind === undefined) return refusal(bank, account, given, invalid('action'));
  if (kind === null) return refusal(bank, account, given, notAllowed(action, 'CARD'));
  if (kind === 'manage') return manage(bank, account, action as Management, given);
  return open(bank, account, action as New, given);
}

function open(bank: Bank, account: Account, action: New, request: Given): Answer {
  const refuse = (verdict: Verdict, more: Fields = []): Answer =>
    refusal(bank, account, request, verdict, more);
  const previous = previousOf(bank, account, request);
  if (previous !== null && isVerdict(previous)) return refuse(previous);
  const order = readOrder(bank, account, action, request, previous);
  if (isVerdict(order)) return refuse(order);
  const unable = refuseChecks(account, order.given);
  if (unable !== null) return refuse(unable);
  if (request.get('checkOnly') === 'Y') return refuse(CHECKED);

  const transaction = newTransaction(bank, account, order);
  const isByXref = !request.has('cardNumber') && !request.has('paymentToken');
  const key = keyOf(transaction, isByXref ? transaction.previous : null);
  const duplicate = windowOf(bank, order.given, key);
  if (duplicate !== null) return refuse(...duplicate);
  if (order.token?.isUsed === true && bank.switches.payment_token_reuse !== 'allowed') {
    return refuse(invalid('paymentToken'));
  }
  const step = pay(bank, account, transaction);
  if (isVerdict(step)) return refuse(step);
  if (order.token !== null) bank.tokens.use(order.token);
  bank.books.take(key, { at: bank.now(), xref: transaction.xref });
  return write(bank, account, request, step);
}

const CHECKED: Verdict = { code: 0, message: 'Request checked' };

/** What the request names as the transaction to take from: null where it names none. */
function previousOf(bank: Bank, account: Account, given: Given): Transaction | Verdict | null {
  const xref = given.get('xref');
  if (xref === undefined) return null;
  const previous = bank.books.byXref(xref);
  if (previous?.merchantID !== account.merchantID) return unknownXref(bank);
  return bank.now() - previous.created > REFERABLE_MS ? EXPIRED : ripe(bank, previous);
}

/** What a request insists on, and the account does not have. */
function refuseChecks(account: Account, given: Given): Verdict | null {
  if (given.get('avscv2CheckRequired') === 'Y' && !account.avscv2) return AVSCV2_UNSUPPORTED;
  return given.get('threeDSRequired') === 'Y' && !account.three_ds ? THREEDS_UNAVAILABLE : null;
}

function newTransaction(bank: Bank, account: Account, order: Order): Transaction {
  const now = bank.now();
  const given = new Map(order.given);
  if (!given.has('countryCode')) given.set('countryCode', account.countryCode);
  return {
    id: bank.books.lastId + 1,
    xref: newXref(now),
    merchantID: account.merchantID,
    action: order.action,
    state: 'received',
    verdict: { code: 65_536, message: 'In progress' },
    fields: keptOf(given),
    card: order.card,
    initiator: order.initiator,
    type: order.type,
    reference: given.get('transactionUnique') ?? null,
    amount: order.amount,
    currency: order.currency.numeric,
    approved: 0,
    received: 0,
    refunded: 0,
    cv2: order.cv2,
    results: [],
    authorisationCode: null,
    previous: order.previous?.xref ?? null,
    authentication: null,
    captureAt: null,
    created: now,
    changed: now,
  };
}

/** On with a payment that waits for its cardholder. */
function proceed(bank: Bank, account: Account, fields: Fields, given: Given): Answer {
  const ref = given.get('threeDSRef') ?? '';
  const refuse = (verdict: Verdict): Answer => refusal(bank, account, given, verdict);
  const transaction = bank.books.byThreeDSRef(ref);
  const authentication = transaction?.authentication;
  // An earlier step's reference, and one whose payment has ended, are as good as unknown.
  const isLatest = authentication?.ref === ref && transaction?.merchantID === account.merchantID;
  if (transaction === null || authentication == null || !isLatest) {
    return refuse(invalid('threeDSRef'));
  }
  if (bank.now() > authentication.expires) return refuse(EXPIRED);
  const isOther = ['cardNumber', 'amount', 'currencyCode', 'paymentToken'].some((name) => {
    const value = given.get(name);
    return value !== undefined && !isSame(transaction, name, value);
  });
  if (isOther) return refuse(MISMATCH);
  const response = new Map(recordOf(fields, 'threeDSResponse'));
  if (response.size === 0) return refuse(missing('threeDSResponse'));
  const step = resume(bank, account, transaction, response);
  return isVerdict(step) ? refuse(step) : write(bank, account, given, step);
}

const isSame = ({ amount, currency }: Transaction, name: string, value: string): boolean =>
  (name === 'amount' && value === String(amount)) ||
  (name === 'currencyCode' && value === currency);

function write(bank: Bank, account: Account, given: Given, { transaction, more }: Step): Answer {
  const written = { ...transaction, changed: bank.now() };
  bank.books.put(written);
  return report(bank, account, given, written, more);
}
