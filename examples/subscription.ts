/**
 * A subscription's three years in some seconds: trial, upgrade, a coupon, a card that fails, all on a
 * test clock and through the official Stripe SDK, unmodified.
 *
 *   CALMONY_KEY=sk_test_… npx tsx examples/subscription.ts
 *
 * The address is 127.0.0.1:3000 unless CALMONY_URL names another.
 */
import { setTimeout } from 'node:timers/promises';
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
const pounds = (pence: number): string =>
  `${pence < 0 ? '-' : ''}£${(Math.abs(pence) / 100).toFixed(2)}`;
const day = (time: number): string => new Date(time * 1000).toISOString().slice(0, 10);
/** A line below a day's, with an amount. */
const sayAmount = (pence: number, what: string | null): boolean =>
  say(`            ${pounds(pence).padStart(9)}  ${what}`);

// What is sold: monthly and yearly, with a code for a quarter off the first three months.
const product = await stripe.products.create({ name: 'Gold' });
const monthly = await stripe.prices.create({
  product: product.id,
  currency: 'gbp',
  unit_amount: 1000,
  recurring: { interval: 'month' },
});
const yearly = await stripe.prices.create({
  product: product.id,
  currency: 'gbp',
  unit_amount: 10_000,
  recurring: { interval: 'year' },
});
const coupon = await stripe.coupons.create({
  percent_off: 25,
  duration: 'repeating',
  duration_in_months: 3,
});
const code = await stripe.promotionCodes.create({
  promotion: { type: 'coupon', coupon: coupon.id },
});
say(
  `Gold is ${pounds(1000)} a month or ${pounds(10_000)} a year; ${code.code} takes a quarter off.\n`,
);

// Who buys it, on a clock of their own.
const start = Date.UTC(2026, 0, 31, 9) / 1000;
const clock = await stripe.testHelpers.testClocks.create({ frozen_time: start, name: 'Ada' });
const customer = await stripe.customers.create({
  name: 'Ada Lovelace',
  email: 'ada@example.com',
  test_clock: clock.id,
  payment_method: 'pm_card_visa',
  invoice_settings: { default_payment_method: 'pm_card_visa' },
});

/** Goes on to a day, through everything that becomes due until then. */
async function travelTo(year: number, month: number, date: number): Promise<void> {
  const frozen_time = Date.UTC(year, month - 1, date, 12) / 1000;
  await stripe.testHelpers.testClocks.advance(clock.id, { frozen_time });
  let status = 'advancing';
  while (status === 'advancing') {
    await setTimeout(50);
    ({ status } = await stripe.testHelpers.testClocks.retrieve(clock.id));
  }
  if (status !== 'ready') throw new Error(`The clock is ${status}.`);
}

let subscription = await stripe.subscriptions.create({
  customer: customer.id,
  items: [{ price: monthly.id }],
  discounts: [{ promotion_code: code.id }],
  trial_period_days: 14,
});
say(`${day(start)}  subscribed: ${subscription.status}`);

await travelTo(2026, 2, 20);
subscription = await stripe.subscriptions.retrieve(subscription.id);
say(`2026-02-20  after the trial: ${subscription.status}`);

const [item] = subscription.items.data;
if (item === undefined) throw new Error('The subscription has no item.');
await stripe.subscriptions.update(subscription.id, { items: [{ id: item.id, quantity: 3 }] });
const preview = await stripe.invoices.createPreview({ subscription: subscription.id });
say(`2026-02-20  three seats from now on; the next invoice will be`);
for (const { description, amount } of preview.lines.data) sayAmount(amount, description);
// What is prorated is net of the discount already.
const off = preview.total_discount_amounts?.reduce((sum, { amount }) => sum + amount, 0) ?? 0;
sayAmount(-off, 'a quarter off the last');
sayAmount(preview.total, 'in all');

await stripe.invoiceItems.create({
  customer: customer.id,
  subscription: subscription.id,
  amount: 500,
  currency: 'gbp',
  description: 'Setup',
});
await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true });
await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: false });
say(
  '2026-02-20  £5.00 for the setup; cancelled at the end of the period, and thought better of it',
);

await travelTo(2026, 6, 1);
const [latest] = (await stripe.invoices.list({ customer: customer.id, limit: 1 })).data;
if (latest?.id === undefined) throw new Error('There is no invoice.');
const note = await stripe.creditNotes.create({
  invoice: latest.id,
  amount: 400,
  credit_amount: 400,
  reason: 'order_change',
});
say(
  `2026-06-01  ${latest.number} was ${pounds(latest.total)}; ${note.number} gives ${pounds(400)} back, to the balance`,
);

// The bank declines for a while. The invoice is tried again, and paid with another card.
const bad = await stripe.paymentMethods.attach('pm_card_chargeCustomerFail', {
  customer: customer.id,
});
await stripe.customers.update(customer.id, {
  invoice_settings: { default_payment_method: bad.id },
});
await travelTo(2026, 6, 20);
subscription = await stripe.subscriptions.retrieve(subscription.id);
say(`2026-06-20  a card that the bank declines: ${subscription.status}`);

const good = await stripe.paymentMethods.attach('pm_card_mastercard', { customer: customer.id });
await stripe.customers.update(customer.id, {
  invoice_settings: { default_payment_method: good.id },
});
await travelTo(2026, 6, 21);
subscription = await stripe.subscriptions.retrieve(subscription.id);
say(`2026-06-21  another card, tried at once: ${subscription.status}`);

await stripe.subscriptions.update(subscription.id, {
  items: [{ id: item.id, price: yearly.id, quantity: 3 }],
  proration_behavior: 'always_invoice',
});
say('2026-06-21  changed to yearly, and charged for the difference at once');

const began = performance.now();
await travelTo(2029, 2, 1);
say(
  `2029-02-01  the rest of three years took ${((performance.now() - began) / 1000).toFixed(1)} s\n`,
);

let paid = 0;
const invoices: Stripe.Invoice[] = [];
for await (const invoice of stripe.invoices.list({ customer: customer.id, limit: 100 })) {
  invoices.push(invoice);
  paid += invoice.amount_paid;
}
say('date        invoice          total      paid  why');
for (const { number, created, total, amount_paid, billing_reason } of invoices.toReversed()) {
  const amounts = [total, amount_paid].map((pence) => pounds(pence).padStart(8)).join('  ');
  say(`${day(created)}  ${number}  ${amounts}  ${billing_reason}`);
}

say(`\n${invoices.length} invoices, ${pounds(paid)} paid, and told of by`);
for (const type of ['customer.subscription.created', 'invoice.paid', 'invoice.payment_failed']) {
  let count = 0;
  for await (const { data } of stripe.events.list({ type, limit: 100 })) {
    if ((data.object as { customer?: unknown }).customer === customer.id) count += 1;
  }
  say(`  ${count} × ${type}`);
}
