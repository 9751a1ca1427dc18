/**
 * The bank's rules: what a request does to a hold, and what the merchant is told.
 *
 * Pure: a hold and a request go in, the next hold and an outcome come out. A refused request
 * leaves the hold as it was. Amounts are in the currency's minor unit (pence).
 */
import type {
  Approved,
  Authorize,
  Capture,
  Checks,
  Declined,
  Granted,
  Latitude,
  Outcome,
  Settle,
  ThreeDSecure,
} from '../processor';
import { authenticate, passed, rejected } from './authentication';
import { cardOf, digest, hasCvc, withCvc, type Brand, type Sequel, type TestCard } from './cards';
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
  /** What was granted beyond one capture; until it is authorized, what was asked for. */
  readonly latitudes: readonly Latitude[];
}

/** What the bank looks at in a request. */
type Terms = Pick<
  Authorize,
  | 'amount'
  | 'currency'
  | 'card'
  | 'capture'
  | 'off_session'
  | 'request_three_d_secure'
  | 'authentication'
  | 'latitudes'
>;

export interface Decision {
  readonly hold: Hold;
  readonly outcome: Outcome;
  /** What the bank will tell of it, without being asked. */
  readonly sequel?: Sequel;
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
  terms: Terms,
  { transaction, isSetUp, redirect }: Circumstances,
): Decision {
  const {
    amount,
    card: { token, cvc },
  } = terms;
  const hold: Hold = {
    transaction,
    token: cvc === undefined ? token : withCvc(token),
    currency: terms.currency,
    requested: amount,
    capture: terms.capture,
    state: 'challenged',
    authorized: 0,
    captured: 0,
    refunded: 0,
    latitudes: terms.latitudes ?? [],
  };
  if (!isAmount(amount, 0)) return fail({ ...hold, requested: 0 }, REFUSALS.invalid_amount);
  const card = cardOf(token);
  if (card === null) return fail(hold, DECLINES.invalid_account);
  const verdict = authenticate(card, { terms, transaction, isSetUp });
  switch (verdict.kind) {
    case 'ask':
      return challenge(hold, redirect);
    case 'absent':
      return fail(hold, DECLINES.authentication_required);
    case 'proceed':
      return conclude(hold, card, verdict);
  }
}

/** The cardholder answers the challenge at the bank; the merchant hears of it from `resume`. */
export const answer = (hold: Hold, passed: boolean): Hold =>
  hold.state === 'challenged'
    ? { ...hold, state: passed ? 'authenticated' : 'unauthenticated' }
    : hold;

export function resume(hold: Hold, redirect: string): Decision {
  if (hold.state === 'challenged') return challenge(hold, redirect);
  if (hold.state === 'unauthenticated') {
    return fail(hold, DECLINES.authentication_failure, {
      three_d_secure: rejected(hold.transaction),
    });
  }
  if (hold.state === 'cancelled') return refuse(hold, 'cancelled');
  if (hold.state !== 'authenticated') return refuse(hold, 'not_challenged');
  const card = cardOf(hold.token);
  return card === null
    ? fail(hold, DECLINES.invalid_account)
    : conclude(hold, card, { three_d_secure: passed(card, hold.transaction, 'challenge') });
}

/** A capture that leaves nothing to be captured is final, whatever it says of itself. */
export function capture(hold: Hold, { amount, currency, final = true }: Capture): Decision {
  const refusal = refusalOfHeld(hold, currency);
  if (refusal !== null) return refuse(hold, refusal);
  // What was captured in part may be left at that: the rest is released.
  if (!isAmount(amount, final && hold.captured > 0 ? 0 : 1)) return refuse(hold, 'invalid_amount');
  if (!final && !hold.latitudes.includes('multicapture')) return refuse(hold, 'not_granted');
  const captured = hold.captured + amount;
  if (captured > maximumOf(hold)) return refuse(hold, 'over_capture');
  const authorized = Math.max(hold.authorized, captured);
  const { outcome, hold: next } = approve({
    ...hold,
    state: final || captured === authorized ? 'captured' : 'authorized',
    requested: Math.max(hold.requested, authorized),
    authorized,
    captured,
  });
  const card = cardOf(hold.token);
  if (card === null) return { hold: next, outcome };
  // What follows the payment follows the last of its parts.
  const { available, ...marks } = marksOf(card);
  const settles = available === undefined ? {} : { available };
  return next.state === 'captured'
    ? { hold: next, outcome: { ...outcome, ...settles, ...marks }, ...sequelOf(card) }
    : { hold: next, outcome: { ...outcome, ...settles } };
}

/** An issuer lets what it reserves at most double at a time. */
export function increment(hold: Hold, { amount, currency }: Settle): Decision {
  const refusal = refusalOfHeld(hold, currency);
  if (refusal !== null) return refuse(hold, refusal);
  if (!hold.latitudes.includes('incremental_authorization')) return refuse(hold, 'not_granted');
  if (!isAmount(amount, hold.authorized + 1)) return refuse(hold, 'invalid_amount');
  if (amount > 2 * hold.authorized) {
    const { transaction } = hold;
    return { hold, outcome: declined(DECLINES.insufficient_funds, transaction) };
  }
  const next = { ...hold, requested: amount, authorized: amount };
  const { outcome } = approve(next);
  return { hold: next, outcome: { ...outcome, granted: grantedTo(next) } };
}

