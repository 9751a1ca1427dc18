/**
 * A payment, from the wish to the money. https://docs.stripe.com/api/payment_intents
 *
 * What asks the processor (confirm, capture, cancelling an authorization) is an exchange: here is
 * its first transaction, in `conclude.ts` its last.
 */
import type Stripe from 'stripe';
import { requireCustomer } from '@/server/customers';
import { present, useToken } from '@/server/confirmation_tokens';
import { isDirect, requireLocked as requireLockedCharge } from '@/server/charges';
import type { Scope, Tx } from '@/server/kernel/context';
import { invalidState, parameterInvalid, resourceMissing } from '@/server/kernel/errors';
import { kindOf } from '@/server/kernel/ids';
import { mergeMetadata } from '@/server/kernel/metadata';
import { assertChargeable } from '@/server/kernel/money';
import { unix } from '@/server/kernel/object';
import { command, exchange, query, type Awaiting } from '@/server/kernel/operation';
import { toPage } from '@/server/kernel/page';
import { isEntitled } from '@/server/kernel/secrets';
import { abandonMandate } from '@/server/mandates';
import { chooseMethod } from '@/server/payment_methods';
import { open } from '@/server/processor_attempts';
import { foreseeAccountOf } from '@/server/processor_accounts';
import { currentProject } from '@/server/projects';
import { newIntent } from './begin';
import { collect } from './collect';
import { move } from './lifecycle';
import { clientSecretOf, shown, toPaymentIntent } from './object';
import { optionsOf } from './options';
import {
  CancelPaymentIntent,
  CapturePaymentIntent,
  ConfirmPaymentIntent,
  CreatePaymentIntent,
  IncrementAuthorization,
  ListPaymentIntents,
  RetrievePaymentIntent,
  SearchPaymentIntents,
  UNSUPPORTED,
  UpdatePaymentIntent,
} from './params';
import { expectMandateExists } from './permission';
import { assertAmountCapturable, assertAmountIncrementable } from './latitude';
import {
  assertCancelable,
  assertCapturable,
  assertChangeable,
  assertConfirmable,
  assertIncrementable,
  expectNothingCaptured,
  expectNotOfInvoice,
} from './refuse';
import * as store from './store';
import { changeMethod, methodToCharge, submit } from './submit';

export const create = exchange({
  route: 'POST /v1/payment_intents',
  summary: 'Creates a payment intent, and confirms it where asked.',
  input: CreatePaymentIntent,
  unsupported: UNSUPPORTED,
  async intend(tx, asked): Promise<Stripe.PaymentIntent | Awaiting> {
    const { input, token } = await present(tx, asked);
    assertChargeable(input.amount, input.currency);
    await expectMandateExists(tx, input);
    if (input.confirm !== true) assertNothingToConfirm(asked);
    const [method] = await Promise.all([
      chooseMethod(tx, input, input.customer ?? null),
      input.customer === undefined ? null : requireCustomer(tx, input.customer),
      input.confirm === true ? foresee(tx, input.payment_method) : null,
    ]);
    const row = store.insert(tx, newIntent(tx, input, method?.id ?? null));
    useToken(tx, token, { payment_intent: row.id });
    await tx.announce('payment_intent.created', toPaymentIntent(row));
    if (input.confirm !== true) return toPaymentIntent(row);
    return submit(tx, row, await methodToCharge(tx, row, method), input);
  },
});

/** What is submitted will ask for these: beside the card they cost no round trip. */
const foresee = (tx: Tx, payment_method: string | null | undefined): Promise<unknown> =>
  Promise.all([
    currentProject(tx),
    // Such as `pm_card_visa` are names of cards that are kept nowhere.
    payment_method != null && kindOf(payment_method) === 'payment_method'
      ? foreseeAccountOf(tx, payment_method)
      : null,
  ]);

const ONLY_CONFIRMING = [
  'confirmation_token',
  'off_session',
  'error_on_requires_action',
  'mandate',
  'mandate_data',
  'return_url',
] as const;

