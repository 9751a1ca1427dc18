/** What an answer means for what was asked: of all that it says, only what adds up is believed. */
import {
  NoAnswer,
  type Approved,
  type Authorize,
  type CardFacts,
  type Challenge,
  type ChallengeStep,
  type Checks,
  type CheckResult,
  type Declined,
  type Outcome,
  type ThreeDSecure,
} from '../processor';
import { DECLINES } from '../simulator';
import { amountOf, type Answer } from './answer';
import { fieldOf, meaningOf } from './codes';
import { twoLetterCountry } from './countries';
import { recordOf, valueOf } from './fields';
import type { Log } from './line';
import { isCompared, numericCurrency } from './requests';
import { scrub } from './scrub';

/** States in which the issuer has said yes, and the money is held or on its way. */
const HELD: ReadonlySet<string> = new Set(['approved', 'captured', 'tendered', 'accepted']);
/** States in which nothing is held, and nothing will be. */
const ENDED: ReadonlySet<string> = new Set([
  'declined',
  'referred',
  'reversed',
  'canceled',
  'finished',
]);

/** "No reason to decline": an issuer's yes to a card that is only checked. */
const NO_REASON_TO_DECLINE = 85;

export const NO_CHECKS: Checks = {
  address_line1_check: null,
  address_postal_code_check: null,
  cvc_check: null,
};

/** How the payer came to where the answer is. */
export interface Way {
  /** The last frame that was shown, if one was. */
  readonly frame: Extract<ChallengeStep, { kind: 'frame' }> | null;
  /** The page for the frame that the answer may ask for. */
  readonly redirect: string;
  readonly now: Date;
}

/**
 * Of a SALE, a VERIFY or a continuation of one.
 *
 * @throws NoAnswer where it does not say, or contradicts itself.
 */
export function outcomeOfAuthorization(
  answer: Answer,
  asked: Authorize,
  way: Way,
  log: Log,
): Outcome {
  const { responseCode, xref } = answer;
  const meaning = isCheckPassed(answer, asked) ? APPROVED : meaningOf(responseCode);
  switch (meaning?.kind) {
    case 'approved':
      expectPaid(answer, asked, log);
      return approvedBy(answer, asked, way.frame);
    case 'challenge':
      return asked.off_session || asked.initiator === 'merchant'
        ? {
            kind: 'declined',
            transaction: xref,
            ...DECLINES.authentication_required,
            checks: NO_CHECKS,
          }
        : challengedBy(answer, asked, way);
    case 'declined':
    case 'refused':
      return declinedBy(answer, asked, log);
    case 'duplicate':
      throw new Duplicate(answer);
    case undefined:
    case 'unsure':
      return unsure(answer, log);
  }
}

/** The gateway has had this request before: no answer, but the proof that the first one arrived. */
export class Duplicate extends NoAnswer {
  constructor(readonly answer: Answer) {
    super('The gateway has had this request before.');
  }
}

const APPROVED = { kind: 'approved' } as const;

const isCheckPassed = ({ responseCode }: Answer, { amount }: Authorize): boolean =>
  amount === 0 && responseCode === NO_REASON_TO_DECLINE;

/** Nobody may conclude anything. @throws NoAnswer */
export function unsure(answer: Answer, log: Log): never {
  log.error({ answer: scrub(answer.fields) }, 'cardstream answered what says nothing certain');
  throw new NoAnswer(`The gateway answered with code ${answer.responseCode}.`);
}

/**
 * The guard before anything counts as paid: the state, the amount and the currency must say the same
 * as the code.
 */
function expectPaid(answer: Answer, asked: Authorize, log: Log): void {
  if (asked.amount === 0 ? isChecked(answer, asked) : isPaid(answer, asked)) return;
  unsure(answer, log);
}

const isChecked = (answer: Answer, asked: Authorize): boolean =>
  isNew(answer, asked) && (answer.state === 'verified' || answer.state === 'reversed');

