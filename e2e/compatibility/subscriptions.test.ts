/** What a SaaS product does with subscriptions, as its backend does it: through the official SDK. */
import postgres from 'postgres';
import { Stripe } from 'stripe';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Receiver } from '@/e2e/support/receiver';
import { served } from '@/e2e/support/served';
import { PUBLISHABLE_KEY } from '@/e2e/support/server';
import { addressOf } from '@/e2e/support/stripe';
import { at, changedIn, receiverOf, traveller, type Traveller } from '@/e2e/support/traveller';

const { server, stripe } = await served();

let receiver: Receiver;
let monthly: Stripe.Price;
let triple: Stripe.Price;
beforeAll(async () => {
  receiver = await receiverOf(stripe);
  const product = (await stripe.products.create({ name: 'Gold' })).id;
  const every = (unit_amount: number) =>
    stripe.prices.create({
      product,
      currency: 'gbp',
      unit_amount,
      recurring: { interval: 'month' },
    });
  [monthly, triple] = await Promise.all([every(1_000), every(3_000)]);
});

const subscribe = (
  { id: customer }: Pick<Traveller, 'id'>,
  terms: Partial<Stripe.SubscriptionCreateParams> = {},
) => stripe.subscriptions.create({ customer, items: [{ price: monthly.id }], ...terms });

const itemOf = ({ items }: Stripe.Subscription): Stripe.SubscriptionItem => {
  const [item] = items.data;
  if (item === undefined) throw new Error('There is no item.');
  return item;
};

/** With its payment intent's secret, as a backend gives it to the browser. */
const invoiceOf = (subscription: Stripe.Subscription): Stripe.Invoice =>
  subscription.latest_invoice as Stripe.Invoice;

/** What Stripe.js does: confirms with the secret and the publishable key, and a card. */
async function confirmInBrowser(secret: string, number: string): Promise<Stripe.PaymentIntent> {
  const browser = new Stripe(PUBLISHABLE_KEY, addressOf(server));
  const card = { number, exp_month: 1, exp_year: 2035, cvc: '123' };
  const method = await browser.paymentMethods.create({ type: 'card', card });
  const [id = ''] = secret.split('_secret_');
  const inBrowser: Stripe.PaymentIntentConfirmParams & { client_secret: string } = {
    client_secret: secret,
    payment_method: method.id,
    return_url: 'https://shop.example/account',
  };
  return browser.paymentIntents.confirm(id, inBrowser);
}

/** The customer answers at the bank's page, as a browser would send it. */
async function authenticate(intent: Stripe.PaymentIntent): Promise<void> {
  const { pathname } = new URL(intent.next_action?.redirect_to_url?.url ?? '');
  const response = await fetch(`${server.url}${pathname}/complete`, {
    method: 'POST',
    redirect: 'manual',
  });
  expect(response.status).toBe(303);
}

describe('a trial', () => {
  it('becomes a paid subscription', async () => {
    const ada = await traveller(stripe, receiver, '2026-01-31T09:00');
    const { id } = await subscribe(ada, { trial_period_days: 14 });
    expect(await ada.types('customer.subscription', 'invoice.')).toEqual([
      'customer.subscription.created',
      'invoice.created',
      'invoice.finalized',
      'invoice.updated',
      'invoice.paid',
      'invoice.payment_succeeded',
      'invoice.updated',
    ]);

    await ada.travelTo('2026-02-12T00:00');
    expect(await ada.types('customer.subscription')).toEqual([
      'customer.subscription.trial_will_end',
    ]);

    await ada.travelTo('2026-02-14T12:00');
    const subscription = await stripe.subscriptions.retrieve(id, { expand: ['latest_invoice'] });
    expect(subscription.status).toBe('active');
    expect(invoiceOf(subscription)).toMatchObject({
      status: 'paid',
      total: 1_000,
      amount_paid: 1_000,
      billing_reason: 'subscription_cycle',
    });
    expect(itemOf(subscription)).toMatchObject({
      current_period_start: at('2026-02-14T09:00'),
      current_period_end: at('2026-03-14T09:00'),
    });
    const told = await ada.told('customer.subscription', 'invoice.');
    expect(told.map(({ type }) => type)).toEqual([
      'invoice.created',
      'customer.subscription.updated',
      'invoice.finalized',
      'invoice.updated',
      'invoice.paid',
      'invoice.payment_succeeded',
      'invoice.updated',
    ]);
    const updated = told.filter(({ type }) => type === 'customer.subscription.updated');
    expect(updated.map(changedIn)).toEqual([['items', 'latest_invoice', 'status']]);
  });

  it('pauses where there is nothing to pay with, and resumes', async () => {
    const ada = await traveller(stripe, receiver, '2026-01-01', null);
    const { id } = await subscribe(ada, {
      trial_period_days: 7,
      trial_settings: { end_behavior: { missing_payment_method: 'pause' } },
    });
    await ada.travelTo('2026-01-09');
    expect(await stripe.subscriptions.retrieve(id)).toMatchObject({ status: 'paused' });
    expect(await ada.types('customer.subscription')).toContain('customer.subscription.paused');
    const card = await stripe.paymentMethods.attach('pm_card_visa', { customer: ada.id });
    await stripe.customers.update(ada.id, {
      invoice_settings: { default_payment_method: card.id },
    });
    expect(await stripe.subscriptions.resume(id)).toMatchObject({ status: 'active' });
    expect(await ada.types('customer.subscription')).toContain('customer.subscription.resumed');
  });
});

