/**
 * Backends do not all run the newest SDK. Each major since 2023 does the main job: the one that
 * brings its own API version is answered in the shapes of the server's.
 */
import { createHmac } from 'node:crypto';
import { createRequire } from 'node:module';
import type { Stripe as Stripe23 } from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ServerProcess } from '@/e2e/support/process';
import { startReceiver, type Receiver } from '@/e2e/support/receiver';
import { SECRET_KEY, startServer } from '@/e2e/support/server';
import { addressOf } from '@/e2e/support/stripe';

let server: ServerProcess;
let receiver: Receiver;
beforeAll(async () => {
  [server, receiver] = await Promise.all([startServer(), startReceiver()]);
});
afterAll(async () => {
  receiver.close();
  await server.stop();
});

const require = createRequire(import.meta.url);

/** Required, not imported: each major declares the module `stripe`, and types of twelve collide. */
const load = (major: number): typeof Stripe23 =>
  require(major === 23 ? 'stripe' : `stripe-${major}`);

const MAJORS = [12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23];

describe.each(MAJORS)('the official SDK, major %i', (major) => {
  const Stripe = load(major);

  it('takes, holds, refuses and gives back money', async () => {
    const stripe = new Stripe(SECRET_KEY, addressOf(server));
    expect(Stripe.PACKAGE_VERSION).toMatch(new RegExp(`^${major}\\.`));

    const customer = await stripe.customers.create({
      name: 'Ada',
      metadata: { major: String(major) },
    });
    const card = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id });
    const payment = { amount: 1000, currency: 'gbp', customer: customer.id, confirm: true };
    const paid = await stripe.paymentIntents.create({
      ...payment,
      payment_method: card.id,
      off_session: true,
    });
    expect(paid).toMatchObject({ status: 'succeeded', amount_received: 1000 });
    expect(await stripe.refunds.create({ payment_intent: paid.id, amount: 1 })).toMatchObject({
      status: 'succeeded',
    });
    const held = await stripe.paymentIntents.create({
      ...payment,
      payment_method: card.id,
      capture_method: 'manual',
    });
    expect(await stripe.paymentIntents.capture(held.id)).toMatchObject({ status: 'succeeded' });
    await expect(
      stripe.paymentIntents.create({ ...payment, payment_method: 'pm_card_chargeDeclined' }),
    ).rejects.toMatchObject({ type: 'StripeCardError', decline_code: 'generic_decline' });

    const amounts: number[] = [];
    const charges = stripe.charges.list({ customer: customer.id, limit: 2 });
    for await (const { amount_captured } of charges) amounts.push(amount_captured);
    expect(amounts).toEqual([0, 1000, 1000]);
    const { data } = await stripe.customers.search({ query: `metadata['major']:'${major}'` });
    expect(data.map(({ id }) => id)).toEqual([customer.id]);
  });

  it('understands its webhooks', async () => {
    const stripe = new Stripe(SECRET_KEY, addressOf(server));
    const path = `/major/${major}`;
    const endpoint = await stripe.webhookEndpoints.create({
      url: `${receiver.url}${path}`,
      enabled_events: ['product.created'],
    });
    receiver.expectAt(path, endpoint.secret ?? '');
    const product = await stripe.products.create({ name: `Made by ${major}` });
    const { event, body, signature } = await receiver.arrival((here) => here.path === path);
    expect(stripe.webhooks.constructEvent(body, signature, endpoint.secret ?? '')).toEqual(event);
    expect(event.data.object).toMatchObject({ id: product.id });
    const forged = createHmac('sha256', 'whsec_other').update(body).digest('hex');
    expect(() =>
      stripe.webhooks.constructEvent(body, `t=1,v1=${forged}`, endpoint.secret ?? ''),
    ).toThrow(Stripe.errors.StripeSignatureVerificationError);
    await stripe.webhookEndpoints.del(endpoint.id);
  });
});
