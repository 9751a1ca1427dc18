/**
 * A payment from its request to its end, or to the page where its cardholder has to answer first;
 * and from that page on.
 */
import type { Field, Fields } from '../fields';
import type { Account } from './accounts';
import { authorise } from './authorise';
import type { Bank } from './bank';
import { cardByMask, type TestCard } from './cards';
import { statusOf, THREEDS_DECLINED, THREEDS_REQUIRED, type Verdict } from './codes';
import { uuid } from './mint';
import { toGiven } from './request';
import * as threeDS from './three_d_secure';
import type { Result } from './three_d_secure';
import type { Authentication, Transaction } from './transaction';

export interface Step {
  readonly transaction: Transaction;
  /** What is for the browser, and for this answer only. */
  readonly more: Fields;
}

/** A number that is on no list: the test environment refuses it, and writes that down. */
const DISALLOWED: Verdict = { code: 65_566, message: 'Disallowed cardnumber' };

/** Takes a payment as far as it goes without its cardholder. A verdict where it cannot begin. */
export function pay(bank: Bank, account: Account, transaction: Transaction): Step | Verdict {
  const card = cardOf(transaction);
  if (card === null) {
    const code = bank.switches.disallowed_card_code;
    return end(transaction, { ...DISALLOWED, code });
  }
  const given = toGiven(transaction.fields);
  const external = threeDS.externalResult(given);
  if (external !== null) return payWithExternal(bank, account, transaction, card, external);
  // A referral ends with what the issuer said on the telephone: nobody is asked again.
  const isOpen = !given.has('authorisationCode');
  if (
    isOpen &&
    threeDS.isEligible(transaction, given, account, card) &&
    threeDS.asksBefore(given, account)
  ) {
    const refused = threeDS.refuseDevice(given);
    return refused ?? begin(bank, account, transaction, card);
  }
  return reserve(bank, account, transaction, card, null);
}

/** Goes on with what the issuer's page sent back. A verdict where it is not what was waited for. */
export function resume(
  bank: Bank,
  account: Account,
  transaction: Transaction,
  response: ReadonlyMap<string, string>,
): Step | Verdict {
  const { authentication } = transaction;
  const card = cardOf(transaction);
  if (authentication === null || card === null) return INVALID_RESPONSE;
  if (authentication.stage === 'method') {
    if (!response.has('threeDSMethodData')) return INVALID_RESPONSE;
    return decide(bank, account, transaction, authentication, card);
  }
  const cres = response.get('cres');
  if (cres === undefined) return INVALID_RESPONSE;
  return conclude(bank, account, transaction, authentication, answerOf(authentication, cres));
}

const INVALID_RESPONSE: Verdict = {
  code: 66_855,
  message: 'ERROR CODE (RC_INVALID_THREEDSRESPONSE)',
};

/**
 * What the browser brings is only the word of a browser. The result is what the issuer told the
 * gateway behind its back, as EMV 3-D Secure has it (RReq).
 */
function answerOf({ answer, serverTransID, acsTransID }: Authentication, cres: string): Result {
  const message = threeDS.readMessage(cres);
  const isOfThis =
    message?.['threeDSServerTransID'] === serverTransID && message['acsTransID'] === acsTransID;
  if (isOfThis && answer !== null) return { status: answer };
  const description = isOfThis ? 'Challenge was not completed' : 'The response is of no challenge';
  return { status: 'E', error: { code: '305', description } };
}

const cardOf = ({ card }: Transaction): TestCard | null =>
  card === null ? null : cardByMask(card.mask);

/** Looks at the browser first, where the issuer wants to. */
function begin(
  bank: Bank,
  account: Account,
  transaction: Transaction,
  card: TestCard,
): Step | Verdict {
  const first: Authentication = {
    stage: 'method',
    round: 0,
    ref: '',
    expires: 0,
    serverTransID: uuid(),
    acsTransID: uuid(),
    dsTransID: uuid(),
    answer: null,
  };
  if (card.skipsMethod === true) return decide(bank, account, transaction, first, card);
  return ask(bank, transaction, first);
}

