import type { Stripe } from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ServerProcess } from '@/e2e/support/process';
import { startReceiver, type Receiver } from '@/e2e/support/receiver';
import { startServer } from '@/e2e/support/server';
import { strictStripe } from '@/e2e/support/stripe';

let server: ServerProcess;
let receiver: Receiver;
let stripe: Stripe;
beforeAll(async () => {
  [server, receiver] = await Promise.all([startServer(), startReceiver()]);
  stripe = strictStripe(server);
});
afterAll(async () => {
  receiver.close();
  await server.stop();
});

async function listen(
  path: string,
  enabled_events: ['*'] | Stripe.WebhookEndpointCreateParams.EnabledEvent[],
) {
  const endpoint = await stripe.webhookEndpoints.create({
    url: `${receiver.url}${path}`,
    enabled_events,
  });
  receiver.expectAt(path, endpoint.secret ?? '');
  return endpoint;
}

describe('webhook endpoints through the official SDK', () => {
  it('show their secret once, are changed, listed and deleted', async () => {
    const { id, secret } = await listen('/managed', ['customer.created']);
    expect(secret).toMatch(/^whsec_/);
    expect(await stripe.webhookEndpoints.retrieve(id)).not.toHaveProperty('secret');
    const updated = await stripe.webhookEndpoints.update(id, {
      enabled_events: ['*'],
      description: 'All of it',
      disabled: true,
    });
    expect(updated).toMatchObject({ status: 'disabled', description: 'All of it' });
    const ids: string[] = [];
    for await (const each of stripe.webhookEndpoints.list({ limit: 1 })) ids.push(each.id);
    expect(ids).toContain(id);
    expect(await stripe.webhookEndpoints.del(id)).toMatchObject({ id, deleted: true });
    await expect(stripe.webhookEndpoints.retrieve(id)).rejects.toMatchObject({
      code: 'resource_missing',
    });
  });

  it('receive signed events of the types they listen for, as the API has them', async () => {
    await listen('/customers', ['customer.created', 'customer.deleted']);
    const { id } = await stripe.customers.create({ name: 'Zoë 🎩' });
    await stripe.customers.update(id, { name: 'Zoë' });
    await stripe.customers.del(id);
    await receiver.arrival(({ event }) => event.type === 'customer.deleted');

    const here = receiver.deliveries.filter(({ path }) => path === '/customers');
    expect(here.map(({ event }) => event.type).sort()).toEqual([
      'customer.created',
      'customer.deleted',
    ]);
    const created = here.find(({ event }) => event.type === 'customer.created')?.event;
    const { pending_webhooks: _, ...stored } = await stripe.events.retrieve(created?.id ?? '');
    expect({ ...stored, lastResponse: null }).toMatchObject({
      id: created?.id,
      data: created?.data,
      request: created?.request,
    });
    expect(receiver.refused).toEqual([]);
  });

  it('are not held up by one that never answers, and get again what they refused', async () => {
    await listen('/hanging', ['product.created']);
    await listen('/quick', ['product.created']);
    receiver.behave(({ path }) => (path === '/hanging' ? null : 200));
    const product = await stripe.products.create({ name: 'Kettle' });
    const delivery = await receiver.arrival(({ path }) => path === '/quick');
    expect(delivery.event.data.object).toMatchObject({ id: product.id });
    receiver.behave(() => 200);
  });
});
