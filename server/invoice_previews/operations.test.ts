import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type Stripe from 'stripe';
import { expectContract } from '@/e2e/support/contract';
import { coupons } from '@/server/coupons';
import { customers } from '@/server/customers';
import { invoice_items, invoices } from '@/server/invoices';
import { prices } from '@/server/prices';
import { subscriptions } from '@/server/subscriptions';
import { tax_rates } from '@/server/tax_rates';
import { ask } from '@/server/testing/ask';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { createPreview } from './operations';

let world: TestWorld;
let tenant: TestTenant;
let customer: Stripe.Customer;
let silver: Stripe.Price;
let gold: Stripe.Price;
let yearly: Stripe.Price;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

const START = '2026-04-01T00:00:00Z';
const MIDDLE = '2026-04-16T00:00:00Z';

beforeEach(async () => {
  world.now = new Date(START);
  tenant = await world.project();
  customer = await ask(tenant, customers.operations.create, {
    payment_method: 'pm_card_visa',
    invoice_settings: { default_payment_method: 'pm_card_visa' },
  });
  silver = await priceOf('Silver', 1000);
  gold = await priceOf('Gold', 2000);
  yearly = await priceOf('Yearly', 20_000, 'year');
});

const priceOf = (name: string, unit_amount: number, interval: 'month' | 'year' = 'month') =>
  ask(tenant, prices.operations.create, {
    currency: 'gbp',
    unit_amount,
    recurring: { interval },
    product_data: { name },
  });

type Creation = Partial<Parameters<typeof ask<typeof subscriptions.operations.create>>[2]>;
type Update = Omit<Parameters<typeof ask<typeof subscriptions.operations.update>>[2], 'id'>;
type Preview = Parameters<typeof ask<typeof createPreview>>[2];

const subscribe = (given: Creation = {}) =>
  ask(tenant, subscriptions.operations.create, {
    customer: customer.id,
    items: [{ price: silver.id }],
    ...given,
  });

const preview = (given: Preview = {}) => ask(tenant, createPreview, given);

const firstItem = ({ items }: Stripe.Subscription): string => String(items.data[0]?.id);

/** What a preview and an invoice have in common when the one foretells the other. */
const essence = ({ lines, ...invoice }: Stripe.Invoice) => ({
  subtotal: invoice.subtotal,
  total: invoice.total,
  amount_due: invoice.amount_due,
  currency: invoice.currency,
  discounts: invoice.total_discount_amounts?.map(({ amount }) => amount),
  taxes: invoice.total_taxes?.map(({ amount }) => amount),
  lines: lines.data.map((line) => ({
    amount: line.amount,
    description: line.description,
    period: line.period,
    quantity: line.quantity,
    discounts: line.discount_amounts?.map(({ amount }) => amount),
    taxes: line.taxes?.map(({ amount }) => amount),
    pricing: line.pricing,
  })),
});

const latestOf = ({ latest_invoice }: Stripe.Subscription): Promise<Stripe.Invoice> =>
  ask(tenant, invoices.operations.retrieve, { id: String(latest_invoice) });

const countsOf = async () => {
  const [counts] = await world.admin`
    select (select count(*) from events) as events, (select count(*) from invoices) as invoices,
      (select count(*) from invoice_items) as items, (select count(*) from prices) as prices,
      (select count(*) from customers) as customers, (select count(*) from discounts) as discounts,
      (select count(*) from webhook_deliveries) as deliveries,
      (select count(*) from subscription_items) as subscription_items`;
  return counts;
};