describe('an upgrade in the middle of a period', () => {
  it('costs what the preview said, and is billed with the next invoice', async () => {
    const ada = await traveller(stripe, receiver, '2026-04-01');
    const before = await subscribe(ada);
    await ada.travelTo('2026-04-16');
    const items = [{ id: itemOf(before).id, price: triple.id }];
    const preview = await stripe.invoices.createPreview({
      subscription: before.id,
      subscription_details: { items },
    });
    // Half of April: £5.00 of £10.00 back, £15.00 of £30.00, and May.
    expect(preview.lines.data.map(({ amount }) => amount)).toEqual([-500, 1_500, 3_000]);
    await stripe.subscriptions.update(before.id, { items });
    const waiting = await stripe.invoiceItems.list({ customer: ada.id, pending: true });
    expect(waiting.data.map(({ amount }) => amount).toSorted()).toEqual([-500, 1_500]);

    await ada.travelTo('2026-05-01T02:00');
    const invoices = await stripe.invoices.list({ subscription: before.id, limit: 1 });
    const [invoice] = invoices.data;
    expect(invoice).toMatchObject({ total: preview.total, status: 'paid' });
    const shape = ({ lines }: Stripe.Invoice) =>
      lines.data.map(({ amount, description, period }) => ({ amount, description, period }));
    expect(shape(invoice!)).toEqual(shape(preview));
  });

  it('is charged at once where that is asked', async () => {
    const ada = await traveller(stripe, receiver, '2026-04-01');
    const before = await subscribe(ada);
    await ada.travelTo('2026-04-16');
    const change: Pick<
      Stripe.SubscriptionUpdateParams,
      'items' | 'proration_behavior' | 'proration_date'
    > = {
      items: [{ id: itemOf(before).id, price: triple.id, quantity: 2 }],
      proration_behavior: 'always_invoice',
      proration_date: at('2026-04-11'),
    };
    const preview = await stripe.invoices.createPreview({
      subscription: before.id,
      subscription_details: change,
    });
    const after = await stripe.subscriptions.update(before.id, {
      ...change,
      expand: ['latest_invoice'],
    });
    // Two thirds of April: £6.67 of £10.00 back, £40.00 of £60.00.
    expect(preview.total).toBe(3_333);
    expect(invoiceOf(after)).toMatchObject({
      total: 3_333,
      status: 'paid',
      billing_reason: 'subscription_update',
    });
  });

  it('is cancelled at the end of the period, and taken back', async () => {
    const ada = await traveller(stripe, receiver, '2026-04-01');
    const { id } = await subscribe(ada);
    expect(await stripe.subscriptions.update(id, { cancel_at_period_end: true })).toMatchObject({
      cancel_at: at('2026-05-01'),
      cancel_at_period_end: true,
    });
    await stripe.subscriptions.update(id, { cancel_at_period_end: false });
    await ada.travelTo('2026-05-02');
    expect(await stripe.subscriptions.retrieve(id)).toMatchObject({
      status: 'active',
      cancel_at: null,
    });
    await stripe.subscriptions.update(id, { cancel_at_period_end: true });
    await ada.types();
    await ada.travelTo('2026-06-02');
    expect(await stripe.subscriptions.retrieve(id)).toMatchObject({
      status: 'canceled',
      ended_at: at('2026-06-01'),
      cancellation_details: { reason: 'cancellation_requested' },
    });
    expect(await ada.types('customer.subscription')).toEqual(['customer.subscription.deleted']);
  });
});

