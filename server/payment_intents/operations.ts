/**
 * A payment, from the wish to the money. https://docs.stripe.com/api/payment_intents
 *
 * What asks the processor (confirm, capture, cancelling an authorization) is an exchange: here is
 * its first transaction, in `conclude.ts` its last.
 */
import type Stripe from 'stripe';
import { requireCustomer } from '@/server/customers';
import { requireLocked as requireLockedCharge } from '@/server/charges';
import type { Scope, Tx } from '@/server/kernel/context';
import { invalidState, parameterInvalid, resourceMissing } from '@/server/kernel/errors';
import { newId, randomBase62 } from '@/server/kernel/ids';
import { mergeMetadata } from '@/server/kernel/metadata';
import { assertChargeable } from '@/server/kernel/money';
import { unix } from '@/server/kernel/object';
import { command, exchange, query, type Awaiting } from '@/server/kernel/operation';
import { toPage } from '@/server/kernel/page';
import { isEntitled } from '@/server/kernel/secrets';
import { chooseMethod } from '@/server/payment_methods';
import { open } from '@/server/processor_attempts';
import { move } from './lifecycle';
import { clientSecretOf, shown, toPaymentIntent } from './object';
import {
  CancelPaymentIntent,
  CapturePaymentIntent,
  ConfirmPaymentIntent,
  CreatePaymentIntent,
  ListPaymentIntents,
  RetrievePaymentIntent,
  SearchPaymentIntents,
  UNSUPPORTED,
  UpdatePaymentIntent,
} from './params';
import {
  assertCancelable,
  assertCapturable,
  assertChangeable,
  assertConfirmable,
  expectNotOfInvoice,
} from './refuse';
import * as store from './store';
import { changeMethod, methodToCharge, submit } from './submit';

export const create = exchange({
  route: 'POST /v1/payment_intents',
  summary: 'Creates a payment intent, and confirms it where asked.',
  input: CreatePaymentIntent,
  unsupported: UNSUPPORTED,
  async intend(tx, input): Promise<Stripe.PaymentIntent | Awaiting> {
    assertChargeable(input.amount, input.currency);
    if (input.confirm !== true) assertNothingToConfirm(input);
    const [method] = await Promise.all([
      chooseMethod(tx, input, input.customer ?? null),
      input.customer === undefined ? null : requireCustomer(tx, input.customer),
    ]);
    const row = store.insert(tx, newIntent(tx, input, method?.id ?? null));
    await tx.announce('payment_intent.created', toPaymentIntent(row));
    if (input.confirm !== true) return toPaymentIntent(row);
    return submit(tx, row, await methodToCharge(tx, row, method), input);
  },
});

function assertNothingToConfirm(input: CreatePaymentIntent): void {
  for (const param of ['off_session', 'error_on_requires_action', 'return_url'] as const) {
    const value = input[param];
    // `off_session=false` says nothing: Stripe takes it, and clients send it.
    if (value === undefined || value === false) continue;
    throw parameterInvalid(
      `You cannot set \`${param}\` when creating a PaymentIntent without also confirming it. Set \`confirm\` to true, or pass \`${param}\` when confirming.`,
      param,
    );
  }
}

function newIntent(
  tx: Tx,
  input: CreatePaymentIntent,
  payment_method: string | null,
): Parameters<typeof store.insert>[1] {
  const types = input.payment_method_types ?? input.allowed_payment_method_types;
  const automatic =
    input.automatic_payment_methods ?? (types === undefined ? { enabled: true } : undefined);
  return {
    id: newId('payment_intent'),
    status: payment_method === null ? 'requires_payment_method' : 'requires_confirmation',
    amount: input.amount,
    amount_capturable: 0,
    amount_received: 0,
    currency: input.currency,
    automatic_payment_methods:
      automatic === undefined
        ? null
        : { allow_redirects: automatic.allow_redirects ?? 'always', enabled: automatic.enabled },
    canceled_at: null,
    cancellation_reason: null,
    capture_method:
      input.payment_method_options?.card?.capture_method === 'manual'
        ? 'manual'
        : (input.capture_method ?? 'automatic_async'),
    client_secret: randomBase62(25),
    confirmation_method: input.confirmation_method ?? 'automatic',
    customer: input.customer ?? null,
    description: input.description ?? null,
    last_payment_error: null,
    latest_charge: null,
    metadata: mergeMetadata({}, input.metadata),
    next_action: null,
    off_session: false,
    payment_details: null,
    payment_method,
    payment_method_options: optionsOf(input.payment_method_options),
    payment_method_types: types ?? ['card'],
    receipt_email: input.receipt_email ?? null,
    return_url: input.return_url ?? null,
    setup_future_usage: input.setup_future_usage ?? null,
    shipping: input.shipping ?? null,
    statement_descriptor: input.statement_descriptor ?? null,
    statement_descriptor_suffix: input.statement_descriptor_suffix ?? null,
    transfer_group: input.transfer_group ?? null,
    created: unix(tx.now),
  };
}