describe('POST /v1/invoices/create_preview, of an update', () => {
  /** TABLE: changes in the middle of a month of £10.00, each with an invoice of its own. */
  const CHANGES: readonly (readonly [string, (subscription: Stripe.Subscription) => Update])[] = [
    ['a price', (one) => ({ items: [{ id: firstItem(one), price: gold.id }] })],
    ['a quantity', (one) => ({ items: [{ id: firstItem(one), quantity: 7 }] })],
    ['an item more', () => ({ items: [{ price: gold.id, quantity: 3 }] })],
    [
      'one item for another',
      (one) => ({ items: [{ id: firstItem(one), deleted: true }, { price: gold.id }] }),
    ],
    ['another interval', (one) => ({ items: [{ id: firstItem(one), price: yearly.id }] })],
    ['a new cycle', () => ({ billing_cycle_anchor: { type: 'now' } })],
    ['an end', () => ({ cancel_at: Date.parse('2026-04-20T00:00:00Z') / 1000 })],
    [
      'a date in the past',
      (one) => ({
        items: [{ id: firstItem(one), price: gold.id }],
        proration_date: Date.parse('2026-04-09T07:03:11Z') / 1000,
      }),
    ],
  ];

  it.each(CHANGES)('shows what %s then costs, with discounts and taxes', async (_, toChange) => {
    const third = await ask(tenant, coupons.operations.create, {
      percent_off: 33.33,
      duration: 'forever',
    });
    const vat = await ask(tenant, tax_rates.operations.create, {
      display_name: 'VAT',
      inclusive: false,
      percentage: 17.5,
    });
    const subscription = await subscribe({
      discounts: [{ coupon: third.id }],
      default_tax_rates: [vat.id],
    });
    world.now = new Date(MIDDLE);
    const { proration_date, ...asked } = toChange(subscription);
    const given = { ...asked, ...(proration_date === undefined ? {} : { proration_date }) };
    const { billing_cycle_anchor: anchor, ...rest } = given;
    const foretold = await preview({
      subscription: subscription.id,
      subscription_details: {
        ...(rest as NonNullable<Preview['subscription_details']>),
        ...(anchor === undefined ? {} : { billing_cycle_anchor: anchor.type }),
        proration_behavior: 'always_invoice',
      },
    });
    expectContract(foretold);
    const changed = await ask(tenant, subscriptions.operations.update, {
      ...given,
      id: subscription.id,
      proration_behavior: 'always_invoice',
    });
    expect(changed.latest_invoice).not.toBe(subscription.latest_invoice);
    expect(essence(foretold)).toEqual(essence(await latestOf(changed)));
  });

  it('leaves nothing behind', async () => {
    const subscription = await subscribe();
    world.now = new Date(MIDDLE);
    const before = await countsOf();
    await preview({
      subscription: subscription.id,
      discounts: [
        {
          coupon: (
            await ask(tenant, coupons.operations.create, { percent_off: 5, duration: 'once' })
          ).id,
        },
      ],
      customer_details: { tax_exempt: 'exempt' },
      invoice_items: [{ amount: 300, currency: 'gbp' }],
      subscription_details: {
        items: [
          {
            price_data: {
              currency: 'gbp',
              product: String(gold.product),
              recurring: { interval: 'month' },
              unit_amount: 4000,
            },
          },
        ],
        proration_behavior: 'always_invoice',
      },
    });
    // The coupon was created, and told of, by the test itself.
    const after = await countsOf();
    expect({ ...after, events: Number(after?.events) - 1 }).toEqual({
      ...before,
      events: Number(before?.events),
    });
    expect(await ask(tenant, subscriptions.operations.retrieve, { id: subscription.id })).toEqual(
      subscription,
    );
  });

  it('shows the prorations of the change on the next renewal without always_invoice', async () => {
    const subscription = await subscribe();
    world.now = new Date(MIDDLE);
    const foretold = await preview({
      subscription: subscription.id,
      subscription_details: { items: [{ id: firstItem(subscription), price: gold.id }] },
    });
    expect(foretold.lines.data.map(({ amount }) => amount)).toEqual([-500, 1000, 2000]);
    expect(foretold).toMatchObject({ total: 2500, billing_reason: 'upcoming', status: 'draft' });
    expect(foretold.id).toMatch(/^upcoming_inv_/);
  });

  it('shows only what recurs when it is asked to', async () => {
    const subscription = await subscribe();
    world.now = new Date(MIDDLE);
    const foretold = await preview({
      subscription: subscription.id,
      preview_mode: 'recurring',
      invoice_items: [{ amount: 300, currency: 'gbp' }],
      subscription_details: { items: [{ id: firstItem(subscription), price: gold.id }] },
    });
    expect(foretold.lines.data.map(({ amount }) => amount)).toEqual([2000]);
  });

  it('shows what a cancellation now gives back', async () => {
    const subscription = await subscribe();
    world.now = new Date(MIDDLE);
    const foretold = await preview({
      subscription: subscription.id,
      subscription_details: { cancel_now: true },
    });
    expect(foretold.total).toBe(-500);
  });

  it('has nothing to show of a subscription that ends with the period', async () => {
    const subscription = await subscribe();
    await expect(
      preview({
        subscription: subscription.id,
        subscription_details: { cancel_at_period_end: true },
      }),
    ).rejects.toMatchObject({ status: 404, details: { code: 'invoice_upcoming_none' } });
  });

  it('refuses a subscription of another customer', async () => {
    const subscription = await subscribe();
    const other = await ask(tenant, customers.operations.create, {});
    await expect(
      preview({ customer: other.id, subscription: subscription.id }),
    ).rejects.toMatchObject({ details: { param: 'subscription' } });
  });

  it('does not know a subscription of another project', async () => {
    const { id } = await subscribe();
    const stranger = await world.project();
    await expect(ask(stranger, createPreview, { subscription: id })).rejects.toMatchObject({
      details: { code: 'resource_missing', param: 'subscription' },
    });
  });
});

