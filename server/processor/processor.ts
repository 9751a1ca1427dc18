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
  /** Takes all or part of what was authorized; the rest is released where this capture is final. */
  capture(request: Capture): Promise<Outcome>;
  /** Raises what is reserved to the amount. Absent from a processor that cannot: it grants no such thing. */
  increment?(request: Settle): Promise<Outcome>;
  /** Gives up an authorization that was not captured. */
  cancel(request: Reverse): Promise<Outcome>;
  /** Gives back all or part of what was captured. */
  refund(request: Refund): Promise<Outcome>;
  /** What became of a request whose answer was lost. It may be sent again, and moves nothing twice. */
  inquire(inquiry: Inquiry): Promise<Finding>;
  /**
   * A message that somebody sent by themselves, once it is certain that it is the processor's. Absent
   * where a processor sends none.
   *
   * @throws NoAnswer where it is not signed, all of it, by the processor.
   */
  hear?(body: string): Message;
  /** What such a message says became of a request; null where that says nothing certain. */
  heed?(asked: Asked, message: Message): Outcome | null;
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
  readonly agreement: Agreement;
  readonly initiator: 'customer' | 'merchant';
  /** The processor's transaction that stored the card, or began the agreement. */
  readonly previous: string | null;
  /** Whom the card belongs to, for the issuer's checks. */
  readonly billing: Billing | null;
  /** The payer's browser, without which some processors cannot authenticate them. */
  readonly browser: Browser | null;
  /** `any` and `challenge` ask for more than the rules of the network: to be authenticated, to be asked. */
  readonly request_three_d_secure: 'automatic' | 'any' | 'challenge';
  /** How the cardholder was authenticated by somebody else, which a processor may not be able to use. */
  readonly authentication?: Authentication | null;
  /** What is asked for beyond one capture of what is reserved; granted where the network has it. */
  readonly latitudes?: readonly Latitude[];
}

/** The answer of EMV 3-D Secure 2 that somebody else got, in the words of the protocol and Stripe's. */
export interface Authentication {
  /** ARes transStatus; null where the authentication is said to have succeeded, without it. */
  readonly ares_trans_status: 'A' | 'C' | 'I' | 'N' | 'R' | 'U' | 'Y' | null;
  readonly electronic_commerce_indicator: ElectronicCommerceIndicator | null;
  /** `low_risk`: the issuer let the payment pass without asking its cardholder. */
  readonly exemption_indicator: 'low_risk' | 'none' | null;
  readonly transaction_id: string;
  readonly version: '1.0.2' | '2.1.0' | '2.2.0' | '2.3.0' | '2.3.1';
}

/** What networks allow of an authorization, by Stripe's names. */
export type Latitude =
  /** It may be captured for longer than a week. */
  | 'extended_authorization'
  /** What it reserves may be raised. */
  | 'incremental_authorization'
  /** It may be captured in several parts. */
  | 'multicapture'
  /** Somewhat more may be captured than it reserves. */
  | 'overcapture';

/** What was granted of it. */
export interface Granted {
  readonly latitudes: readonly Latitude[];
  /** How much may be captured in all, in the currency's minor unit (pence). */
  readonly maximum: number;
  /** How long it may be captured, in days. */
  readonly days: number;
}

/**
 * What the cardholder agreed to about the card, which networks want to know of each payment: to have
 * it kept for payments that they make themselves, for those that repeat, for those that come when
 * the merchant has a reason, for the parts of one price.
 */
export type Agreement = 'none' | 'card_on_file' | 'recurring' | 'unscheduled' | 'instalment';

export interface Billing {
  readonly name: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly line1: string | null;
  readonly line2: string | null;
  readonly city: string | null;
  readonly state: string | null;
  readonly postal_code: string | null;
  /** ISO 3166-1 alpha-2. */
  readonly country: string | null;
}

/** What EMV 3-D Secure 2 asks of a browser. */
export interface Browser {
  /** IPv4 or IPv6, of the payer. */
  readonly ip: string;
  /** The headers of the same names. */
  readonly user_agent: string;
  readonly accept: string;
  readonly accept_language: string;
  /** What scripts told; null where none run. */
  readonly screen: Screen | null;
}

export interface Screen {
  /** In CSS pixels. */
  readonly width: number;
  readonly height: number;
  /** Bits a pixel. */
  readonly depth: number;
  /** Minutes by which local time is behind UTC, as `Date.getTimezoneOffset` tells. */
  readonly time_zone: number;
  readonly java: boolean;
}

export interface Resume {
  readonly reference: string;
  /** The `transaction` of the challenge. */
  readonly transaction: string | null;
  /** How the challenge was to go on; null where it was on the processor's own page. */
  readonly step: ChallengeStep | null;
  /** What came back from a frame of the issuer's, unchanged and in its order. */
  readonly answer: readonly Part[] | null;
  /** What was stopped, with the browser that the payer then came in. */
  readonly authorization: Authorize;
}

/** A name and a value of a form. */
export type Part = readonly [name: string, value: string];

/** A form, once whoever it is from is beyond doubt. */
export type Message = readonly Part[];

export interface Settle {
  readonly reference: string;
  /** The `transaction` of the approved authorization. */
  readonly transaction: string;
  /** In the currency's minor unit (pence). */
  readonly amount: number;
  readonly currency: string;
}

export interface Capture extends Settle {
  /** False where more is to be captured later; the rest stays reserved. Absent is true. */
  readonly final?: boolean;
}

export interface Refund extends Settle {
  /** What was captured and not given back before this refund, which is `amount` or more. */
  readonly refundable: number;
}

export interface Reverse {
  readonly reference: string;
  readonly transaction: string;
}