describe('a subscription with a coupon and a tax', () => {
  it('takes the discount off first, and taxes what is left', async () => {
    const ada = await traveller(stripe, receiver, '2026-01-01');
    const coupon = await stripe.coupons.create({
      percent_off: 25,
      duration: 'repeating',
      duration_in_months: 2,
    });
    const vat = await stripe.taxRates.create({
      display_name: 'VAT',
      percentage: 20,
      inclusive: false,
    });
    const subscription = await subscribe(ada, {
      discounts: [{ coupon: coupon.id }],
      default_tax_rates: [vat.id],
      expand: ['latest_invoice.discounts', 'discounts.source.coupon'],
    });
    expect(subscription.discounts).toMatchObject([
      { object: 'discount', source: { coupon: { id: coupon.id, percent_off: 25 } } },
    ]);
    expect(invoiceOf(subscription)).toMatchObject({
      subtotal: 1_000,
      total_discount_amounts: [{ amount: 250 }],
      total_excluding_tax: 750,
      total_taxes: [{ amount: 150, tax_behavior: 'exclusive', taxable_amount: 750 }],
      total: 900,
      discounts: [{ object: 'discount', subscription: subscription.id }],
    });
    await ada.travelTo('2026-03-02');
    const invoices = await stripe.invoices.list({ subscription: subscription.id });
    expect(invoices.data.map(({ total }) => total)).toEqual([1_200, 900, 900]);
  });
});

describe('a card that fails', () => {
  const failing = async () => {
    const ada = await traveller(stripe, receiver, '2026-01-01');
    const { id } = await subscribe(ada);
    const bad = await stripe.paymentMethods.attach('pm_card_chargeCustomerFail', {
      customer: ada.id,
    });
    await stripe.customers.update(ada.id, { invoice_settings: { default_payment_method: bad.id } });
    await ada.types();
    return { ada, id };
  };

  it('is tried four times more, and then the subscription is cancelled', async () => {
    const { ada, id } = await failing();
    await ada.travelTo('2026-02-01T12:00');
    expect(await stripe.subscriptions.retrieve(id)).toMatchObject({ status: 'past_due' });
    expect(await ada.types('customer', 'invoice.')).toEqual([
      'invoice.upcoming',
      'invoice.created',
      'customer.subscription.updated',
      'invoice.finalized',
      'invoice.updated',
      'invoice.payment_failed',
      'customer.subscription.updated',
      'invoice.updated',
      'customer.updated',
    ]);
    expect(await stripe.customers.retrieve(ada.id)).toMatchObject({ delinquent: true });

    await ada.travelTo('2026-02-20');
    const told = await ada.told('customer.subscription', 'invoice.payment_failed');
    expect(told.map(({ type }) => type)).toEqual([
      ...Array<string>(4).fill('invoice.payment_failed'),
      'customer.subscription.deleted',
    ]);
    const tries = told.flatMap(({ data, type }) =>
      type === 'invoice.payment_failed' ? [data.object] : [],
    );
    // Three, three, four and four days after the one before.
    expect(
      tries.map(({ attempt_count, next_payment_attempt }) => [attempt_count, next_payment_attempt]),
    ).toEqual([
      [2, at('2026-02-07T01:00')],
      [3, at('2026-02-11T01:00')],
      [4, at('2026-02-15T01:00')],
      [5, null],
    ]);
    expect(await stripe.subscriptions.retrieve(id)).toMatchObject({
      status: 'canceled',
      cancellation_details: { reason: 'payment_failed' },
    });
  });

  it.each(['unpaid', 'past_due'] as const)(
    'leaves the subscription %s where the project says so',
    async (after_retries) => {
      const { ada, id } = await failing();
      await setting({ after_retries });
      await ada.travelTo('2026-02-20');
      expect(await stripe.subscriptions.retrieve(id)).toMatchObject({ status: after_retries });
      await ada.travelTo('2026-03-02');
      const [latest] = (await stripe.invoices.list({ subscription: id, limit: 1 })).data;
      expect(latest?.status).toBe(after_retries === 'unpaid' ? 'draft' : 'open');
      await setting({});
    },
  );

  it('is replaced by another, which is tried at once', async () => {
    const { ada, id } = await failing();
    await ada.travelTo('2026-02-02');
    const good = await stripe.paymentMethods.attach('pm_card_mastercard', { customer: ada.id });
    await ada.types();
    await stripe.customers.update(ada.id, {
      invoice_settings: { default_payment_method: good.id },
    });
    // What is due now is done when time goes on.
    await ada.travelTo('2026-02-02T00:01');
    expect(await ada.types('invoice.paid', 'customer.subscription')).toEqual([
      'invoice.paid',
      'customer.subscription.updated',
    ]);
    expect(await stripe.subscriptions.retrieve(id)).toMatchObject({ status: 'active' });
    expect(await stripe.customers.retrieve(ada.id)).toMatchObject({ delinquent: false });
  });

  /** As the dashboard stores it. */
  async function setting(billing: { after_retries?: string }): Promise<void> {
    const database = postgres(server.databaseUrl, { max: 1 });
    await database`update projects set settings = ${database.json({ billing })}`;
    await database.end();
  }
});

