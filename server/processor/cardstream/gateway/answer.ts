/**
 * What is answered: the request again, how the transaction stands, and the account's flags. Root
 * fields are in no alphabetical order on purpose, and the parts of a record are together in theirs:
 * whoever sorts what must not be sorted finds the signature wrong.
 */
import { rootOf, type Field, type Fields } from '../fields';
import { flagsOf, type Account } from './accounts';
import type { Bank } from './bank';
import { cardByMask, typeOfNumber } from './cards';
import { statusOf, type Verdict } from './codes';
import { newRequestId, newWafRequestId, newXref, timestampOf } from './mint';
import { currencyOf } from './order';
import { echoOf, type Given } from './request';
import type { Transaction, UsedCard } from './transaction';

/** Before it is signed and sent. */
export interface Answer {
  readonly fields: Fields;
  /** Whose secret signs it; null where nobody knows whose request it was. */
  readonly account: Account | null;
  /** Where a copy goes. */
  readonly callbackURL: string | null;
  /** `SALE`, `CANCEL` …, or empty: what faults are aimed at. */
  readonly action: string;
}

/** No transaction: the request is answered, and forgotten. */
export function refusal(
  bank: Bank,
  account: Account | null,
  given: Given,
  verdict: Verdict,
  more: Fields = [],
): Answer {
  const now = bank.now();
  return {
    account,
    action: given.get('action') ?? '',
    callbackURL: account === null ? null : (given.get('callbackURL') ?? null),
    fields: assemble(bank, [
      ...echoOf(given),
      ...(account === null ? [] : accountFields(account)),
      ...verdictFields(verdict),
      ['state', 'finished'],
      ['requestID', newRequestId(now)],
      ['xref', newXref(now)],
      ...more,
      ['timestamp', timestampOf(now)],
    ]),
  };
}

/** How a transaction stands, told to whoever made it or asks about it. */
export function report(
  bank: Bank,
  account: Account,
  given: Given,
  transaction: Transaction,
  more: Fields = [],
): Answer {
  const own = transaction.fields.find(([name]) => name === 'callbackURL')?.[1] ?? null;
  return {
    account,
    action: given.get('action') ?? transaction.action,
    callbackURL: given.get('callbackURL') ?? (given.has('threeDSRef') ? own : null),
    fields: assemble(bank, [
      ...transaction.fields,
      ...echoOf(given),
      ...verdictFields(transaction.verdict),
      ...standingOf(bank, transaction),
      ...accountFields(account),
      ['requestID', newRequestId(bank.now())],
      ...transaction.results,
      ...more,
      ['timestamp', timestampOf(transaction.changed)],
    ]),
  };
}

export const verdictFields = ({ code, message }: Verdict): Field[] => [
  ['responseCode', String(code)],
  ['responseMessage', message],
  ['responseStatus', String(statusOf(code))],
];

const accountFields = (account: Account): Field[] => [
  ['merchantID', account.merchantID],
  ['requestMerchantID', account.merchantID],
  ['processMerchantID', account.merchantID],
  ...flagsOf(account),
];

function standingOf(bank: Bank, transaction: Transaction): Field[] {
  const { action, amount, approved, received, refunded, currency, previous } = transaction;
  const hasBeenAuthorised = transaction.authorisationCode !== null;
  return [
    ['transactionID', String(transaction.id)],
    ['xref', transaction.xref],
    ['state', transaction.state],
    ['action', action],
    ['type', transaction.type],
    ['initiator', transaction.initiator],
    ['paymentMethod', 'card'],
    ['amount', String(amount)],
    ['amountApproved', String(approved)],
    ['amountReceived', String(received)],
    ['amountRetained', String(hasBeenAuthorised ? Math.max(received - refunded, 0) : 0)],
    ...(refunded === 0 ? [] : ([['amountRefunded', String(refunded)]] satisfies Field[])),
    ['currencyCode', currency],
    ['currencyExponent', String(currencyOf(currency)?.exponent ?? 2)],
    ['currencySymbol', symbolOf(currency)],
    ...(previous === null ? [] : previousOf(bank, previous)),
    ...(transaction.card === null ? [] : cardFields(transaction.card)),
    ...(hasBeenAuthorised
      ? ([['authorisationCode', transaction.authorisationCode ?? '']] satisfies Field[])
      : []),
  ];
}

/** The old transaction by its `transactionID`. */
const previousOf = (bank: Bank, xref: string): Field[] => {
  const previous = bank.books.byXref(xref);
  return previous === null ? [] : [['previousID', String(previous.id)]];
};

const SYMBOLS: Readonly<Record<string, string>> = {
  '826': '£',
  '840': '$',
  '978': '€',
  '392': '¥',
};

const symbolOf = (currency: string): string =>
  SYMBOLS[currency] ?? currencyOf(currency)?.code ?? '';

const two = (number: number): string => String(number).padStart(2, '0');

export function cardFields({ mask, month, year }: UsedCard): Field[] {
  const known = cardByMask(mask);
  const { type, typeCode, scheme, schemeCode } = known?.type ?? typeOfNumber(mask);
  return [
    ['cardNumberMask', mask],
    ['cardNumberValid', 'Y'],
    ['cardTypeCode', typeCode],
    ['cardType', type],
    ['cardSchemeCode', schemeCode],
    ['cardScheme', scheme],
    ['cardExpiryMonth', two(month)],
    ['cardExpiryYear', two(year)],
    ['cardExpiryDate', two(month) + two(year)],
    ['cardIssuer', known === null ? 'Unknown' : 'CALMONY TEST ISSUER'],
    ['cardIssuerCountry', known === null ? 'Unknown' : 'United Kingdom'],
    ['cardIssuerCountryCode', known === null ? 'XXX' : 'GBR'],
  ];
}

/** A field once, where it came first, with what was said of it last; and records kept together. */
function assemble(bank: Bank, fields: Fields): Fields {
  const values = new Map<string, string>();
  for (const [name, value] of fields) values.set(name, value);
  const postcode = values.get('customerPostcode') ?? values.get('customerPostCode');
  if (postcode !== undefined) values.set('customerPostcode', postcode);
  if (bank.switches.unknown_fields) {
    for (const [name, value] of STRANGE) values.set(name, value);
  }
  values.set('__wafRequestID', newWafRequestId(bank.now()));
  const groups = new Map<string, Field[]>();
  for (const field of values) {
    const root = rootOf(field[0]);
    const group = groups.get(root);
    if (group === undefined) groups.set(root, [field]);
    else group.push(field);
  }
  return [...groups.values()].flat();
}

/** What a later version might add: a record out of order, and a value that must be encoded well. */
const STRANGE: Fields = [
  ['zebraDetails[beta]', "it's 50% * ~new~"],
  ['zebraDetails[alpha]', ''],
  ['acquirerNotice', 'line 1\r\nline 2'],
];
