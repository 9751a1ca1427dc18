/**
 * What was delivered, what the receivers said, and how to send it again. The sending itself is
 * nobody's request: see `sending.ts`.
 */
import type { Scope, Tx } from '@/server/kernel/context';
import { loadEvents } from '@/server/events';
import { parameterInvalid, resourceMissing } from '@/server/kernel/errors';
import { command, query } from '@/server/kernel/operation';
import { toPage } from '@/server/kernel/page';
import { requireEndpoint } from '@/server/webhook_endpoints';
import { move } from './lifecycle';
import { toAttempt, toDelivery, type Delivery } from './object';
import { DeliveryId, ListDeliveries, RETRY_UNSUPPORTED, RetryEvent } from './params';
import * as store from './store';

export const retrieve = query({
  route: 'GET /v1/webhook_deliveries/:id',
  summary: 'Retrieves a delivery with its attempts, the newest first.',
  input: DeliveryId,
  async run(scope, { id }): Promise<Delivery> {
    const row = expectFound(await store.find(scope, id), id);
    const attempts = await store.attemptsOf(scope, id);
    return { ...toDelivery(row), attempts: attempts.map(toAttempt) };
  },
});

export const list = query({
  route: 'GET /v1/webhook_deliveries',
  summary: 'Lists deliveries, those of the newest events first.',
  input: ListDeliveries,
  run: async (scope, params) => toPage(await store.page(scope, params), toDelivery),
});

export const resend = command({
  route: 'POST /v1/webhook_deliveries/:id/resend',
  summary: 'Sends a delivery once more, whatever became of it.',
  input: DeliveryId,
  async run(tx, { id }): Promise<Delivery> {
    const row = expectFound(await store.lock(tx, id), id);
    await expectEnabled(tx, row.endpoint, 'endpoint');
    return toDelivery(move(tx, row, 'retry'));
  },
});

/** The route of `stripe events resend`, Stripe's command line. It is in none of the SDKs. */
export const retryEvent = command({
  route: 'POST /v1/events/:id/retry',
  answers: 'event',
  summary: 'Sends an event once more, to one endpoint or to all that listen for it.',
  input: RetryEvent,
  unsupported: RETRY_UNSUPPORTED,
  async run(tx, { id, webhook_endpoint }) {
    const [event] = await loadEvents(tx, [id]);
    if (event === undefined) throw resourceMissing('event', id);
    if (webhook_endpoint === undefined) {
      store.enqueueAgain(tx, event);
    } else {
      await expectEnabled(tx, webhook_endpoint, 'webhook_endpoint');
      store.enqueueAt(tx, event, webhook_endpoint);
    }
    const [retried = event] = await loadEvents(tx, [id]);
    return retried;
  },
});

/** Many by id, for `expand`. */
export const load = async (scope: Scope, ids: readonly string[]): Promise<Delivery[]> =>
  (await store.findAll(scope, ids)).map(toDelivery);

function expectFound(row: store.DeliveryRow | null, id: string): store.DeliveryRow {
  if (row === null) throw resourceMissing('webhook_delivery', id);
  return row;
}

/** @throws ApiError 400 that names `param`, for an endpoint that is disabled or not there. */
export async function expectEnabled(tx: Tx, endpoint: string, param: string): Promise<void> {
  const { status } = await requireEndpoint(tx, endpoint, param);
  if (status === 'disabled') {
    throw parameterInvalid(
      `The webhook endpoint ${endpoint} is disabled. Enable it before sending to it.`,
      param,
    );
  }
}