describe('a first payment', () => {
  it('waits for the browser with default_incomplete', async () => {
    const ada = await traveller(stripe, receiver, '2026-01-01', null);
    const subscription = await subscribe(ada, {
      payment_behavior: 'default_incomplete',
      payment_settings: { save_default_payment_method: 'on_subscription' },
      expand: ['latest_invoice.confirmation_secret'],
    });
    expect(subscription.status).toBe('incomplete');
    const secret = invoiceOf(subscription).confirmation_secret?.client_secret ?? '';
    const paid = await confirmInBrowser(secret, '4242424242424242');
    expect(paid.status).toBe('succeeded');
    const begun = await stripe.subscriptions.retrieve(subscription.id, {
      expand: ['latest_invoice.payments', 'default_payment_method'],
    });
    expect(begun).toMatchObject({
      status: 'active',
      default_payment_method: { object: 'payment_method', customer: ada.id },
    });
    expect(invoiceOf(begun).payments?.data).toMatchObject([
      { status: 'paid', amount_paid: 1_000, payment: { payment_intent: paid.id } },
    ]);
    await ada.travelTo('2026-02-02');
    const [renewed] = (await stripe.invoices.list({ subscription: begun.id, limit: 1 })).data;
    expect(renewed).toMatchObject({ status: 'paid', billing_reason: 'subscription_cycle' });
  });

  it('is authenticated in the browser where the bank wants it', async () => {
    const ada = await traveller(stripe, receiver, '2026-01-01', 'pm_card_authenticationRequired');
    const subscription = await subscribe(ada, {
      expand: ['latest_invoice.confirmation_secret'],
    });
    expect(subscription.status).toBe('incomplete');
    expect(await ada.types('invoice.payment')).toEqual([
      'invoice.payment_action_required',
      'invoice.payment_failed',
    ]);
    const secret = invoiceOf(subscription).confirmation_secret?.client_secret ?? '';
    await authenticate(await confirmInBrowser(secret, '4000002760003184'));
    const { status } = await stripe.subscriptions.retrieve(subscription.id);
    expect(status).toBe('active');
    const told = await ada.types('invoice.pa', 'customer.subscription');
    expect(told.slice(-3)).toEqual([
      'invoice.paid',
      'customer.subscription.updated',
      'invoice.payment_succeeded',
    ]);
  });

  it('expires after 23 hours', async () => {
    const ada = await traveller(stripe, receiver, '2026-01-01', null);
    const { id } = await subscribe(ada, { payment_behavior: 'default_incomplete' });
    await ada.types();
    await ada.travelTo('2026-01-02');
    const expired = await stripe.subscriptions.retrieve(id, { expand: ['latest_invoice'] });
    expect(expired.status).toBe('incomplete_expired');
    expect(invoiceOf(expired).status).toBe('void');
    expect(await ada.types('customer.subscription', 'invoice.voided')).toEqual([
      'invoice.voided',
      'customer.subscription.updated',
    ]);
  });

  it('is all or nothing with error_if_incomplete', async () => {
    const ada = await traveller(stripe, receiver, '2026-01-01', 'pm_card_chargeCustomerFail');
    const refused = subscribe(ada, { payment_behavior: 'error_if_incomplete' });
    await expect(refused).rejects.toMatchObject({
      type: 'StripeCardError',
      statusCode: 402,
      code: 'card_declined',
    });
    // Nothing is left that would be billed for, but what was tried can be seen.
    const { data } = await stripe.subscriptions.list({
      customer: ada.id,
      expand: ['data.latest_invoice'],
    });
    expect(data).toMatchObject([
      { status: 'incomplete_expired', latest_invoice: { status: 'void' } },
    ]);
    expect(await stripe.customers.retrieve(ada.id)).toMatchObject({ delinquent: false });
  });
});

