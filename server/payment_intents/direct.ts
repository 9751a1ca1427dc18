/**
 * Charges that are asked for by themselves, as before payment intents. There is no payer to be
 * challenged: what a bank wants authenticated is declined. https://docs.stripe.com/api/charges/create
 *
 * Money moves in one way: the intent of a direct charge goes through the same transactions as any
 * other, and is shown to nobody (`server/charges/direct.ts`).
 */
import type Stripe from 'stripe';
import {
  isDirect,
  recordPending,
  requireCharge,
  requireLocked,
  toCharge,
  updateCharge,
} from '@/server/charges';
import { requireCustomer } from '@/server/customers';
import type { Tx } from '@/server/kernel/context';
import {
  ApiError,
  cardError,
  invalidState,
  parameterInvalid,
  parameterMissing,
} from '@/server/kernel/errors';
import { newId } from '@/server/kernel/ids';
import { assertChargeable } from '@/server/kernel/money';
import type { ApiObject } from '@/server/kernel/object';
import { exchange, type Awaiting } from '@/server/kernel/operation';
import { fromToken, requireUsable, type PaymentMethodRow } from '@/server/payment_methods';
import type { AttemptRow } from '@/server/processor_attempts';
import { newIntent } from './begin';
import { CaptureCharge, CreateCharge, UNSUPPORTED_ON_CHARGES } from './direct.params';
import { collect } from './collect';
import * as store from './store';
import { submit } from './submit';

export const createCharge = exchange({
  route: 'POST /v1/charges',
  answers: 'charge',
  summary: "Charges a token, or a customer's source, without a payment intent.",
  input: CreateCharge,
  unsupported: UNSUPPORTED_ON_CHARGES,
  async intend(tx, input): Promise<Awaiting> {
    const { amount, currency, capture, customer, source: _source, ...fields } = input;
    if (amount === undefined) throw parameterMissing('amount');
    if (currency === undefined) throw parameterMissing('currency');
    assertChargeable(amount, currency);
    const method = await sourceToCharge(tx, input);
    const wish = { ...fields, amount, currency, customer };
    const row = store.insert(tx, {
      ...newIntent(
        tx,
        { ...wish, capture_method: capture === false ? 'manual' : 'automatic' },
        method.id,
      ),
      id: newId('charge'),
    });
    const awaiting = await submit(tx, row, method, {
      error_on_requires_action: true,
      off_session: true,
    });
    const attempt = { ...awaiting.attempt, charge: row.id, payment_intent: row.id };
    await recordPending(tx, attempt, row, method);
    return awaiting;
  },
  conclude: (tx, _input, told, attempt) => answerOf(tx, told, attempt),
});

export const captureCharge = exchange({
  route: 'POST /v1/charges/:id/capture',
  answers: 'charge',
  summary: 'Takes what a direct charge reserved, or a part of it; the rest is released.',
  input: CaptureCharge,
  unsupported: UNSUPPORTED_ON_CHARGES,
  async intend(tx, { id, amount, ...changes }): Promise<Awaiting> {
    const seen = await requireCharge(tx, id, 'id');
    if (!isDirect(seen.payment_intent)) {
      throw invalidState(
        `This charge was made by a PaymentIntent: capture it with /v1/payment_intents/${seen.payment_intent}/capture.`,
        'charge_invalid_parameter',
      );
    }
    const intent = await store.lock(tx, id);
    if (intent === null) throw new Error(`The intent of ${id} does not exist.`);
    assertCapturable(intent, id);
    const wanted = amount ?? intent.amount_capturable;
    if (wanted > intent.amount_capturable) {
      throw parameterInvalid(
        'You cannot capture a charge for an amount larger than it already has.',
        'amount',
        'amount_too_large',
      );
    }
    updateCharge(tx, await requireLocked(tx, id), changes);
    return collect(tx, intent, { amount: wanted, final: true }, changes);
  },
  conclude: (tx, _input, told, attempt) => answerOf(tx, told, attempt),
});

/** What the payment is taken from: a token, one of the customer's cards, or its default source. */
async function sourceToCharge(
  tx: Tx,
  {
    customer,
    source,
  }: { readonly customer?: string | undefined; readonly source?: string | undefined },
): Promise<PaymentMethodRow> {
  if (customer === undefined) {
    if (source === undefined) throw parameterMissing('source');
    return source.startsWith('tok_')
      ? fromToken(tx, source, 'source')
      : requireUsable(tx, source, null, 'source');
  }
  const owner = await requireCustomer(tx, customer);
  const chosen = source ?? owner.default_source;
  if (chosen === null) {
    throw cardError('Cannot charge a customer that has no active card', {
      code: 'missing',
      param: 'card',
    });
  }
  const method = await requireUsable(tx, chosen, customer, 'source');
  if (method.customer === customer) return method;
  throw parameterInvalid(
    `Customer ${customer} does not have a linked source with ID ${chosen}.`,
    'source',
    'missing',
  );
}

function assertCapturable({ status }: store.PaymentIntentRow, id: string): void {
  if (status === 'requires_capture') return;
  if (status === 'succeeded') {
    throw invalidState(`Charge ${id} has already been captured.`, 'charge_already_captured');
  }
  if (status === 'canceled') {
    throw invalidState(
      `Charge ${id} cannot be captured: its authorization was given up.`,
      'charge_expired_for_capture',
    );
  }
  throw invalidState(`Charge ${id} cannot be captured as it stands.`, 'charge_not_authorized');
}

/** The charge as it stands, or the error that its decline is: of an intent there is no word. */
async function answerOf(
  tx: Tx,
  told: ApiObject | ApiError,
  { charge }: AttemptRow,
): Promise<Stripe.Charge | ApiError> {
  const row = await requireCharge(tx, charge ?? '');
  if (!(told instanceof ApiError)) return toCharge(row);
  if (row.status !== 'failed') return told;
  const { advice_code, code, decline_code } = told.details;
  return cardError(told.message, {
    charge: row.id,
    ...(advice_code === undefined ? {} : { advice_code }),
    ...(code === undefined ? {} : { code }),
    ...(decline_code === undefined ? {} : { decline_code }),
  });
}
