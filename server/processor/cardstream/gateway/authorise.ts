/** The acquirer's part: the amount, the address, the security code; then the money is reserved. */
import { asRecord, type Field } from '../fields';
import type { Account } from './accounts';
import { authoriseAmount, testAmount } from './amounts';
import type { Bank } from './bank';
import type { TestCard } from './cards';
import { accepts, checkAddress, NOT_CHECKED, toResults, type Checks } from './checks';
import { AVSCV2_DECLINED, statusOf, type Verdict } from './codes';
import { digits, hex } from './mint';
import { currencyOf } from './order';
import { toGiven, type Given } from './request';
import type { State, Transaction } from './transaction';

export interface Need {
  /** Strong customer authentication applies to this payment, and has not succeeded. */
  readonly authentication: boolean;
}

/** The payment as the acquirer left it. */
export function authorise(
  bank: Bank,
  account: Account,
  transaction: Transaction,
  card: TestCard,
  need: Need,
): Transaction {
  const given = toGiven(transaction.fields);
  const asked = askAcquirer(bank, transaction, given, need);
  const checks = check(account, transaction, given, card);
  const results = [
    ...transaction.results,
    ...toResults(checks),
    ['vcsResponseCode', '0'] as const,
    ['vcsResponseMessage', 'Success - no velocity check rules applied'] as const,
  ];
  if (asked.code !== 0) {
    const state = stateOfRefusal(asked);
    const advice = adviceOf(asked, given);
    const all = [...results, ...acquirerFields(asked), ...advice];
    return { ...transaction, state, verdict: asked, results: all };
  }
  // A referral brought its code along.
  const authorisationCode = given.get('authorisationCode') ?? digits(6);
  const approval: Verdict = { code: 0, message: `AUTHCODE:${authorisationCode}` };
  const all = [...results, ...acquirerFields(approval), ...schemeFields(card)];
  const authorised = { ...transaction, results: all, authorisationCode, verdict: approval };
  if (!areAccepted(checks, given, account)) {
    return { ...authorised, state: 'reversed', verdict: AVSCV2_DECLINED };
  }
  return { ...authorised, ...takenBy(bank, transaction, given, approval) };
}

function askAcquirer(bank: Bank, transaction: Transaction, given: Given, need: Need): Verdict {
  if (transaction.action === 'VERIFY') return { code: 0, message: '' };
  const exponent = currencyOf(transaction.currency)?.exponent ?? 2;
  const amount = testAmount(transaction.amount, exponent, given.get('customerName'));
  return authoriseAmount(amount, {
    isVoiceAuthorised: given.has('authorisationCode'),
    needsAuthentication: need.authentication,
    referralCode: bank.switches.referral_code,
  });
}

/** How it stands once it is approved, by what was asked for. */
function takenBy(
  bank: Bank,
  { action, amount, created }: Transaction,
  given: Given,
  approval: Verdict,
): Partial<Transaction> {
  if (action === 'PREAUTH') return { state: 'reversed' };
  if (action === 'VERIFY') {
    return { state: 'verified', verdict: { ...approval, code: bank.switches.verified_code } };
  }
  const delay = given.get('captureDelay') ?? '0';
  const days = delay === 'never' ? -1 : Number(delay);
  return {
    state: days === 0 ? 'captured' : 'approved',
    approved: amount,
    received: amount,
    captureAt: days > 0 ? created + days * DAY_MS : null,
  };
}

export const DAY_MS = 86_400_000;

const stateOfRefusal = ({ code, message }: Verdict): State => {
  if (statusOf(code) === 2) return 'finished';
  return message === 'CARD REFERRED' ? 'referred' : 'declined';
};

function check(account: Account, { cv2 }: Transaction, given: Given, card: TestCard): Checks {
  const isAsked = account.avscv2 && given.get('avscv2CheckRequired') !== 'N';
  if (!isAsked) return NOT_CHECKED;
  const address = given.get('customerAddress');
  const postcode = given.get('customerPostcode') ?? given.get('customerPostCode');
  return { cv2, ...checkAddress(card, { address, postcode }) };
}

const areAccepted = (checks: Checks, given: Given, account: Account): boolean =>
  accepts(given.get('cv2CheckPref') ?? account.cv2CheckPref, checks.cv2) &&
  accepts(given.get('addressCheckPref') ?? account.addressCheckPref, checks.address) &&
  accepts(given.get('postcodeCheckPref') ?? account.postcodeCheckPref, checks.postcode);

const acquirerFields = ({ code, message }: Verdict): Field[] => [
  ['acquirerResponseCode', String(code)],
  ['acquirerResponseMessage', message],
  ['acquirerTransactionID', hex(13)],
  ...asRecord('acquirerResponseDetails', [
    ['terminalID', '00000001'],
    ['batchNumber', '1'],
    ['acquirerName', 'Simulator'],
  ]),
];

/**
 * By which later payments of an agreement are known to the scheme: fifteen digits, as Visa's are, and
 * the first of them 0, so that a search for leaked card numbers never takes one for an American
 * Express number.
 */
const schemeFields = ({ type }: TestCard): Field[] =>
  type.threeDS ? [['schemeTransactionID', `0${digits(14)}`]] : [];

/** What issuers advise where an agreement is behind the payment: try later (2), or never again (3). */
function adviceOf({ code }: Verdict, given: Given): Field[] {
  if (!given.has('rtAgreementType') || statusOf(code) !== 1) return [];
  return [['rtAdviceCode', code === 5 ? '2' : '3']];
}
