/** What an intent begins with: asked for by itself, or for a direct charge. */
import type { Tx } from '@/server/kernel/context';
import { newId, randomBase62 } from '@/server/kernel/ids';
import { mergeMetadata } from '@/server/kernel/metadata';
import { unix } from '@/server/kernel/object';
import { optionsOf } from './options';
import type { CreatePaymentIntent } from './params';
import type { insert } from './store';

export function newIntent(
  tx: Tx,
  input: CreatePaymentIntent,
  payment_method: string | null,
): Parameters<typeof insert>[1] {
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
    expires_at: null,
    cancellation_reason: null,
    capture_method: input.capture_method ?? 'automatic_async',
    client_secret: randomBase62(25),
    confirmation_method: input.confirmation_method ?? 'automatic',
    customer: input.customer ?? null,
    description: input.description ?? null,
    last_payment_error: null,
    latest_charge: null,
    mandate: null,
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
