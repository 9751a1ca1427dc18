/** A request for a new transaction, read and checked: what is missing, what is not what it must be. */
import { CURRENCIES } from '@/server/kernel/currencies';
import type { Account } from './accounts';
import type { Bank } from './bank';
import { isLuhnValid } from '../../simulator/cards';
import { cardByMask, cardByNumber, maskOf, type TestCard } from './cards';
import { checkCvv } from './checks';
import { clonesCard, fieldsToClone, withCloned } from './clone';
import {
  CURRENCY_UNSUPPORTED,
  invalid,
  MISMATCH,
  missing,
  UNSUPPORTED,
  type CheckedField,
  type Verdict,
} from './codes';
import type { Given } from './request';
import { initiatorOf, refuseMerchants } from './stored';
import type { Token } from './tokens';
import type { Check, Initiator, Transaction, UsedCard } from './transaction';

export interface Order {
  readonly action: 'SALE' | 'PREAUTH' | 'VERIFY';
  /** With what was cloned. */
  readonly given: Given;
  readonly type: string;
  readonly initiator: Initiator;
  /** Minor units. */
  readonly amount: number;
  readonly currency: Currency;
  readonly card: UsedCard;
  /** Null: no test card, and refused once everything else is right. */
  readonly known: TestCard | null;
  readonly cv2: Check;
  readonly token: Token | null;
  readonly previous: Transaction | null;
  /** It ends a referral with the code that the issuer gave on the telephone. */
  readonly endsReferral: boolean;
}

export interface Currency {
  /** ISO 4217's letters, in capitals. */
  readonly code: string;
  readonly numeric: string;
  readonly exponent: number;
}

export const isVerdict = (result: object): result is Verdict =>
  'code' in result && 'message' in result;

/** TABLE: fields with a form of their own, wherever they come. */
const FORMS: Partial<Record<CheckedField, (value: string) => boolean>> = {
  amount: (value) => /^\d{1,12}$/.test(value) || /^\d{1,10}\.\d{1,3}$/.test(value),
  currencyCode: (value) => currencyOf(value) !== null,
  countryCode: (value) => /^(?:[A-Z]{2,3}|\d{3})$/i.test(value),
  type: (value) => ['1', '2', '9'].includes(value),
  cardNumber: (value) => isLuhnValid(digitsOf(value)),
  cardExpiryDate: (value) => /^(?:0[1-9]|1[0-2])\d\d$/.test(value),
  cardExpiryMonth: (value) => /^(?:0?[1-9]|1[0-2])$/.test(value),
  cardExpiryYear: (value) => /^\d\d$/.test(value),
  cardCVV: (value) => /^\d{3,4}$/.test(value),
  captureDelay: (value) => /^(?:-1|never|[12]?\d|30)$/.test(value),
  duplicateDelay: (value) => /^\d{1,4}$/.test(value),
  callbackURL: (value) => /^https?:$/.test(URL.canParse(value) ? new URL(value).protocol : ''),
  paymentMethod: (value) => value === 'card',
  cloneFields: (value) => fieldsToClone(value) !== null,
  threeDSPolicy: (value) => /^[1-6]$/.test(value),
  threeDSRequired: (value) => /^[YN]$/.test(value),
  scaExemption: (value) => /^(?:lowvalue|trusted|risk|corporate|delegated)$/.test(value),
};

/** What the real gateway does and this one does not: refused, so that nobody relies on it. */
const NOT_SPOKEN = [
  'threeDSOnly',
  'threeDSVersion',
  'walletStore',
  'cardStore',
  'walletID',
  'cardID',
  'cardToken',
  'rtScheduleType',
  'redirectURL',
];

const digitsOf = (number: string): string => number.replaceAll(' ', '');

/** The order, or the first thing that is wrong with it. */
export function readOrder(
  bank: Bank,
  account: Account,
  action: Order['action'],
  request: Given,
  previous: Transaction | null,
): Order | Verdict {
  const wrong = wrongForm(request);
  if (wrong !== null) return wrong;
  const wanted = fieldsToClone(request.get('cloneFields')) ?? new Set();
  const given = previous === null ? request : withCloned(request, previous, wanted);
  const absent = (['amount', 'type', 'currencyCode'] as const).find((name) => !given.has(name));
  if (absent !== undefined) return missing(absent);

  const currency = currencyOf(given.get('currencyCode') ?? '');
  const amount = currency === null ? null : minorUnits(given.get('amount') ?? '', currency);
  if (currency === null) return invalid('currencyCode');
  if (amount === null || (action === 'VERIFY' && amount !== 0)) return invalid('amount');
  if (account.currencies?.includes(currency.numeric) === false) return CURRENCY_UNSUPPORTED;

  const type = given.get('type') ?? '';
  const rtAgreementType = given.get('rtAgreementType');
  const initiator = initiatorOf({ type, rtAgreementType, initiator: given.get('initiator') });
  if (typeof initiator !== 'string') return initiator;
  if (initiator === 'merchant') {
    const refusal = refuseMerchants(rtAgreementType, chainOf(bank, previous), bank.now());
    if (refusal !== null) return refusal;
  }
  if (type === '9' && !account.continuous_authority) return UNSUPPORTED;

  const used = readCard(bank, request, previous, wanted);
  if (isVerdict(used)) return used;
  const needsCvv = account.cardCVVMandatory && initiator === 'consumer';
  if (needsCvv && used.token === null && !request.has('cardCVV')) return missing('cardCVV');
  const endsReferral = previous !== null && request.has('authorisationCode');
  const order = { action, given, type, initiator, amount, currency, previous, endsReferral };
  const isOther = endsReferral && !endsThat(previous, amount, used.card, action);
  return isOther ? MISMATCH : { ...order, ...used };
}

