/**
 * The official Stripe SDK, unmodified, takes a payment from Calmony Pay.
 *
 *   CALMONY_KEY=sk_test_… npx tsx examples/quickstart.ts
 *
 * The address is 127.0.0.1:3000 unless CALMONY_URL names another.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Stripe from 'stripe';

const key = process.env.CALMONY_KEY;
if (key === undefined) throw new Error('Set CALMONY_KEY to the secret key that npm start printed.');
const server = new URL(process.env.CALMONY_URL ?? 'http://127.0.0.1:3000');

const stripe = new Stripe(key, {
  host: server.hostname,
  port: Number(server.port),
  protocol: 'http',
});

const say = (line: string): boolean => process.stdout.write(`${line}\n`);

// A receiver of our own, which checks each signature with the SDK.
let secret = '';
const received: string[] = [];
const expected = ['payment_intent.succeeded', 'charge.succeeded', 'charge.refunded'];
let allArrived = (): void => undefined;
const arrived = new Promise<void>((resolve) => (allArrived = resolve));

const listener = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const event = stripe.webhooks.constructEvent(
      Buffer.concat(chunks),
      String(request.headers['stripe-signature']),
      secret,
    );
    received.push(event.type);
    say(`webhook           ${event.type} (signature accepted)`);
    response.end();
    if (expected.every((type) => received.includes(type))) allArrived();
  });
});
await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
const { port } = listener.address() as AddressInfo;

const endpoint = await stripe.webhookEndpoints.create({
  url: `http://127.0.0.1:${port}/webhooks`,
  enabled_events: ['*'],
});
secret = endpoint.secret ?? '';
say(`webhook endpoint  ${endpoint.id}`);

const customer = await stripe.customers.create({ name: 'Ada Lovelace', email: 'ada@example.com' });
say(`customer          ${customer.id}`);

const method = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id });
say(`payment method    ${method.id} (${method.card?.brand} ${method.card?.last4})`);

const intent = await stripe.paymentIntents.create({
  amount: 999,
  currency: 'gbp',
  customer: customer.id,
  payment_method: method.id,
  confirm: true,
  off_session: true,
  description: 'A cup of coffee and the cup',
});
say(`payment intent    ${intent.id} ${intent.status}`);

const refund = await stripe.refunds.create({ payment_intent: intent.id, amount: 499 });
say(`refund            ${refund.id} ${refund.status}`);

const timeout = setTimeout(() => {
  throw new Error(`Only ${received.join(', ') || 'nothing'} arrived within ten seconds.`);
}, 10_000);
await arrived;
clearTimeout(timeout);

await stripe.webhookEndpoints.del(endpoint.id);
listener.close();
listener.closeAllConnections();