function assertNothingToConfirm(input: CreatePaymentIntent): void {
  for (const param of ONLY_CONFIRMING) {
    const value = input[param];
    // `off_session=false` says nothing: Stripe takes it, and clients send it.
    if (value === undefined || value === null || value === false) continue;
    throw parameterInvalid(
      `You cannot set \`${param}\` when creating a PaymentIntent without also confirming it. Set \`confirm\` to true, or pass \`${param}\` when confirming.`,
      param,
    );
  }
}

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
  if (row === null || isDirect(row.id) || !isEntitled(scope, secret, clientSecretOf(row))) {
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
          : optionsOf(input.payment_method_options, before.payment_method_options),
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
  async intend(tx, { id, client_secret, ...asked }): Promise<Stripe.PaymentIntent | Awaiting> {
    const before = entitled(tx, await store.lock(tx, id), id, client_secret);
    if (tx.publishable && before.confirmation_method === 'manual') {
      throw invalidState(
        'This PaymentIntent has a confirmation_method of manual: it can only be confirmed with a secret key.',
        'payment_intent_unexpected_state',
      );
    }
    assertConfirmable(tx, before);
    const { input, token } = await present(tx, asked);
    useToken(tx, token, { payment_intent: id });
    await expectMandateExists(tx, input);
    const [method] = await Promise.all([
      chooseMethod(tx, input, before.customer),
      // What is submitted will ask for it: here it costs no round trip.
      currentProject(tx),
    ]);
    const attached = await changeMethod(tx, before, method);
    const changed = store.update(tx, attached, {
      capture_method: input.capture_method,
      receipt_email: input.receipt_email,
      setup_future_usage: input.setup_future_usage,
      shipping: input.shipping,
      payment_method_options:
        input.payment_method_options === undefined
          ? undefined
          : optionsOf(input.payment_method_options, before.payment_method_options),
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
    { id, amount_to_capture, metadata, final_capture, ...descriptors },
  ): Promise<Stripe.PaymentIntent | Awaiting> {
    const before = await requireLocked(tx, id);
    assertCapturable(tx, before);
    const charge = await requireLockedCharge(tx, before.latest_charge ?? '');
    const amount = amount_to_capture ?? before.amount_capturable;
    assertAmountCapturable(charge, before, amount, final_capture);
    return collect(
      tx,
      before,
      { amount, final: final_capture !== false },
      {
        ...descriptors,
        metadata: mergeMetadata(before.metadata, metadata),
      },
    );
  },
});

export const incrementAuthorization = exchange({
  route: 'POST /v1/payment_intents/:id/increment_authorization',
  summary: 'Raises what is reserved, where the network of the card has that.',
  input: IncrementAuthorization,
  unsupported: UNSUPPORTED,
  async intend(tx, { id, amount, metadata, ...changes }): Promise<Stripe.PaymentIntent | Awaiting> {
    const before = await requireLocked(tx, id);
    assertIncrementable(tx, before);
    assertChargeable(amount, before.currency);
    const charge = await requireLockedCharge(tx, before.latest_charge ?? '');
    assertAmountIncrementable(charge, amount);
    const intent = await move(tx, before, 'increment', {
      ...changes,
      metadata: mergeMetadata(before.metadata, metadata),
    });
    return open(tx, {
      kind: 'increment',
      payment_intent: intent.id,
      charge: charge.id,
      amount,
      currency: intent.currency,
      processor_account: charge.processor_account,
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
    await abandonMandate(tx, before.mandate);
    if (before.status !== 'requires_capture') {
      const canceled = await move(tx, before, 'cancel', {
        canceled_at: unix(tx.now),
        cancellation_reason: reason,
        next_action: null,
      });
      return toPaymentIntent(canceled);
    }
    const charge = await requireLockedCharge(tx, before.latest_charge ?? '');
    expectNothingCaptured(tx, before);
    const intent = await move(tx, before, 'release');
    return open(tx, {
      kind: 'cancel',
      payment_intent: intent.id,
      charge: charge.id,
      amount: charge.amount,
      currency: intent.currency,
      processor_account: charge.processor_account,
      transaction: charge.processor_transaction,
      reason,
    });
  },
});

async function requireLocked(tx: Tx, id: string): Promise<store.PaymentIntentRow> {
  const row = await store.lock(tx, id);
  if (row === null || isDirect(id)) throw resourceMissing('payment_intent', id);
  return row;
}
