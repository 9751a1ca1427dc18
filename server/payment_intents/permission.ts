/** By which permission of the customer a payment is confirmed: one they give now, or one that holds. */
import type { Tx } from '@/server/kernel/context';
import { parameterInvalid, parametersExclusive } from '@/server/kernel/errors';
import { abandonMandate, give, requireMandate, type MandateData } from '@/server/mandates';
import type { PaymentMethodRow } from '@/server/payment_methods';
import { futureUsageOf } from './options';
import type { PaymentIntentRow } from './store';

/** How a confirmation names it. */
export interface Permitting {
  readonly mandate?: string | undefined;
  readonly mandate_data?: MandateData | undefined;
}

/**
 * The id of the mandate, null without one. What an earlier confirmation was to give is void.
 *
 * @throws ApiError 400 where the mandate does not hold for this card, or where one is given for a card
 *   that nobody keeps.
 */
export async function permissionOf(
  tx: Tx,
  intent: PaymentIntentRow,
  method: PaymentMethodRow,
  { mandate, mandate_data }: Permitting,
): Promise<string | null> {
  await abandonMandate(tx, intent.mandate);
  const isGiven = mandate_data !== undefined && mandate_data !== null;
  if (mandate !== undefined) {
    if (isGiven) throw parametersExclusive(['mandate', 'mandate_data']);
    return requireHolding(tx, mandate, method);
  }
  if (!isGiven) return null;
  if (futureUsageOf(intent) === null && method.status !== 'attached') {
    throw parameterInvalid(
      'A mandate is for charging a card again: set `setup_future_usage`, or use a saved payment method, to give `mandate_data`.',
      'mandate_data',
    );
  }
  return give(tx, mandate_data, { payment_method: method.id, setup_intent: null }).id;
}

async function requireHolding(tx: Tx, id: string, method: PaymentMethodRow): Promise<string> {
  const { status, payment_method } = await requireMandate(tx, id);
  if (status === 'active' && payment_method === method.id) return id;
  throw parameterInvalid(
    `The mandate ${id} is ${status}, and is for the payment method ${payment_method}: it cannot be used for this payment.`,
    'mandate',
    'payment_intent_mandate_invalid',
  );
}

/** Asked of every request that names one, whatever else is wrong with it. */
export async function expectMandateExists(tx: Tx, { mandate }: Permitting): Promise<void> {
  if (mandate !== undefined) await requireMandate(tx, mandate);
}
