/**
 * A payment in plain JavaScript with the official Stripe SDK, unmodified. From any directory:
 *
 *   CALMONY_KEY=sk_test_… node path/to/examples/quickstart.mjs
 *
 * The server is http://127.0.0.1:3000 unless CALMONY_URL names another.
 */
import Stripe from 'stripe';

const { CALMONY_KEY, CALMONY_URL = 'http://127.0.0.1:3000' } = process.env;
if (CALMONY_KEY === undefined) {
  process.stderr.write('Set CALMONY_KEY to the secret key that npm start printed.\n');
  process.exit(1);
}

const { protocol, hostname, port } = new URL(CALMONY_URL);
const stripe = new Stripe(CALMONY_KEY, {
  protocol: protocol === 'https:' ? 'https' : 'http',
  host: hostname,
  port: port || (protocol === 'https:' ? 443 : 80),
});

/** @param {string} what @param {string} id @param {string} [how] */
const say = (what, id, how = '') => process.stdout.write(`${what.padEnd(16)}${id} ${how}\n`);

const customer = await stripe.customers.create({ name: 'Ada Lovelace', email: 'ada@example.com' });
say('customer', customer.id);

const card = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id });
say('card', card.id, `${card.card?.brand} ending in ${card.card?.last4}`);

const payment = await stripe.paymentIntents.create({
  amount: 999, // pence
  currency: 'gbp',
  customer: customer.id,
  payment_method: card.id,
  confirm: true,
});
say('payment', payment.id, payment.status);

try {
  await stripe.paymentIntents.create({
    amount: 999,
    currency: 'gbp',
    payment_method: 'pm_card_visa_chargeDeclinedInsufficientFunds',
    confirm: true,
  });
} catch (error) {
  if (!(error instanceof Stripe.errors.StripeCardError)) throw error;
  say('another', error.payment_intent?.id ?? '', `${error.code}: ${error.decline_code}`);
}

const refund = await stripe.refunds.create({ payment_intent: payment.id, amount: 499 });
say('refund', refund.id, refund.status ?? '');

for await (const event of stripe.events.list({ limit: 5 })) {
  say('event', event.id, event.type);
  if (event.type === 'customer.created') break;
}
