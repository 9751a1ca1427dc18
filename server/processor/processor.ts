/**
 * A processor moves money on a card network. This is all we ask of one.
 *
 * Every request carries a `reference` that we minted and stored before calling, so that a reply
 * lost on the wire can be recovered with `inquire`. A declined card is an outcome, not an
 * exception: a verb throws only when there is no answer (broken connection, time-out, an answer
 * that cannot be trusted), and then nobody may conclude that money did or did not move.
 */
export interface Processor {
  readonly name: string;
  /** Reserves the amount, or takes it at once when `capture` is set. Amount 0 verifies the card. */
  authorize(request: Authorize): Promise<Outcome>;
  /** Resumes an authorization that stopped for the cardholder to prove who they are. */
  resume(request: Resume): Promise<Outcome>;
  /** Takes all or part of what was authorized; the rest is released. */
  capture(request: Settle): Promise<Outcome>;
  /** Gives up an authorization that was not captured. */
  cancel(request: Reverse): Promise<Outcome>;
  /** Gives back all or part of what was captured. */
  refund(request: Settle): Promise<Outcome>;
  /** What became of a reference: its outcome, or null when the processor never heard of it. */
  inquire(reference: string): Promise<Outcome | null>;
}

/** What a card is to a processor: a token it issued, never a number. */
export interface CardToken {
  readonly token: string;
  /** Of the card form, when the cardholder typed it for this payment. Never stored. */
  readonly cvc?: string;
}

export interface Authorize {
  readonly reference: string;
  /** In the currency's minor unit (pence). */
  readonly amount: number;
  /** ISO 4217, lower case. */
  readonly currency: string;
  readonly card: CardToken;
  /** Take the money now, instead of only reserving it. */
  readonly capture: boolean;
  /** The cardholder is not there to answer a challenge. */
  readonly off_session: boolean;
  readonly statement_descriptor: string | null;
}

export interface Resume {
  readonly reference: string;
  /** The `transaction` of the challenge. */
  readonly transaction: string;
}

export interface Settle {
  readonly reference: string;
  /** The `transaction` of the approved authorization. */
  readonly transaction: string;
  /** In the currency's minor unit (pence). */
  readonly amount: number;
  readonly currency: string;
}

export interface Reverse {
  readonly reference: string;
  readonly transaction: string;
}

export type Outcome = Approved | Declined | Challenge | Pending;

export interface Approved {
  readonly kind: 'approved';
  /** The processor's own id, by which it is captured, cancelled and refunded. */
  readonly transaction: string;
  /** The six characters the issuer gave, when it gave any. */
  readonly authorization_code: string | null;
  /** Results of the issuer's checks, in Stripe's words. */
  readonly checks: Checks;
  /** How the cardholder proved who they are; absent where nobody asked them. */
  readonly three_d_secure?: ThreeDSecure;
}

/** An authentication that succeeded, by EMV 3-D Secure 2, in Stripe's words. */
export interface ThreeDSecure {
  readonly authentication_flow: 'challenge' | 'frictionless';
  /** What the network calls full authentication: 02 at Mastercard, 05 everywhere else. */
  readonly electronic_commerce_indicator: '02' | '05';
  /** The directory server's id of it, a UUID (dsTransID). */
  readonly transaction_id: string;
  readonly version: '2.1.0' | '2.2.0';
}

export interface Declined {
  readonly kind: 'declined';
  readonly transaction: string | null;
  /**
   * Stripe's error code: `card_declined`, `expired_card`, `incorrect_cvc`, `processing_error` …
   * After a failed challenge `authentication_failure`, which Stripe prefixes with the name of the
   * intent: `payment_intent_authentication_failure`.
   */
  readonly code: string;
  /** Stripe's decline code with `card_declined` and `authentication_required`, else null. */
  readonly decline_code: string | null;
  /** Fit to show to the payer. */
  readonly message: string;
  readonly checks: Checks;
}

/** The cardholder must prove who they are at `redirect`; then `resume`. */
export interface Challenge {
  readonly kind: 'challenge';
  readonly transaction: string;
  readonly redirect: string;
}

/** Accepted, with the result to follow. */
export interface Pending {
  readonly kind: 'pending';
  readonly transaction: string;
}

export type CheckResult = 'pass' | 'fail' | 'unavailable' | 'unchecked' | null;

export interface Checks {
  readonly address_line1_check: CheckResult;
  readonly address_postal_code_check: CheckResult;
  readonly cvc_check: CheckResult;
}

/** The processor gave no answer that can be trusted. Not a decline: the money may have moved. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}
