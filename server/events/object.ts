import type Stripe from 'stripe';
import type { EventRow } from './store';

export type Event = Stripe.EventBase & { object: 'event' };

/** `pending_webhooks` is counted, not stored: an event never changes. */
export const toEvent = (row: EventRow, pendingWebhooks: number): Event => ({
  id: row.id,
  object: 'event',
  api_version: row.api_version,
  created: row.created,
  data: row.data,
  livemode: row.livemode,
  pending_webhooks: pendingWebhooks,
  request: { id: row.request, idempotency_key: row.idempotency_key },
  type: row.type as Stripe.Event.Type,
});