/** The issuer decides, by the month of the card: at once, or it asks its cardholder. */
function decide(
  bank: Bank,
  account: Account,
  transaction: Transaction,
  authentication: Authentication,
  card: TestCard,
): Step | Verdict {
  const given = toGiven(transaction.fields);
  const isPlain = threeDS.notificationUrl(given, 'challenge').startsWith('http:');
  const result =
    isPlain && bank.switches.https_redirect_only
      ? threeDS.PLAIN_NOTIFICATION
      : threeDS.resultOfMonth(transaction.card?.month ?? 0);
  if (result.status === 'C')
    return ask(bank, transaction, { ...authentication, stage: 'challenge' });
  return conclude(bank, account, transaction, authentication, result, card);
}

/** Hands the browser over to the issuer, with a new reference for the way back. */
function ask(bank: Bank, transaction: Transaction, before: Authentication): Step {
  const now = bank.now();
  const expires = now + bank.switches.three_ds_ref_life * 1000;
  const round = before.round + 1;
  const ref = refOf(transaction, expires, round);
  const authentication = { ...before, round, ref, expires };
  const given = toGiven(transaction.fields);
  return {
    transaction: {
      ...transaction,
      authentication,
      verdict: THREEDS_REQUIRED,
      results: threeDS.progressOf(authentication, now),
    },
    more: threeDS.requestOf(authentication, given, bank.origin()),
  };
}

/** As it was recorded, with the number of the step: two of them may be in one second. */
const refOf = ({ id, merchantID }: Transaction, expires: number, round: number): string =>
  Buffer.from(
    `P3KEY:transactionID=${id}&merchantID=${merchantID}&__life__=${Math.floor(expires / 1000)}&__step__=${round}`,
  ).toString('base64');

function conclude(
  bank: Bank,
  account: Account,
  before: Transaction,
  authentication: Authentication,
  result: Result,
  card = cardOf(before),
): Step | Verdict {
  if (card === null) return INVALID_RESPONSE;
  const results = threeDS.resultFields(result, authentication, card, bank.now());
  const transaction: Transaction = { ...before, results, authentication: null };
  if (!threeDS.isAccepted(result, toGiven(before.fields), account)) {
    return end(transaction, THREEDS_DECLINED);
  }
  return reserve(bank, account, transaction, card, result);
}

/** The merchant's own 3-D Secure server was there before; its result is measured, or believed. */
function payWithExternal(
  bank: Bank,
  account: Account,
  before: Transaction,
  card: TestCard,
  result: Result,
): Step | Verdict {
  const transaction = { ...before, results: [threeDS.externalCheck(result)] };
  const isMeasured = bank.switches.external_authentication === 'measured';
  if (isMeasured && !threeDS.isAccepted(result, toGiven(before.fields), account)) {
    return end(transaction, THREEDS_DECLINED);
  }
  return reserve(bank, account, transaction, card, result);
}

/** To the acquirer; and from there to the cardholder after all, if the issuer insists. */
function reserve(
  bank: Bank,
  account: Account,
  transaction: Transaction,
  card: TestCard,
  result: Result | null,
): Step | Verdict {
  const given = toGiven(transaction.fields);
  // Said with `threeDSRequired=N` too: an issuer does not know what the merchant left out.
  const isSubject =
    account.three_ds && transaction.type === '1' && transaction.initiator === 'consumer';
  const need = { authentication: isSubject && !threeDS.isAuthenticated(result) };
  const reserved = authorise(bank, account, transaction, card, need);
  if (reserved.verdict.code !== SCA_REQUIRED) return { transaction: reserved, more: [] };
  if (result !== null) {
    const verdict: Verdict = { code: 5, message: 'CARD DECLINED' };
    return { transaction: { ...reserved, verdict }, more: [] };
  }
  const mayAsk =
    threeDS.isEligible(transaction, given, account, card) &&
    threeDS.asksForTheIssuer(given, account) &&
    threeDS.refuseDevice(given) === null;
  return mayAsk ? begin(bank, account, transaction, card) : { transaction: reserved, more: [] };
}

const SCA_REQUIRED = 65;

const end = (transaction: Transaction, verdict: Verdict, more: readonly Field[] = []): Step => ({
  transaction: {
    ...transaction,
    verdict,
    state: statusOf(verdict.code) === 2 ? 'finished' : 'declined',
  },
  more,
});
