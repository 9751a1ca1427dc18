/**
 * A confirmation token carries what a payer's page has collected to a server, which confirms a payment
 * or setup intent with it, once. https://docs.stripe.com/api/confirmation_tokens
 *
 * At Stripe its script in the browser makes them, which is not here: the test helper does.
 */
import type Stripe from 'stripe';
import type { Scope } from '@/server/kernel/context';
import {
  parameterMissing,
  parametersExclusive,
  resourceMissing,
  testModeRequired,
} from '@/server/kernel/errors';
import { newId } from '@/server/kernel/ids';
import { unix } from '@/server/kernel/object';
import { command, query } from '@/server/kernel/operation';
import { createFromData, findPaymentMethods, requirePaymentMethod } from '@/server/payment_methods';
import { toConfirmationToken } from './object';
import { ConfirmationTokenId, CreateConfirmationToken, UNSUPPORTED } from './params';
import * as store from './store';

/** How long one can be used, in seconds. */
const LASTS = 12 * 60 * 60;

export const create = command({
  route: 'POST /v1/test_helpers/confirmation_tokens',
  summary: 'Creates a confirmation token, as a page would. Test mode only.',
  input: CreateConfirmationToken,
  unsupported: UNSUPPORTED,
  async run(tx, { payment_method, payment_method_data, ...told }) {
    if (payment_method !== undefined && payment_method_data !== undefined) {
      throw parametersExclusive(['payment_method', 'payment_method_data']);
    }
    if (payment_method === undefined && payment_method_data === undefined) {
      throw parameterMissing('payment_method_data');
    }
    const method =
      payment_method_data === undefined
        ? await requirePaymentMethod(tx, payment_method ?? '')
        : await createFromData(tx, payment_method_data, 'payment_method_data[card]');
    if (tx.livemode) throw testModeRequired();
    const created = unix(tx.now);
    const row = store.insert(tx, {
      id: newId('confirmation_token'),
      payment_method: method.id,
      return_url: told.return_url ?? null,
      setup_future_usage: told.setup_future_usage ?? null,
      shipping: told.shipping ?? null,
      payment_intent: null,
      setup_intent: null,
      expires_at: created + LASTS,
      created,
    });
    return toConfirmationToken(row, method);
  },
});

export const retrieve = query({
  route: 'GET /v1/confirmation_tokens/:id',
  summary: 'Retrieves a confirmation token, and what was confirmed with it.',
  input: ConfirmationTokenId,
  async run(scope, { id }) {
    const [token] = await load(scope, [id]);
    if (token === undefined) throw resourceMissing('confirmation_token', id);
    return token;
  },
});

export async function load(
  scope: Scope,
  ids: readonly string[],
): Promise<Stripe.ConfirmationToken[]> {
  const rows = await store.findAll(scope, ids);
  const found = await findPaymentMethods(
    scope,
    rows.map(({ payment_method }) => payment_method),
  );
  const methods = new Map(found.map((method) => [method.id, method]));
  return rows.flatMap((row) => {
    const method = methods.get(row.payment_method);
    return method === undefined ? [] : [toConfirmationToken(row, method)];
  });
}
