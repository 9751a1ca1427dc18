/**
 * Where a project wants to be told what happened. How it is told, and told again, is the business
 * of `webhook_deliveries`. https://docs.stripe.com/api/webhook_endpoints
 *
 * A disabled endpoint gets nothing: new events pass it over, and what is still pending ends when
 * its next attempt comes, unless the endpoint is enabled before. That is how Stripe does it:
 * https://docs.stripe.com/webhooks#automatic-retries
 */
import type Stripe from 'stripe';
import type { Tx } from '@/server/kernel/context';
import { parameterInvalid, resourceMissing } from '@/server/kernel/errors';
import { newId } from '@/server/kernel/ids';
import { mergeMetadata } from '@/server/kernel/metadata';
import { unix } from '@/server/kernel/object';
import { command, query } from '@/server/kernel/operation';
import { toPage } from '@/server/kernel/page';
import { webhookEndpoint } from './lifecycle';
import { toDeletedWebhookEndpoint, toWebhookEndpoint } from './object';
import {
  CREATE_UNSUPPORTED,
  CreateWebhookEndpoint,
  ListWebhookEndpoints,
  RollSecret,
  UpdateWebhookEndpoint,
  WebhookEndpointId,
} from './params';
import { newSecret, secretsOf } from './secret';
import * as store from './store';
import { deliverable } from './url';

export const create = command({
  route: 'POST /v1/webhook_endpoints',
  confidential: true,
  summary: 'Creates a webhook endpoint. Its secret is in this answer and in no other.',
  input: CreateWebhookEndpoint,
  unsupported: CREATE_UNSUPPORTED,
  async run(tx, { url, enabled_events, description, metadata, api_version }) {
    expectDeliverable(tx, url);
    const id = newId('webhook_endpoint');
    const secret = newSecret(tx.keyring, { ...tx, id });
    const row = store.insert(tx, {
      id,
      status: 'enabled',
      api_version: api_version ?? null,
      description: description ?? null,
      enabled_events,
      metadata: mergeMetadata({}, metadata),
      secret: secret.sealed,
      previous_secret: null,
      previous_secret_expires_at: null,
      url,
      created: unix(tx.now),
    });
    return { ...toWebhookEndpoint(row), secret: secret.plain };
  },
});

export const retrieve = query({
  route: 'GET /v1/webhook_endpoints/:id',
  summary: 'Retrieves a webhook endpoint.',
  input: WebhookEndpointId,
  run: async (scope, { id }) => toWebhookEndpoint(expectFound(await store.find(scope, id), id)),
});

export const list = query({
  route: 'GET /v1/webhook_endpoints',
  summary: 'Lists webhook endpoints, the newest first.',
  input: ListWebhookEndpoints,
  run: async (scope, params) => toPage(await store.page(scope, params), toWebhookEndpoint),
});

export const update = command({
  route: 'POST /v1/webhook_endpoints/:id',
  summary: 'Updates a webhook endpoint; with `disabled` also whether it is told anything.',
  input: UpdateWebhookEndpoint,
  async run(tx, { id, url, disabled, metadata, ...fields }): Promise<Stripe.WebhookEndpoint> {
    if (url !== undefined) expectDeliverable(tx, url);
    const before = expectFound(await store.lock(tx, id), id);
    const action = disabled === undefined ? null : disabled ? 'disable' : 'enable';
    const step = action === null ? null : webhookEndpoint.step(before.status, action);
    const row = store.update(tx, before, {
      ...fields,
      ...(url === undefined ? {} : { url }),
      ...(step === null ? {} : { status: step[0] }),
      metadata: mergeMetadata(before.metadata, metadata),
    });
    return toWebhookEndpoint(row);
  },
});

/**
 * Nothing of a deleted endpoint is kept: its deliveries, pending or not, go with it, since there is
 * nowhere left to send them and nobody to read about them.
 */
export const remove = command({
  route: 'DELETE /v1/webhook_endpoints/:id',
  summary: 'Deletes a webhook endpoint and the record of what was delivered to it.',
  input: WebhookEndpointId,
  async run(tx, { id }): Promise<Stripe.DeletedWebhookEndpoint> {
    if (!(await store.lockToRemove(tx, id))) throw resourceMissing('webhook_endpoint', id);
    store.removeWithDeliveries(tx, id);
    return toDeletedWebhookEndpoint(id);
  },
});

/** Ours. Until the old secret expires, every delivery carries a signature with each. */
export const rollSecret = command({
  route: 'POST /v1/webhook_endpoints/:id/roll_secret',
  confidential: true,
  summary: 'Gives a webhook endpoint a new secret, and lets the old one expire.',
  input: RollSecret,
  async run(tx, { id, expires_in }): Promise<Stripe.WebhookEndpoint> {
    const before = expectFound(await store.lock(tx, id), id);
    const secret = newSecret(tx.keyring, before);
    const isKept = expires_in > 0;
    const row = store.update(tx, before, {
      secret: secret.sealed,
      previous_secret: isKept ? before.secret : null,
      previous_secret_expires_at: isKept ? new Date(tx.now.getTime() + expires_in * 1000) : null,
    });
    return { ...toWebhookEndpoint(row), secret: secret.plain };
  },
});

/** The secret once more, for whoever may see it in the dashboard. It is none of the API's answers. */
export async function revealSecret(tx: Tx, id: string): Promise<{ id: string; secret: string }> {
  const row = expectFound(await store.find(tx, id), id);
  const [secret = ''] = secretsOf(tx.keyring, row, tx.now);
  return { id, secret };
}

/** For other domains: the endpoint that `param` names, or Stripe's error naming the parameter. */
export async function requireEndpoint(
  tx: Tx,
  id: string,
  param: string,
): Promise<store.WebhookEndpointRow> {
  return expectFound(await store.find(tx, id), id, param);
}

function expectFound(
  row: store.WebhookEndpointRow | null,
  id: string,
  param = 'id',
): store.WebhookEndpointRow {
  if (row === null) throw resourceMissing('webhook_endpoint', id, param);
  return row;
}

function expectDeliverable(tx: Tx, url: string): void {
  const parsed = deliverable(url, tx.livemode);
  if (typeof parsed === 'string') throw parameterInvalid(parsed, 'url', 'url_invalid');
}
