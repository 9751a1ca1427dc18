/**
 * The bank's rules: what a request does to a hold, and what the merchant is told.
 *
 * Pure: a hold and a request go in, the next hold and an outcome come out. A refused request
 * leaves the hold as it was. Amounts are in the currency's minor unit (pence).
 */
import type {
  Approved,
  Authorize,
  Checks,
  Declined,
  Outcome,
  Settle,
  ThreeDSecure,
} from '../processor';
import { cardOf, digest, digestUuid, hasCvc, withCvc, type TestCard } from './cards';
import { DECLINES, REFUSALS, type Reason, type Refusal } from './declines';

export type HoldState =
  /** Waiting for the cardholder to prove who they are. */
  | 'challenged'
  /** They did; waiting for `resume`. */
  | 'authenticated'
  /** They could not; waiting for `resume`. */
  | 'unauthenticated'
  | 'authorized'
  | 'captured'
  | 'cancelled'
  | 'declined';

/** One authorization as the bank sees it. `refunded` ≤ `captured` ≤ `authorized` ≤ `requested`. */
export interface Hold {
  /** The bank's id of it. */
  readonly transaction: string;
  readonly token: string;
  readonly currency: string;
  readonly requested: number;
  /** Take the money as soon as it is authorized. */
  readonly capture: boolean;
  readonly state: HoldState;
  readonly authorized: number;
  readonly captured: number;
  readonly refunded: number;
}

export interface Decision {
  readonly hold: Hold;
  readonly outcome: Outcome;
}

/** What `authorize` needs to know beside the request. */
export interface Circumstances {
  /** The bank's id for the new transaction. */
  readonly transaction: string;
  /** Whether this very token has passed a challenge before. */
  readonly isSetUp: boolean;
  /** Where the cardholder would be challenged. */
  readonly redirect: string;
}

export function authorize(
  { amount, currency, card: { token, cvc }, capture, off_session }: Authorize,
  { transaction, isSetUp, redirect }: Circumstances,
): Decision {
  const hold: Hold = {
    transaction,
    token: cvc === undefined ? token : withCvc(token),
    currency,
    requested: amount,
    capture,
    state: 'challenged',
    authorized: 0,
    captured: 0,
    refunded: 0,
  };
  if (!isAmount(amount, 0)) return fail({ ...hold, requested: 0 }, REFUSALS.invalid_amount);
  const card = cardOf(token);
  if (card === null) return fail(hold, DECLINES.invalid_account);
  if (isExempt(card, off_session, isSetUp)) return conclude(hold, card);
  if (off_session) return fail(hold, DECLINES.authentication_required);
  return challenge(hold, redirect);
}

/** The cardholder answers the challenge at the bank; the merchant hears of it from `resume`. */
export const answer = (hold: Hold, passed: boolean): Hold =>
  hold.state === 'challenged'
    ? { ...hold, state: passed ? 'authenticated' : 'unauthenticated' }
    : hold;

export function resume(hold: Hold, redirect: string): Decision {
  if (hold.state === 'challenged') return challenge(hold, redirect);
  if (hold.state === 'unauthenticated') return fail(hold, DECLINES.authentication_failure);
  if (hold.state === 'cancelled') return refuse(hold, 'cancelled');
  if (hold.state !== 'authenticated') return refuse(hold, 'not_challenged');
  const card = cardOf(hold.token);
  return card === null
    ? fail(hold, DECLINES.invalid_account)
    : conclude(hold, card, { three_d_secure: authenticationOf(hold, card) });
}

export function capture(hold: Hold, { amount, currency }: Settle): Decision {
  if (hold.state === 'captured') return refuse(hold, 'captured');
  if (hold.state === 'cancelled') return refuse(hold, 'cancelled');
  if (hold.state !== 'authorized') return refuse(hold, 'not_authorized');
  if (currency !== hold.currency) return refuse(hold, 'other_currency');
  if (!isAmount(amount, 1)) return refuse(hold, 'invalid_amount');
  if (amount > hold.authorized) return refuse(hold, 'over_capture');
  return approve({ ...hold, state: 'captured', captured: amount });
}

/** A payment that still waits for its cardholder can be given up, too. */
export function cancel(hold: Hold): Decision {
  if (hold.state === 'captured') return refuse(hold, 'captured');
  if (hold.state === 'cancelled') return refuse(hold, 'cancelled');
  if (hold.state === 'declined') return refuse(hold, 'not_authorized');
  return approve({ ...hold, state: 'cancelled' });
}