/** The one for which the code was given: nothing else may be had with it. */
const endsThat = (
  referred: Transaction,
  amount: number,
  card: UsedCard,
  action: Order['action'],
): boolean =>
  referred.state === 'referred' &&
  referred.action === action &&
  referred.amount === amount &&
  referred.card?.mask === card.mask;

function wrongForm(request: Given): Verdict | null {
  if (NOT_SPOKEN.some((name) => request.has(name))) return UNSUPPORTED;
  for (const [name, hasForm] of Object.entries(FORMS)) {
    const value = request.get(name);
    if (value !== undefined && !hasForm(value)) return invalid(name as CheckedField);
  }
  return null;
}

type Used = Pick<Order, 'card' | 'known' | 'cv2' | 'token'>;

function readCard(
  bank: Bank,
  request: Given,
  previous: Transaction | null,
  wanted: ReadonlySet<string>,
): Used | Verdict {
  const text = request.get('paymentToken');
  if (text !== undefined) return readToken(bank, request, text);
  const cloned = previous?.card ?? null;
  const clones = clonesCard(request, wanted);
  const number = digitsOf(request.get('cardNumber') ?? '');
  if (number === '' && (cloned === null || !clones.number)) return missing('cardNumber');
  const mask = number === '' ? (cloned?.mask ?? '') : maskOf(number);
  const known = number === '' ? cardByMask(mask) : cardByNumber(number);
  const expiry = clones.expiry ? cloned : readExpiry(request);
  if (expiry === null) return missing('cardExpiryDate');
  if (isVerdict(expiry)) return expiry;
  const { month, year } = expiry;
  if (hasExpired(month, year, bank.now())) return invalid('cardExpiryDate');
  return {
    card: { mask, month, year },
    known,
    cv2: checkCvv(known, request.get('cardCVV')),
    token: null,
  };
}

function readToken(bank: Bank, request: Given, text: string): Used | Verdict {
  const token = bank.tokens.find(text, request.get('merchantID') ?? '');
  if (token === null) return invalid('paymentToken');
  const { payment_token_life, payment_token_reuse } = bank.switches;
  const isOld = bank.now() - token.created > payment_token_life * 1000;
  const isSpent = token.isUsed && payment_token_reuse === 'refused';
  if (isOld || isSpent) return invalid('paymentToken');
  const { card, cv2 } = token;
  if (hasExpired(card.month, card.year, bank.now())) return invalid('cardExpiryDate');
  return { card, known: cardByMask(card.mask), cv2, token };
}

function readExpiry(request: Given): Pick<UsedCard, 'month' | 'year'> | Verdict | null {
  const date = request.get('cardExpiryDate');
  const month = date?.slice(0, 2) ?? request.get('cardExpiryMonth');
  const year = date?.slice(2) ?? request.get('cardExpiryYear');
  if (month === undefined && year === undefined) return null;
  if (month === undefined) return missing('cardExpiryMonth');
  if (year === undefined) return missing('cardExpiryYear');
  return { month: Number(month), year: Number(year) };
}

/** Good until the last day of its month. */
export const hasExpired = (month: number, year: number, now: number): boolean =>
  Date.UTC(2000 + year, month) <= now;

const NUMERIC = new Map(
  Object.entries(CURRENCIES).map(([code, { numeric, exponent }]): [string, Currency] => [
    numeric,
    { code: code.toUpperCase(), numeric, exponent },
  ]),
);

/** By its letters or its digits. */
export function currencyOf(text: string): Currency | null {
  const numeric = CURRENCIES[text.toLowerCase()]?.numeric ?? text;
  return NUMERIC.get(numeric) ?? null;
}

/** Without a point it counts minor units, with one major units. */
export function minorUnits(text: string, { exponent }: Currency): number | null {
  const [major = '', decimals] = text.split('.');
  if (!/^\d+$/.test(major + (decimals ?? ''))) return null;
  if (decimals === undefined) return Number(major);
  return decimals.length > exponent ? null : Number(major + decimals.padEnd(exponent, '0'));
}

/** From the transaction that is named back to the first: each was cloned from the next. */
function chainOf(bank: Bank, named: Transaction | null): Transaction[] {
  const chain: Transaction[] = [];
  for (let one = named; one !== null; one = bank.books.byXref(one.previous ?? '')) chain.push(one);
  return chain;
}
