/** Invoices as an integrator meets them: over HTTP, in forms, with what is expanded. */
import type Stripe from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApi, type Api } from '@/server/testing/api';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';

let world: TestWorld;
let tenant: TestTenant;
let api: Api;
let customer: string;

beforeAll(async () => {
  world = await createWorld();
  api = createApi(world);
  tenant = await world.project();
  customer = (await post('/v1/customers', 'email=ada@example.com&name=Ada')).id;
});
afterAll(() => world.close());

async function ask<T = { id: string }>(method: string, path: string, body?: string): Promise<T> {
  const reply = await api({ key: tenant.secretKey, method, path, body });
  expect(reply.status, reply.text).toBe(200);
  return reply.body as unknown as T;
}

const post = <T = { id: string }>(path: string, body = '') => ask<T>('POST', path, body);
const get = <T>(path: string) => ask<T>('GET', path);

describe('a one-off invoice', () => {
  it('goes from its items to a voided invoice', async () => {
    const { id: product } = await post('/v1/products', 'name=Desk');
    const { id: price } = await post(
      '/v1/prices',
      `product=${product}&currency=gbp&unit_amount=1250`,
    );
    const draft = await post<Stripe.Invoice>(
      '/v1/invoices',
      `customer=${customer}&currency=gbp&collection_method=send_invoice&days_until_due=30&metadata[order]=7`,
    );
    await post(
      '/v1/invoiceitems',
      `customer=${customer}&invoice=${draft.id}&pricing[price]=${price}&quantity=2`,
    );
    const added = await post<Stripe.Invoice>(
      `/v1/invoices/${draft.id}/add_lines`,
      'lines[0][amount]=-500&lines[0][description]=Thanks&lines[1][price_data][currency]=gbp&lines[1][price_data][unit_amount]=99&lines[1][price_data][product_data][name]=Lamp',
    );
    expect(added.total).toBe(2_500 - 500 + 99);
    const line = added.lines.data[1]!;
    const changed = await post<Stripe.InvoiceLineItem>(
      `/v1/invoices/${draft.id}/lines/${line.id}`,
      'amount=-600&metadata[why]=loyalty',
    );
    expect(changed).toMatchObject({ amount: -600, metadata: { why: 'loyalty' } });
    const page = await get<Stripe.ApiList<Stripe.InvoiceLineItem>>(
      `/v1/invoices/${draft.id}/lines?limit=2`,
    );
    expect(page).toMatchObject({
      object: 'list',
      has_more: true,
      url: `/v1/invoices/${draft.id}/lines`,
    });
    await post(
      `/v1/invoices/${draft.id}/update_lines`,
      `lines[0][id]=${line.id}&lines[0][amount]=-1`,
    );
    await post(
      `/v1/invoices/${draft.id}/remove_lines`,
      `lines[0][id]=${line.id}&lines[0][behavior]=delete`,
    );
    await post(`/v1/invoices/${draft.id}`, 'description=July&footer=');
    const final = await post<Stripe.Invoice>(`/v1/invoices/${draft.id}/finalize`);
    expect(final).toMatchObject({ amount_due: 2_599, description: 'July', status: 'open' });
    await post(`/v1/invoices/${draft.id}/send`);
    await post(`/v1/invoices/${draft.id}/mark_uncollectible`);
    const voided = await post<Stripe.Invoice>(`/v1/invoices/${draft.id}/void`);
    expect(voided.status).toBe('void');
    const found = await get<Stripe.ApiList<Stripe.Invoice>>(
      `/v1/invoices/search?query=${encodeURIComponent('metadata["order"]:"7"')}`,
    );
    expect(found.data.map(({ id }) => id)).toEqual([draft.id]);
  });

  it('is expanded into its customer, its payments and the secret to confirm them by', async () => {
    const { id: coupon } = await post('/v1/coupons', 'percent_off=10&duration=once');
    const { id } = await post(
      '/v1/invoices',
      `customer=${customer}&currency=gbp&discounts[0][coupon]=${coupon}`,
    );
    const { id: product } = await post('/v1/products', 'name=Desk');
    await post(
      '/v1/invoiceitems',
      `customer=${customer}&invoice=${id}&price_data[currency]=gbp&price_data[product]=${product}&price_data[unit_amount]=1000`,
    );
    await post(`/v1/invoices/${id}/finalize`);
    const fields = [
      'customer',
      'payments',
      'confirmation_secret',
      'payments.data.payment.payment_intent',
    ];
    const query = fields.map((field) => `expand[]=${field}`).join('&');
    const full = await get<Stripe.Invoice>(`/v1/invoices/${id}?${query}`);
    expect(full).toMatchObject({
      customer: { object: 'customer', id: customer },
      confirmation_secret: { type: 'payment_intent' },
      payments: {
        data: [
          {
            amount_requested: 900,
            payment: { payment_intent: { object: 'payment_intent', amount: 900 } },
            status: 'open',
          },
        ],
      },
    });
    const bare = await get<Stripe.Invoice>(`/v1/invoices/${id}`);
    expect(bare).not.toHaveProperty('payments');
  });

  it('refuses by name what is not supported, and what is not there', async () => {
    const refused = await api({
      key: tenant.secretKey,
      method: 'POST',
      path: '/v1/invoices',
      body: `customer=${customer}&automatic_tax[enabled]=true`,
    });
    expect(refused).toMatchObject({ status: 400, body: { error: { param: 'automatic_tax' } } });
    const unknown = await api({ key: tenant.secretKey, path: '/v1/invoices/inv_none' });
    expect(unknown).toMatchObject({ status: 404, body: { error: { code: 'resource_missing' } } });
  });
});