/** `transaction` is the bank's id of the refund itself. */
export function refund(hold: Hold, { amount, currency }: Settle, transaction: string): Decision {
  if (hold.state !== 'captured') return refuse(hold, 'not_captured');
  if (currency !== hold.currency) return refuse(hold, 'other_currency');
  if (!isAmount(amount, 1)) return refuse(hold, 'invalid_amount');
  if (hold.refunded === hold.captured) return refuse(hold, 'refunded');
  if (amount > hold.captured - hold.refunded) return refuse(hold, 'over_refund');
  const next = { ...hold, refunded: hold.refunded + amount };
  return cardOf(hold.token)?.sequel === 'refund_succeeds'
    ? { hold: next, outcome: { kind: 'pending', transaction } }
    : { hold: next, outcome: { ...APPROVED, transaction } };
}

/** The last word on a refund of `amount` whose first answer was `first`, some time later. */
export function concludeRefund(hold: Hold, amount: number, first: Outcome): Decision {
  if (first.kind === 'pending') {
    return { hold, outcome: { ...APPROVED, transaction: first.transaction } };
  }
  if (first.kind === 'approved' && cardOf(hold.token)?.sequel === 'refund_fails') {
    const next = { ...hold, refunded: hold.refunded - amount };
    return { hold: next, outcome: declined(REFUSALS.refund_failed, first.transaction) };
  }
  return { hold, outcome: first };
}

/** A whole number of minor units, `least` or more. */
export const isAmount = (amount: number, least: number): boolean =>
  Number.isSafeInteger(amount) && amount >= least;

/** A refusal is an answer about a request; it is not a decline of the card. */
export const refuse = (hold: Hold, refusal: Refusal): Decision => ({
  hold,
  outcome: declined(REFUSALS[refusal], hold.transaction),
});

/** A request about a transaction that the books do not have opens a page of its own. */
export function refuseUnknown(transaction: string): Decision {
  const hold: Hold = {
    transaction,
    token: '',
    currency: '',
    requested: 0,
    capture: false,
    state: 'declined',
    authorized: 0,
    captured: 0,
    refunded: 0,
  };
  return { hold, outcome: declined(REFUSALS.unknown_transaction, null) };
}

const NO_CHECKS: Checks = {
  address_line1_check: null,
  address_postal_code_check: null,
  cvc_check: null,
};

const APPROVED = { kind: 'approved', authorization_code: null, checks: NO_CHECKS } as const;

/** Whether the issuer decides without asking the cardholder who they are. */
const isExempt = (card: TestCard, offSession: boolean, isSetUp: boolean): boolean =>
  card.challenge === undefined ||
  (offSession && card.challenge === 'on_session') ||
  (offSession && card.challenge === 'unless_set_up' && isSetUp);

const challenge = (hold: Hold, redirect: string): Decision => ({
  hold,
  outcome: { kind: 'challenge', transaction: hold.transaction, redirect },
});

/** The issuer's decision, once nothing stands between it and the request. */
function conclude(
  hold: Hold,
  card: TestCard,
  authentication: Pick<Approved, 'three_d_secure'> = {},
): Decision {
  const isVerification = hold.requested === 0;
  const isSpared =
    (card.saves === true && isVerification) ||
    (card.decline === 'incorrect_cvc' && !hasCvc(hold.token));
  if (card.decline !== undefined && !isSpared) return fail(hold, DECLINES[card.decline]);
  const isTaken = hold.capture && !isVerification;
  return {
    hold: {
      ...hold,
      state: isTaken ? 'captured' : 'authorized',
      authorized: hold.requested,
      captured: isTaken ? hold.requested : 0,
    },
    outcome: {
      kind: 'approved',
      transaction: hold.transaction,
      authorization_code: digest(`authorization ${hold.transaction}`, 6).toUpperCase(),
      checks: checksOf(hold.token),
      ...authentication,
    },
  };
}

/** What the issuer tells of a challenge that was passed. */
const authenticationOf = ({ transaction }: Hold, { brand }: TestCard): ThreeDSecure => ({
  authentication_flow: 'challenge',
  electronic_commerce_indicator: brand === 'mastercard' ? '02' : '05',
  transaction_id: digestUuid(`authentication ${transaction}`),
  version: '2.2.0',
});

const approve = (hold: Hold): { hold: Hold; outcome: Approved } => ({
  hold,
  outcome: { ...APPROVED, transaction: hold.transaction },
});

const fail = (hold: Hold, reason: Reason): Decision => ({
  hold: { ...hold, state: 'declined' },
  outcome: { ...declined(reason, hold.transaction), checks: checksOf(hold.token) },
});

const declined = (reason: Reason, transaction: string | null): Declined => ({
  kind: 'declined',
  transaction,
  code: reason.code,
  decline_code: reason.decline_code,
  message: reason.message,
  checks: NO_CHECKS,
});

function checksOf(token: string): Checks {
  const card = cardOf(token);
  if (card === null) return NO_CHECKS;
  const checks: Checks = { ...NO_CHECKS, cvc_check: 'pass', ...card.checks };
  return hasCvc(token) ? checks : { ...checks, cvc_check: null };
}
