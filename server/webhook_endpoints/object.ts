import type Stripe from 'stripe';
import type { WebhookEndpointRow } from './store';

/** Without the secret, which only the answers that make one show. */
export const toWebhookEndpoint = (row: WebhookEndpointRow): Stripe.WebhookEndpoint => ({
  id: row.id,
  object: 'webhook_endpoint',
  api_version: row.api_version,
  application: null,
  created: row.created,
  description: row.description,
  enabled_events: row.enabled_events,
  livemode: row.livemode,
  metadata: row.metadata,
  status: row.status,
  url: row.url,
});

export const toDeletedWebhookEndpoint = (id: string): Stripe.DeletedWebhookEndpoint => ({
  id,
  object: 'webhook_endpoint',
  deleted: true,
});
