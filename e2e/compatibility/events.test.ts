import type { Stripe } from 'stripe';
import { describe, expect, it } from 'vitest';
import { served } from '@/e2e/support/served';

const { stripe } = await served();

describe('events through the official SDK', () => {
  it('tell what happened, newest first, with what was there before', async () => {
    const idempotencyKey = 'make-ada';
    const customer = await stripe.customers.create({ name: 'Ada' }, { idempotencyKey });
    await stripe.customers.update(customer.id, { name: 'Ada Lovelace', metadata: { a: '1' } });
    await stripe.customers.del(customer.id);

    const events: Stripe.Event[] = [];
    const all = stripe.events.list({ types: ['customer.created', 'customer.updated'], limit: 1 });
    for await (const event of all) events.push(event);
    const [updated, created] = events;
    expect(updated).toMatchObject({
      type: 'customer.updated',
      data: {
        object: { id: customer.id, name: 'Ada Lovelace' },
        previous_attributes: { name: 'Ada', metadata: { a: null } },
      },
    });
    expect(created).toMatchObject({
      type: 'customer.created',
      request: { id: customer.lastResponse.requestId, idempotency_key: idempotencyKey },
    });
    expect(await stripe.events.retrieve(created?.id ?? '')).toMatchObject({
      data: { object: { name: 'Ada' } },
    });
    const deleted = await stripe.events.list({ type: 'customer.deleted' });
    expect(deleted.data).toHaveLength(1);
  });

  it('tell a payment in the order in which it went', async () => {
    const since = { created: { gte: Math.floor(Date.now() / 1000) - 60 } };
    await stripe.paymentIntents.create({
      amount: 100,
      currency: 'gbp',
      confirm: true,
      payment_method: 'pm_card_visa',
    });
    const { data } = await stripe.events.list({ ...since, limit: 3 });
    expect(data.map(({ type }) => type)).toEqual([
      'payment_intent.succeeded',
      'charge.succeeded',
      'payment_intent.created',
    ]);
  });
});