const optionsOf = (
  given: CreatePaymentIntent['payment_method_options'],
): Stripe.PaymentIntent.PaymentMethodOptions => ({
  card: {
    installments: null,
    mandate_options: null,
    network: null,
    request_three_d_secure: given?.card?.request_three_d_secure ?? 'automatic',
    ...(given?.card?.capture_method === 'manual' ? { capture_method: 'manual' } : {}),
  },
});

export const retrieve = query({
  route: 'GET /v1/payment_intents/:id',
  summary: 'Retrieves a payment intent.',
  input: RetrievePaymentIntent,
  publishable: true,
  async run(scope, { id, client_secret }) {
    const row = await store.find(scope, id);
    return shown(scope, entitled(scope, row, id, client_secret));
  },
});

/** The intent, if whoever asks may see it: a browser must know its client secret. */
function entitled(
  scope: Pick<Scope, 'publishable'>,
  row: store.PaymentIntentRow | null,
  id: string,
  secret: string | undefined,
): store.PaymentIntentRow {
  // The same answer as for an intent that does not exist: a browser learns nothing by trying.
  if (row === null || !isEntitled(scope, secret, clientSecretOf(row))) {
    throw resourceMissing('payment_intent', id);
  }
  return row;
}

export const list = query({
  route: 'GET /v1/payment_intents',
  summary: 'Lists payment intents, the newest first.',
  input: ListPaymentIntents,
  unsupported: ['customer_account'],
  run: async (scope, params) => toPage(await store.page(scope, params), toPaymentIntent),
});

export const search = query({
  route: 'GET /v1/payment_intents/search',
  summary: 'Searches payment intents by a query.',
  input: SearchPaymentIntents,
  run: (scope, params) => store.search(scope, params),
});

/** What determines the payment itself. */
const DETERMINING = ['amount', 'currency', 'customer', 'capture_method'] as const;

export const update = command({
  route: 'POST /v1/payment_intents/:id',
  summary: 'Changes a payment intent before it is paid, or what is noted about it.',
  input: UpdatePaymentIntent,
  unsupported: UNSUPPORTED,
  async run(tx, input) {
    const before = await requireLocked(tx, input.id);
    for (const param of DETERMINING) {
      if (input[param] !== undefined && input[param] !== before[param]) {
        assertChangeable(tx, before, param);
        await expectNotOfInvoice(tx, before);
      }
    }
    const amount = input.amount ?? before.amount;
    assertChargeable(amount, input.currency ?? before.currency);
    if (input.customer !== undefined) await requireCustomer(tx, input.customer);
    const method = await chooseMethod(tx, input, input.customer ?? before.customer);
    if (method !== undefined) assertChangeable(tx, before, 'payment_method');
    const attached = await changeMethod(tx, before, method);
    const reopened = await reopenWhereChanged(tx, attached, input);
    const row = store.update(tx, reopened, {
      amount,
      currency: input.currency,
      customer: input.customer,
      capture_method: input.capture_method,
      description: input.description,
      metadata: mergeMetadata(before.metadata, input.metadata),
      payment_method_options:
        input.payment_method_options === undefined
          ? undefined
          : optionsOf(input.payment_method_options),
      payment_method_types: input.payment_method_types ?? input.allowed_payment_method_types,
      receipt_email: input.receipt_email,
      setup_future_usage: input.setup_future_usage,
      shipping: input.shipping,
      statement_descriptor: input.statement_descriptor,
      statement_descriptor_suffix: input.statement_descriptor_suffix,
      transfer_group: input.transfer_group,
    });
    return toPaymentIntent(row);
  },
});