/** Why nothing can be done to a hold; null where it is held. */
function refusalOfHeld(hold: Hold, currency: string): Refusal | null {
  if (hold.state === 'captured' || hold.state === 'cancelled') return hold.state;
  if (hold.state !== 'authorized') return 'not_authorized';
  return currency === hold.currency ? null : 'other_currency';
}

/** A payment that still waits for its cardholder can be given up, too. */
export function cancel(hold: Hold): Decision {
  if (hold.state === 'captured' || hold.captured > 0) return refuse(hold, 'captured');
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
  const sequel = cardOf(hold.token)?.sequel;
  switch (sequel) {
    case 'refund_succeeds':
      return { hold: next, outcome: { kind: 'pending', transaction }, sequel };
    case 'refund_fails':
      return { hold: next, outcome: { ...APPROVED, transaction }, sequel };
    default:
      return { hold: next, outcome: { ...APPROVED, transaction } };
  }
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
    latitudes: [],
  };
  return { hold, outcome: declined(REFUSALS.unknown_transaction, null) };
}

const NO_CHECKS: Checks = {
  address_line1_check: null,
  address_postal_code_check: null,
  cvc_check: null,
};

const APPROVED = { kind: 'approved', authorization_code: null, checks: NO_CHECKS } as const;

const challenge = (hold: Hold, redirect: string): Decision => ({
  hold,
  outcome: { kind: 'challenge', transaction: hold.transaction, redirect },
});

/** The issuer's decision, once nothing stands between it and the request. */
function conclude(
  hold: Hold,
  card: TestCard,
  { three_d_secure }: { readonly three_d_secure?: ThreeDSecure | undefined } = {},
): Decision {
  const authentication = three_d_secure === undefined ? {} : { three_d_secure };
  const isVerification = hold.requested === 0;
  const isSpared =
    (card.saves === true && isVerification) ||
    (card.decline === 'incorrect_cvc' && !hasCvc(hold.token));
  if (card.decline !== undefined && !isSpared) {
    return fail(hold, DECLINES[card.decline], authentication);
  }
  const isTaken = hold.capture && !isVerification;
  const next: Hold = {
    ...hold,
    state: isTaken ? 'captured' : 'authorized',
    authorized: hold.requested,
    captured: isTaken ? hold.requested : 0,
    latitudes: isTaken || isVerification ? [] : hold.latitudes.filter(isGrantedTo(card)),
  };
  return {
    hold: next,
    outcome: {
      kind: 'approved',
      transaction: hold.transaction,
      authorization_code: digest(`authorization ${hold.transaction}`, 6).toUpperCase(),
      checks: checksOf(hold.token),
      ...(isTaken ? marksOf(card) : {}),
      ...authentication,
      ...(next.latitudes.length === 0 ? {} : { granted: grantedTo(next) }),
    },
    ...(isTaken ? sequelOf(card) : {}),
  };
}

/** What follows money that was taken. The sequels of refunds wait for one. */
const FOLLOWS_A_PAYMENT = (sequel: Sequel): boolean => /^dispute|^early/.test(sequel);

const sequelOf = ({ sequel }: TestCard): Pick<Decision, 'sequel'> =>
  sequel !== undefined && FOLLOWS_A_PAYMENT(sequel) ? { sequel } : {};

/** How the answer says that something follows, or that the money skips the wait. */
const marksOf = (card: TestCard): Pick<Approved, 'available' | 'notice'> => ({
  ...(card.sequel === 'funds_available' ? { available: true } : {}),
  ...('sequel' in sequelOf(card) ? { notice: true } : {}),
});

/** TABLE: the brands whose networks have each. Stripe's own list differs by country and trade. */
const NETWORKS: Readonly<Record<Latitude, readonly Brand[]>> = {
  extended_authorization: ['amex', 'discover', 'mastercard', 'visa'],
  incremental_authorization: ['amex', 'discover', 'mastercard', 'visa'],
  multicapture: ['amex', 'diners', 'discover', 'jcb', 'mastercard', 'unionpay', 'visa'],
  overcapture: ['amex', 'discover', 'mastercard', 'visa'],
};

const isGrantedTo =
  ({ brand }: TestCard) =>
  (latitude: Latitude): boolean =>
    NETWORKS[latitude].includes(brand);

/** What may be captured beyond what is reserved, in hundredths: Visa's, of any trade. */
const OVERCAPTURE_PERCENT = 15;
const DAYS = 7;
const DAYS_EXTENDED = 30;

const maximumOf = ({ authorized, latitudes }: Hold): number =>
  latitudes.includes('overcapture')
    ? authorized + Math.floor((authorized * OVERCAPTURE_PERCENT) / 100)
    : authorized;

const grantedTo = (hold: Hold): Granted => ({
  latitudes: hold.latitudes,
  maximum: maximumOf(hold),
  days: hold.latitudes.includes('extended_authorization') ? DAYS_EXTENDED : DAYS,
});

const approve = (hold: Hold): { hold: Hold; outcome: Approved } => ({
  hold,
  outcome: { ...APPROVED, transaction: hold.transaction },
});

const fail = (
  hold: Hold,
  reason: Reason,
  authentication: Pick<Declined, 'three_d_secure'> = {},
): Decision => ({
  hold: { ...hold, state: 'declined', latitudes: [] },
  outcome: {
    ...declined(reason, hold.transaction),
    checks: checksOf(hold.token),
    ...authentication,
  },
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
