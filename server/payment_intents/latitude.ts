/**
 * What a bank lets be done with an authorization beyond capturing, once, at most what it reserves:
 * only what it granted when it was asked. https://docs.stripe.com/payments/flexible-payments
 */
import type { ChargeRow } from '@/server/charges';
import { invalidState, parameterInvalid, type ApiError } from '@/server/kernel/errors';
import type { Latitude } from '@/server/processor/processor';
import type { PaymentIntentRow } from './store';

const has = ({ granted }: ChargeRow, latitude: Latitude): boolean =>
  granted?.latitudes.includes(latitude) === true;

/** How much can still be taken, in the currency's minor unit (pence). */
export const capturableOf = ({ amount, amount_maximum, amount_captured }: ChargeRow): number =>
  (amount_maximum ?? amount) - amount_captured;

/** @throws ApiError 400 for more than the bank lets be taken, nothing, or a part that may not be one. */
export function assertAmountCapturable(
  charge: ChargeRow,
  { amount_capturable }: PaymentIntentRow,
  amount: number,
  final: boolean | undefined,
): void {
  const most = capturableOf(charge);
  if (amount > most) {
    throw parameterInvalid(
      most > amount_capturable
        ? `The payment could not be captured because the requested capture amount is greater than ${most}, the most that can be captured for this charge.`
        : 'The payment could not be captured because the requested capture amount is greater than the amount you can capture for this charge.',
      'amount_to_capture',
      'amount_too_large',
    );
  }
  if (amount === 0 && (charge.amount_captured === 0 || final === false)) {
    throw parameterInvalid(
      'This value must be greater than or equal to 1. Only a final capture after another may take nothing.',
      'amount_to_capture',
      'parameter_invalid_integer',
    );
  }
  if (final === false && !has(charge, 'multicapture'))
    throw notGranted('multicapture', 'final_capture');
}

/** @throws ApiError 400 where nothing can be raised, or it would not be. */
export function assertAmountIncrementable(charge: ChargeRow, amount: number): void {
  if (!has(charge, 'incremental_authorization')) throw notGranted('incremental_authorization');
  if (charge.amount_captured > 0) {
    throw invalidState(
      'This PaymentIntent was captured in part, so its authorization cannot be incremented.',
      'payment_intent_unexpected_state',
    );
  }
  if (amount <= charge.amount) {
    throw parameterInvalid(
      `The new amount must be greater than ${charge.amount}, which is authorized already.`,
      'amount',
      'amount_too_small',
    );
  }
}

const notGranted = (latitude: Latitude, param?: string): ApiError =>
  invalidState(
    `This PaymentIntent does not support ${latitude}. Ask for it with \`payment_method_options[card][request_${latitude}]\` when confirming, and see \`payment_method_details.card.${latitude}.status\` of its charge for whether it is available.`,
    'payment_intent_unexpected_state',
    param,
  );