/** The transaction is a new one: an answer that names the one whose card was taken is about that. */
export const isPaid = (answer: Answer, asked: Authorize): boolean =>
  isNew(answer, asked) &&
  HELD.has(answer.state ?? '') &&
  amountOf(answer, 'amountReceived') === asked.amount &&
  valueOf(answer.fields, 'currencyCode') === numericCurrency(asked.currency);

const isNew = ({ xref }: Answer, { card, previous }: Authorize): boolean =>
  xref !== null && xref !== card.token && xref !== previous;

export function approvedBy(answer: Answer, asked: Authorize, frame: Way['frame'] = null): Approved {
  const { fields, xref } = answer;
  const authentication = authenticationIn(answer, frame);
  const card = cardIn(answer);
  return {
    kind: 'approved',
    transaction: xref ?? '',
    authorization_code: valueOf(fields, 'authorisationCode'),
    checks: checksIn(answer, asked),
    network_transaction_id: valueOf(fields, 'schemeTransactionID'),
    ...(authentication === null ? {} : { three_d_secure: authentication }),
    ...(card === null ? {} : { card }),
  };
}

/**
 * The issuer's no, and a refusal of the request, which is ours to mend and is logged. Something that
 * is said to have been declined and is held all the same is neither.
 */
export function declinedBy(
  answer: Answer,
  asked: Authorize | null,
  log: Log,
  code = answer.responseCode,
): Declined {
  const { state, xref, fields } = answer;
  const meaning = meaningOf(code);
  if (state !== null && !ENDED.has(state)) unsure(answer, log);
  if (meaning?.kind !== 'declined' && meaning?.kind !== 'refused') unsure(answer, log);
  if (meaning.kind === 'refused') {
    log.error({ answer: scrub(fields), field: fieldOf(code) }, 'cardstream refused a request');
  }
  const card = cardIn(answer);
  return {
    kind: 'declined',
    transaction: xref,
    ...meaning.reason,
    checks: asked === null ? NO_CHECKS : checksIn(answer, asked),
    ...(card === null ? {} : { card }),
    advice: ADVICE[valueOf(fields, 'rtAdviceCode') ?? ''] ?? null,
  };
}

/** TABLE: `rtAdviceCode`, what the network advises after a decline. */
const ADVICE: Readonly<Record<string, Declined['advice']>> = {
  '1': 'confirm_card_data',
  '2': 'try_again_later',
  '3': 'do_not_try_again',
  '4': 'do_not_try_again',
};

/** More frames than any issuer needs: whoever goes round in a circle is let out. */
const ROUNDS_MAX = 5;
/** How long the gateway waits for the cardholder, as its references say. */
const CHALLENGE_S = 30 * 60;

/** @throws NoAnswer where it is not said what the browser is to do. */
function challengedBy(
  answer: Answer,
  asked: Authorize,
  { frame, redirect, now }: Way,
): Challenge | Declined {
  const { fields, xref } = answer;
  const url = valueOf(fields, 'threeDSURL');
  const ref = valueOf(fields, 'threeDSRef');
  const parts = recordOf(fields, 'threeDSRequest');
  const isWeb = url !== null && /^https?:$/.test(URL.canParse(url) ? new URL(url).protocol : '');
  if (!isWeb || ref === null || xref === null || !isNew(answer, asked) || parts.length === 0) {
    throw new NoAnswer('The gateway asks for a challenge and does not say which.');
  }
  const round = (frame?.round ?? 0) + 1;
  if (round > ROUNDS_MAX) return unauthenticated(xref);
  return {
    kind: 'challenge',
    transaction: xref,
    redirect,
    step: {
      kind: 'frame',
      visible: !parts.some(([name]) => name === 'threeDSMethodData'),
      url,
      parts,
      continuation: ref,
      round,
      // The first frame's time is that of all.
      expires: frame?.expires ?? Math.floor(now.getTime() / 1000) + CHALLENGE_S,
    },
  };
}

/** The cardholder was not authenticated, and without that nothing can come of the transaction. */
export const unauthenticated = (transaction: string | null): Declined => ({
  kind: 'declined',
  transaction,
  ...DECLINES.authentication_failure,
  checks: NO_CHECKS,
});