describe('a subscription that is sent', () => {
  it('is invoiced, overdue, and paid by bank transfer', async () => {
    const ada = await traveller(stripe, receiver, '2026-01-01', null);
    const { id } = await subscribe(ada, {
      collection_method: 'send_invoice',
      days_until_due: 14,
    });
    await ada.travelTo('2026-01-01T02:00');
    expect(await ada.types('invoice.')).toEqual([
      'invoice.created',
      'invoice.finalized',
      'invoice.updated',
      'invoice.sent',
    ]);
    await ada.travelTo('2026-01-16');
    expect(await ada.types('invoice.', 'customer.subscription')).toEqual([
      'invoice.will_be_due',
      'invoice.overdue',
      'customer.subscription.updated',
    ]);
    const late = await stripe.subscriptions.retrieve(id, { expand: ['latest_invoice'] });
    expect(late.status).toBe('past_due');
    const paid = await stripe.invoices.pay(invoiceOf(late).id, { paid_out_of_band: true });
    expect(paid).toMatchObject({ status: 'paid', amount_paid: 1_000 });
    expect(await stripe.subscriptions.retrieve(id)).toMatchObject({ status: 'active' });
  });
});

describe('a subscription whose collection is paused', () => {
  it.each(['keep_as_draft', 'mark_uncollectible', 'void'] as const)('%s', async (behavior) => {
    const ada = await traveller(stripe, receiver, '2026-01-01');
    const { id } = await subscribe(ada);
    await stripe.subscriptions.update(id, {
      pause_collection: { behavior, resumes_at: at('2026-02-15') },
    });
    await ada.travelTo('2026-02-16');
    const { pause_collection, status } = await stripe.subscriptions.retrieve(id);
    expect({ pause_collection, status }).toEqual({ pause_collection: null, status: 'active' });
    await ada.travelTo('2026-03-02');
    const { data } = await stripe.invoices.list({ subscription: id });
    const held = { keep_as_draft: 'draft', mark_uncollectible: 'uncollectible', void: 'void' };
    expect(data.map((invoice) => invoice.status)).toEqual(['paid', held[behavior], 'paid']);
  });
});

describe('the subscriptions of a customer', () => {
  it('end with the customer', async () => {
    const ada = await traveller(stripe, receiver, '2026-01-01');
    const { id } = await subscribe(ada);
    const customer = await stripe.customers.retrieve(ada.id, { expand: ['subscriptions'] });
    expect(customer).toMatchObject({ subscriptions: { data: [{ id, status: 'active' }] } });
    await stripe.customers.del(ada.id);
    expect(await stripe.subscriptions.retrieve(id)).toMatchObject({ status: 'canceled' });
    expect(await ada.types('customer')).toEqual(
      expect.arrayContaining(['customer.deleted', 'customer.subscription.deleted']),
    );
  });

  it('are listed by their status, and searched', async () => {
    const ada = await traveller(stripe, receiver, '2026-01-01');
    const { id } = await subscribe(ada, { metadata: { tier: 'gold' } });
    const gone = await subscribe(ada);
    const canceled = await stripe.subscriptions.cancel(gone.id, {
      prorate: true,
      invoice_now: true,
      cancellation_details: { feedback: 'too_expensive', comment: 'Thank you' },
    });
    expect(canceled).toMatchObject({
      status: 'canceled',
      cancellation_details: { feedback: 'too_expensive', comment: 'Thank you' },
    });
    const ids = async (params: Stripe.SubscriptionListParams): Promise<string[]> =>
      (await stripe.subscriptions.list({ customer: ada.id, ...params })).data.map((one) => one.id);
    expect(await ids({})).toEqual([id]);
    expect(await ids({ status: 'canceled' })).toEqual([gone.id]);
    expect(await ids({ status: 'all', limit: 1 })).toEqual([gone.id]);
    const query = "status:'active' AND metadata['tier']:'gold'";
    const found = await stripe.subscriptions.search({ query });
    expect(found.data.map((one) => one.id)).toEqual([id]);
  });
});
