/**
 * TABLE: why the bank says no, in Stripe's words.
 *
 * Codes: https://docs.stripe.com/error-codes and https://docs.stripe.com/declines/codes. The
 * messages are those Stripe sends to payers, so lost, stolen and blocked cards read alike: whoever
 * holds the card must not learn which it is.
 */

export interface Reason {
  readonly code: string;
  /** Null where Stripe documents none: the code itself says why. */
  readonly decline_code: string | null;
  readonly message: string;
}

const card_declined = (decline_code: string, message = 'Your card was declined.'): Reason => ({
  code: 'card_declined',
  decline_code,
  message,
});

const plain = (code: string, message: string): Reason => ({ code, decline_code: null, message });

/** What the issuer of a card answers. */
export const DECLINES = {
  generic_decline: card_declined('generic_decline'),
  insufficient_funds: card_declined('insufficient_funds', 'Your card has insufficient funds.'),
  lost_card: card_declined('lost_card'),
  stolen_card: card_declined('stolen_card'),
  fraudulent: card_declined('fraudulent'),
  invalid_account: card_declined('invalid_account'),
  card_velocity_exceeded: card_declined(
    'card_velocity_exceeded',
    'Your card was declined for making repeated attempts too frequently or exceeding its amount limit.',
  ),
  /** For a valid number that is in no row of `cards.ts`: real cards have no place in test mode. */
  test_mode_live_card: card_declined(
    'test_mode_live_card',
    'Your card was declined. Your request was in test mode, but used a non test card. For a list of valid test cards, visit: https://stripe.com/docs/testing.',
  ),
  expired_card: plain('expired_card', 'Your card has expired.'),
  incorrect_cvc: plain('incorrect_cvc', "Your card's security code is incorrect."),
  incorrect_number: plain('incorrect_number', 'Your card number is incorrect.'),
  processing_error: plain(
    'processing_error',
    'An error occurred while processing your card. Try again in a little bit.',
  ),
  authentication_required: {
    code: 'authentication_required',
    decline_code: 'authentication_required',
    message: 'Your card was declined. This transaction requires authentication.',
  },
  /** The cardholder failed the challenge. An intent puts its own name before this code. */
  authentication_failure: plain(
    'authentication_failure',
    'We are unable to authenticate your payment method. Please choose a different payment method and try again.',
  ),
} as const satisfies Record<string, Reason>;

export type DeclineReason = keyof typeof DECLINES;

/** What the bank answers to a request that its books do not allow, whatever the card. */
export const REFUSALS = {
  unknown_transaction: plain('resource_missing', 'The transaction is not in the books.'),
  invalid_amount: plain(
    'parameter_invalid_integer',
    'The amount is not a whole number of minor units in the range of this request.',
  ),
  other_currency: plain('invalid_currency', 'The currency is not that of the authorization.'),
  over_capture: plain('amount_too_large', 'The amount is greater than what was authorized.'),
  not_granted: plain('parameter_invalid', 'That was not granted with the authorization.'),
  over_refund: plain('amount_too_large', 'The amount is greater than what is left to refund.'),
  not_authorized: plain('charge_not_authorized', 'The transaction is not authorized.'),
  not_captured: plain('charge_not_captured', 'The transaction was not captured.'),
  not_challenged: plain('not_challenged', 'The transaction is not waiting for the cardholder.'),
  captured: plain('charge_already_captured', 'The transaction was already captured.'),
  refunded: plain('charge_already_refunded', 'The transaction was already refunded in full.'),
  cancelled: plain('charge_expired_for_capture', 'The authorization was cancelled.'),
  refund_failed: plain('expired_or_canceled_card', 'The refund could not be given to the card.'),
} as const satisfies Record<string, Reason>;

export type Refusal = keyof typeof REFUSALS;