/** A request, as it was made. It is asked again by the same words. */
export type Asked =
  | { readonly verb: 'authorize'; readonly request: Authorize }
  | { readonly verb: 'resume'; readonly request: Resume }
  | { readonly verb: 'capture'; readonly request: Capture }
  | { readonly verb: 'increment'; readonly request: Settle }
  | { readonly verb: 'cancel'; readonly request: Reverse }
  | { readonly verb: 'refund'; readonly request: Refund };

export function ask(processor: Processor, { verb, request }: Asked): Promise<Outcome> {
  switch (verb) {
    case 'authorize':
      return processor.authorize(request);
    case 'resume':
      return processor.resume(request);
    case 'capture':
      return processor.capture(request);
    case 'increment':
      // It granted none, so nobody asks.
      if (processor.increment === undefined) throw new Error(`${processor.name} cannot increment.`);
      return processor.increment(request);
    case 'cancel':
      return processor.cancel(request);
    case 'refund':
      return processor.refund(request);
  }
}

export interface Inquiry {
  readonly reference: string;
  /** The processor's own id of what was begun, where one is known. */
  readonly transaction: string | null;
  /** To be repeated as it was; null where its card was not kept. */
  readonly asked: Asked | null;
  /** When it was first sent; null where the last word was `pending`, so that nothing is under way. */
  readonly sent_at: Date | null;
  readonly now: Date;
}

/**
 * `unheard`: the processor never got it, and it may be sent again. `arrived`: the processor has it, or
 * cannot rule out that it has, and cannot say what became of it; only time or a person can.
 */
export type Finding =
  | Outcome
  | { readonly kind: 'unheard' }
  | { readonly kind: 'arrived'; readonly transaction: string | null };

export type Outcome = Approved | Declined | Challenge | Pending;

export interface Approved {
  readonly kind: 'approved';
  /** The processor's own id, by which it is captured, cancelled and refunded. */
  readonly transaction: string;
  /** The six characters the issuer gave, when it gave any. */
  readonly authorization_code: string | null;
  /** Results of the issuer's checks, in Stripe's words. */
  readonly checks: Checks;
  /** The processor has something to tell beside: see `server/bank_notices`. */
  readonly notice?: true;
  /** The money that was taken is available at once; absent where it settles first, as usual. */
  readonly available?: true;
  /** How the cardholder proved who they are, or did not; absent where nobody asked. */
  readonly three_d_secure?: ThreeDSecure;
  /** Absent where nothing was, also for what was not asked for. */
  readonly granted?: Granted;
  /** By which the card network knows the transaction, where the processor tells. */
  readonly network_transaction_id?: string | null;
  /** The card behind a token that is used for the first time, where the processor tells. */
  readonly card?: CardFacts;
}

/** What may be shown of a card, in Stripe's words. */
export interface CardFacts {
  readonly brand: string;
  readonly last4: string;
  readonly exp_month: number;
  readonly exp_year: number;
  /** Of the issuer: ISO 3166-1 alpha-2. */
  readonly country: string | null;
  readonly funding: 'credit' | 'debit' | 'prepaid' | 'unknown';
}

export type ElectronicCommerceIndicator = '01' | '02' | '05' | '06' | '07';

/** What came of EMV 3-D Secure 2, in Stripe's words. Null is what there was no occasion for. */
export interface ThreeDSecure {
  readonly authentication_flow: 'challenge' | 'frictionless' | null;
  /** Full authentication is 02 at Mastercard, 05 everywhere else; an attempt is 01 and 06. */
  readonly electronic_commerce_indicator: ElectronicCommerceIndicator | null;
  /** `authenticated` where it is not said. */
  readonly result?:
    | 'attempt_acknowledged'
    | 'authenticated'
    | 'exempted'
    | 'failed'
    | 'not_supported'
    | 'processing_error';
  readonly result_reason?:
    | 'abandoned'
    | 'bypassed'
    | 'canceled'
    | 'card_not_enrolled'
    | 'network_not_supported'
    | 'protocol_error'
    | 'rejected'
    | null;
  /** The exemption that the issuer accepted. */
  readonly exemption_indicator?: 'low_risk' | null;
  /** The directory server's id of it, a UUID (dsTransID). */
  readonly transaction_id: string | null;
  readonly version: '1.0.2' | '2.1.0' | '2.2.0' | '2.3.0' | '2.3.1' | null;
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
  /** What the network advises after the decline, in Stripe's words. */
  readonly advice?: 'confirm_card_data' | 'do_not_try_again' | 'try_again_later' | null;
  /** As of what is approved. */
  readonly card?: CardFacts;
  /** The cardholder may be known, and the payment declined. */
  readonly three_d_secure?: ThreeDSecure;
}

/** The cardholder must prove who they are at `redirect`; then `resume`. */
export interface Challenge {
  readonly kind: 'challenge';
  /** Null where nothing has been sent yet, for want of the payer's browser. */
  readonly transaction: string | null;
  readonly redirect: string;
  /** What our page at `redirect` is to do; absent where the page is the processor's own. */
  readonly step?: ChallengeStep;
}

/**
 * `browser`: find out what `Browser` says. `frame`: let the browser post the parts to the issuer's
 * page in a frame, out of sight where the issuer only looks at the browser, and take back what the
 * issuer makes it post to us.
 */
export type ChallengeStep =
  | { readonly kind: 'browser' }
  | {
      readonly kind: 'frame';
      readonly visible: boolean;
      readonly url: string;
      readonly parts: readonly Part[];
      /** By which the processor goes on. Its latest word, never an earlier one. */
      readonly continuation: string;
      /** Counts the frames of one authorization, from 1. */
      readonly round: number;
      /** When the processor forgets it: seconds since 1970. */
      readonly expires: number;
    };

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