/** TABLE: results of comparing the security code, the digits of the address, the postcode. */
const CHECKED: Readonly<Record<string, CheckResult>> = {
  matched: 'pass',
  'not matched': 'fail',
  // Part of an address is not the address.
  'partially matched': 'fail',
  'not checked': 'unchecked',
  'not known': 'unavailable',
};

/** What was not given cannot be compared, whatever the answer says of it. */
function checksIn({ fields }: Answer, asked: Authorize): Checks {
  if (!isCompared(asked)) return NO_CHECKS;
  const result = (name: string): CheckResult => CHECKED[valueOf(fields, name) ?? ''] ?? null;
  const { billing } = asked;
  return {
    address_line1_check: hasText(billing?.line1) ? result('addressCheck') : null,
    address_postal_code_check: hasText(billing?.postal_code) ? result('postcodeCheck') : null,
    cvc_check: result('cv2Check'),
  };
}

const hasText = (text: string | null | undefined): boolean => (text ?? '') !== '';

/** TABLE: `threeDSAuthenticated`, of those that protect the merchant. */
const RESULTS: Readonly<Record<string, ThreeDSecure['result']>> = {
  Y: 'authenticated',
  A: 'attempt_acknowledged',
};

const VERSIONS: ReadonlySet<string> = new Set(['2.1.0', '2.2.0', '2.3.0', '2.3.1']);
const INDICATORS: ReadonlySet<string> = new Set(['01', '02', '05', '06']);

function authenticationIn({ fields }: Answer, frame: Way['frame']): ThreeDSecure | null {
  const result = RESULTS[valueOf(fields, 'threeDSAuthenticated') ?? ''];
  const indicator = valueOf(fields, 'threeDSECI') ?? '';
  const version = valueOf(fields, 'threeDSVersion') ?? '';
  if (result === undefined || !INDICATORS.has(indicator) || !VERSIONS.has(version)) return null;
  return {
    authentication_flow: frame?.visible === true ? 'challenge' : 'frictionless',
    electronic_commerce_indicator: indicator as ThreeDSecure['electronic_commerce_indicator'],
    result,
    transaction_id: valueOf(fields, 'threeDSXID') ?? '',
    version: version as ThreeDSecure['version'],
  };
}

/** TABLE: `cardTypeCode`, as Stripe's brand and funding. */
const CARD_TYPES: Readonly<Record<string, Pick<CardFacts, 'brand' | 'funding'>>> = {
  VC: { brand: 'visa', funding: 'credit' },
  VD: { brand: 'visa', funding: 'debit' },
  EL: { brand: 'visa', funding: 'debit' },
  VP: { brand: 'visa', funding: 'credit' },
  MC: { brand: 'mastercard', funding: 'credit' },
  MD: { brand: 'mastercard', funding: 'debit' },
  MA: { brand: 'mastercard', funding: 'debit' },
  MU: { brand: 'mastercard', funding: 'debit' },
  AM: { brand: 'amex', funding: 'credit' },
  JC: { brand: 'jcb', funding: 'credit' },
  DS: { brand: 'discover', funding: 'credit' },
  DI: { brand: 'diners', funding: 'credit' },
  CU: { brand: 'unionpay', funding: 'unknown' },
};

/** Null where the answer does not say which card it was. */
function cardIn({ fields }: Answer): CardFacts | null {
  const last4 = /\*(\d{4})$/.exec(valueOf(fields, 'cardNumberMask') ?? '')?.[1];
  const month = Number(valueOf(fields, 'cardExpiryMonth'));
  const year = Number(valueOf(fields, 'cardExpiryYear'));
  if (last4 === undefined || !(month >= 1 && month <= 12) || !(year >= 0 && year <= 99)) {
    return null;
  }
  const type = CARD_TYPES[valueOf(fields, 'cardTypeCode') ?? ''];
  return {
    brand: type?.brand ?? 'unknown',
    funding: type?.funding ?? 'unknown',
    last4,
    exp_month: month,
    exp_year: 2_000 + year,
    country: twoLetterCountry(valueOf(fields, 'cardIssuerCountryCode') ?? ''),
  };
}