/** What the payer was challenged for is not what is asked now: it must be confirmed anew. */
const reopenWhereChanged = async (
  tx: Tx,
  intent: store.PaymentIntentRow,
  input: UpdatePaymentIntent,
): Promise<store.PaymentIntentRow> =>
  intent.status === 'requires_action' &&
  DETERMINING.some((param) => input[param] !== undefined && input[param] !== intent[param])
    ? move(tx, intent, 'attach', { next_action: null })
    : intent;

export const confirm = exchange({
  route: 'POST /v1/payment_intents/:id/confirm',
  summary: 'Confirms that the customer wants to pay, and charges the card.',
  input: ConfirmPaymentIntent,
  publishable: true,
  unsupported: UNSUPPORTED,
  async intend(tx, { id, client_secret, ...input }): Promise<Stripe.PaymentIntent | Awaiting> {
    const before = entitled(tx, await store.lock(tx, id), id, client_secret);
    if (tx.publishable && before.confirmation_method === 'manual') {
      throw invalidState(
        'This PaymentIntent has a confirmation_method of manual: it can only be confirmed with a secret key.',
        'payment_intent_unexpected_state',
      );
    }
    assertConfirmable(tx, before);
    const method = await chooseMethod(tx, input, before.customer);
    const attached = await changeMethod(tx, before, method);
    const changed = store.update(tx, attached, {
      capture_method: input.capture_method,
      receipt_email: input.receipt_email,
      setup_future_usage: input.setup_future_usage,
      shipping: input.shipping,
      payment_method_options:
        input.payment_method_options === undefined
          ? undefined
          : optionsOf(input.payment_method_options),
    });
    return submit(tx, changed, await methodToCharge(tx, changed, method), input);
  },
});

export const capture = exchange({
  route: 'POST /v1/payment_intents/:id/capture',
  summary: 'Takes what was authorized, or a part of it; the rest is released.',
  input: CapturePaymentIntent,
  unsupported: UNSUPPORTED,
  async intend(
    tx,
    { id, amount_to_capture, metadata, final_capture: _final, ...descriptors },
  ): Promise<Stripe.PaymentIntent | Awaiting> {
    const before = await requireLocked(tx, id);
    assertCapturable(tx, before);
    const amount = amount_to_capture ?? before.amount_capturable;
    if (amount > before.amount_capturable) {
      throw parameterInvalid(
        `The payment could not be captured because the requested capture amount is greater than the amount you can capture for this charge.`,
        'amount_to_capture',
        'amount_too_large',
      );
    }
    const charge = await requireLockedCharge(tx, before.latest_charge ?? '');
    const intent = await move(tx, before, 'collect', {
      ...descriptors,
      metadata: mergeMetadata(before.metadata, metadata),
    });
    return open(tx, {
      kind: 'capture',
      payment_intent: intent.id,
      charge: charge.id,
      amount,
      currency: intent.currency,
      transaction: charge.processor_transaction,
    });
  },
});

export const cancel = exchange({
  route: 'POST /v1/payment_intents/:id/cancel',
  summary: 'Cancels a payment intent; an authorization is given up.',
  input: CancelPaymentIntent,
  async intend(
    tx,
    { id, cancellation_reason, client_secret },
  ): Promise<Stripe.PaymentIntent | Awaiting> {
    const before = entitled(tx, await store.lock(tx, id), id, client_secret);
    assertCancelable(tx, before);
    await expectNotOfInvoice(tx, before);
    const reason = cancellation_reason ?? null;
    if (before.status !== 'requires_capture') {
      const canceled = await move(tx, before, 'cancel', {
        canceled_at: unix(tx.now),
        cancellation_reason: reason,
        next_action: null,
      });
      return toPaymentIntent(canceled);
    }
    const charge = await requireLockedCharge(tx, before.latest_charge ?? '');
    const intent = await move(tx, before, 'release');
    return open(tx, {
      kind: 'cancel',
      payment_intent: intent.id,
      charge: charge.id,
      amount: charge.amount,
      currency: intent.currency,
      transaction: charge.processor_transaction,
      reason,
    });
  },
});

async function requireLocked(tx: Tx, id: string): Promise<store.PaymentIntentRow> {
  const row = await store.lock(tx, id);
  if (row === null) throw resourceMissing('payment_intent', id);
  return row;
}
