/**
 * A card that is to be charged later: verified with its issuer, consented to by its holder, and
 * saved with its customer, without a payment. https://docs.stripe.com/api/setup_intents
 *
 * Confirming asks the processor and is an exchange: its first transaction is `submit.ts`, its last
 * `conclude.ts`.
 */
import type Stripe from 'stripe';
import { present, useToken } from '@/server/confirmation_tokens';
import { requireCustomer } from '@/server/customers';
import type { Scope, Tx } from '@/server/kernel/context';
import { parameterInvalid, resourceMissing } from '@/server/kernel/errors';
import { mergeMetadata } from '@/server/kernel/metadata';
import { command, exchange, query, type Awaiting } from '@/server/kernel/operation';
import { toPage } from '@/server/kernel/page';
import { isEntitled } from '@/server/kernel/secrets';
import { chooseMethod } from '@/server/payment_methods';
import { begin, toOptions } from './create';
import { move } from './lifecycle';
import { clientSecretOf, shown, toSetupIntent } from './object';
import {
  CancelSetupIntent,
  ConfirmSetupIntent,
  CreateSetupIntent,
  ListSetupIntents,
  RetrieveSetupIntent,
  UNSUPPORTED,
  UNSUPPORTED_ON_LIST,
  UpdateSetupIntent,
} from './params';
import { assertCancelable, assertChangeable, assertConfirmable } from './refuse';
import * as store from './store';
import { abandon, changeMethod, methodToSave, restart, submit } from './submit';

export const create = exchange({
  route: 'POST /v1/setup_intents',
  summary: 'Creates a setup intent, and confirms it where asked.',
  input: CreateSetupIntent,
  unsupported: UNSUPPORTED,
  async intend(tx, asked): Promise<Stripe.SetupIntent | Awaiting> {
    const { input, token } = await present(tx, asked);
    if (input.confirm !== true) assertNothingToConfirm(asked);
    expectNotToSelf(input.attach_to_self);
    if (input.customer !== undefined) await requireCustomer(tx, input.customer);
    const method = await chooseMethod(tx, input, input.customer ?? null);
    const types = input.payment_method_types ?? input.allowed_payment_method_types;
    const automatic =
      input.automatic_payment_methods ?? (types === undefined ? { enabled: true } : null);
    const row = await begin(tx, {
      attach_to_self: false,
      automatic_payment_methods: automatic && { allow_redirects: 'always', ...automatic },
      customer: input.customer ?? null,
      description: input.description ?? null,
      flow_directions: input.flow_directions ?? null,
      metadata: mergeMetadata({}, input.metadata),
      payment_method: method?.id ?? null,
      payment_method_options: toOptions(input.payment_method_options),
      usage: input.usage ?? token?.setup_future_usage ?? 'off_session',
    });
    useToken(tx, token, { setup_intent: row.id });
    if (input.confirm !== true) return toSetupIntent(row);
    return submit(tx, row, await methodToSave(tx, row, method), input);
  },
});

function assertNothingToConfirm(input: CreateSetupIntent): void {
  for (const param of ['confirmation_token', 'mandate_data', 'return_url'] as const) {
    if (input[param] === undefined || input[param] === null) continue;
    throw parameterInvalid(
      `You cannot set \`${param}\` when creating a SetupIntent without also confirming it. Set \`confirm\` to true, or pass \`${param}\` when confirming.`,
      param,
    );
  }
}

/** A card of the account's own is how Connect lets one pay another. */
function expectNotToSelf(attach_to_self: boolean | undefined): void {
  if (attach_to_self !== true) return;
  throw parameterInvalid(
    '`attach_to_self` saves a card for the account itself, which is for Connect: this server saves cards for customers.',
    'attach_to_self',
  );
}

export const retrieve = query({
  route: 'GET /v1/setup_intents/:id',
  summary: 'Retrieves a setup intent.',
  input: RetrieveSetupIntent,
  publishable: true,
  run: async (scope, { id, client_secret }) =>
    shown(scope, entitled(scope, await store.find(scope, id), id, client_secret)),
});

/** The intent, if whoever asks may see it: a browser must know its client secret. */
function entitled(
  scope: Pick<Scope, 'publishable'>,
  row: store.SetupIntentRow | null,
  id: string,
  secret: string | undefined,
): store.SetupIntentRow {
  // The same answer as for an intent that does not exist: a browser learns nothing by trying.
  if (row === null || !isEntitled(scope, secret, clientSecretOf(row))) {
    throw resourceMissing('setup_intent', id);
  }
  return row;
}

export const list = query({
  route: 'GET /v1/setup_intents',
  summary: 'Lists setup intents, the newest first.',
  input: ListSetupIntents,
  unsupported: UNSUPPORTED_ON_LIST,
  run: async (scope, params) => toPage(await store.page(scope, params), toSetupIntent),
});

export const update = command({
  route: 'POST /v1/setup_intents/:id',
  summary: 'Changes a setup intent before its card is saved, or what is noted about it.',
  input: UpdateSetupIntent,
  unsupported: UNSUPPORTED,
  async run(tx, input) {
    expectNotToSelf(input.attach_to_self);
    const before = await requireLocked(tx, input.id);
    const isOthers = input.customer !== undefined && input.customer !== before.customer;
    if (isOthers) assertChangeable(tx, before, 'customer');
    if (input.customer !== undefined) await requireCustomer(tx, input.customer);
    const method = await chooseMethod(tx, input, input.customer ?? before.customer);
    if (method !== undefined) assertChangeable(tx, before, 'payment_method');
    const attached = await changeMethod(tx, before, method);
    const restarted =
      isOthers && attached.status === 'requires_action'
        ? await restart(tx, attached, 'attach')
        : attached;
    const row = store.update(tx, restarted, {
      customer: input.customer,
      description: input.description,
      flow_directions: input.flow_directions,
      metadata: mergeMetadata(before.metadata, input.metadata),
      payment_method_options:
        input.payment_method_options && toOptions(input.payment_method_options),
    });
    return toSetupIntent(row);
  },
});

export const confirm = exchange({
  route: 'POST /v1/setup_intents/:id/confirm',
  summary: 'Confirms that the customer wants the card to be saved, and has its issuer verify it.',
  input: ConfirmSetupIntent,
  publishable: true,
  unsupported: UNSUPPORTED,
  async intend(tx, { id, client_secret, ...asked }): Promise<Stripe.SetupIntent | Awaiting> {
    const before = entitled(tx, await store.lock(tx, id), id, client_secret);
    assertConfirmable(tx, before);
    const { input, token } = await present(tx, asked);
    useToken(tx, token, { setup_intent: id });
    const method = await chooseMethod(tx, input, before.customer);
    const changed = store.update(tx, before, {
      payment_method_options:
        input.payment_method_options && toOptions(input.payment_method_options),
    });
    return submit(tx, changed, await methodToSave(tx, changed, method), input);
  },
});

export const cancel = command({
  route: 'POST /v1/setup_intents/:id/cancel',
  summary: 'Cancels a setup intent: its card is not saved.',
  input: CancelSetupIntent,
  async run(tx, { id, cancellation_reason }) {
    const before = await requireLocked(tx, id);
    assertCancelable(tx, before);
    await abandon(tx, before, 'canceled');
    const row = await move(tx, before, 'cancel', {
      cancellation_reason: cancellation_reason ?? null,
      next_action: null,
    });
    return toSetupIntent(row);
  },
});

async function requireLocked(tx: Tx, id: string): Promise<store.SetupIntentRow> {
  const row = await store.lock(tx, id);
  if (row === null) throw resourceMissing('setup_intent', id);
  return row;
}