describe('POST /v1/invoices/create_preview, of a new subscription', () => {
  it.each([
    ['at once', {}],
    ['with a trial', { trial_end: Date.parse('2026-04-20T00:00:00Z') / 1000 }],
    ['anchored to the tenth', { billing_cycle_anchor: Date.parse('2026-04-10T00:00:00Z') / 1000 }],
  ])('shows its first invoice: %s', async (_, details) => {
    const items = [{ price: gold.id, quantity: 2 }, { price: yearly.id }];
    const foretold = await preview({
      customer: customer.id,
      subscription_details: { items, ...details },
    });
    expectContract(foretold);
    const made = await subscribe({ items, ...details });
    expect(essence(foretold)).toEqual(essence(await latestOf(made)));
  });

  it('needs no customer, only where they are', async () => {
    const foretold = await preview({
      customer_details: { address: { country: 'GB' } },
      currency: 'gbp',
      subscription_details: { items: [{ price: silver.id }] },
    });
    expect(foretold).toMatchObject({ customer: null, total: 1000 });
  });

  it('takes discounts off that are not redeemed yet', async () => {
    const half = await ask(tenant, coupons.operations.create, {
      percent_off: 50,
      duration: 'once',
      max_redemptions: 1,
    });
    const given = {
      customer: customer.id,
      discounts: [{ coupon: half.id }],
      subscription_details: { items: [{ price: silver.id }] },
    };
    expect((await preview(given)).total).toBe(500);
    expect((await preview(given)).total).toBe(500);
  });
});

describe('POST /v1/invoices/create_preview, of a customer', () => {
  it('shows the invoice that comes first', async () => {
    await subscribe({ items: [{ price: yearly.id }] });
    await subscribe();
    const foretold = await preview({ customer: customer.id });
    expect(foretold).toMatchObject({
      total: 1000,
      created: Date.parse('2026-05-01T00:00:00Z') / 1000,
    });
  });

  it('shows what waits, and what would', async () => {
    const waiting = await ask(tenant, invoice_items.operations.create, {
      customer: customer.id,
      amount: 700,
      currency: 'gbp',
    });
    const foretold = await preview({
      customer: customer.id,
      currency: 'gbp',
      invoice_items: [
        { amount: 300, currency: 'gbp' },
        { invoiceitem: waiting.id, amount: 800 },
      ],
    });
    expect(foretold.total).toBe(1100);
  });

  it('has nothing to show where nothing would be asked for', async () => {
    await expect(preview({ customer: customer.id })).rejects.toMatchObject({
      status: 404,
      details: { code: 'invoice_upcoming_none' },
    });
  });

  it('asks for a customer', async () => {
    await expect(preview({})).rejects.toMatchObject({ details: { param: 'customer' } });
  });
});
