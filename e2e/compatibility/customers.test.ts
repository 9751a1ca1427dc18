import type { Stripe } from 'stripe';
import { describe, expect, it } from 'vitest';
import { served } from '@/e2e/support/served';
import { SECRET_KEY } from '@/e2e/support/server';

const { server, stripe } = await served();

describe('customers through the official SDK', () => {
  it('creates, retrieves, changes and deletes one', async () => {
    const created = await stripe.customers.create({
      name: 'Ada Lovelace',
      email: 'ada@example.com',
      address: { line1: '12 St James’s Square', city: 'London', country: 'GB' },
      metadata: { plan: 'pro', seats: '3' },
    });
    expect(created.lastResponse.headers['request-id']).toMatch(/^req_/);

    const updated = await stripe.customers.update(created.id, {
      email: '',
      metadata: { seats: '', region: 'uk' },
    });
    expect(updated.email).toBeNull();
    expect(updated.metadata).toEqual({ plan: 'pro', region: 'uk' });
    expect(await stripe.customers.retrieve(created.id)).toMatchObject({
      name: 'Ada Lovelace',
      address: { city: 'London', line2: null },
    });
    const emptied = await stripe.customers.update(created.id, { metadata: '' });
    expect(emptied.metadata).toEqual({});

    expect(await stripe.customers.del(created.id)).toEqual(
      expect.objectContaining({ id: created.id, object: 'customer', deleted: true }),
    );
    expect(await stripe.customers.retrieve(created.id)).toMatchObject({ deleted: true });
  });

  it('walks through all pages in both directions, in a strict order', async () => {
    const email = 'many@example.com';
    const ids: string[] = [];
    for (let n = 0; n < 7; n += 1) ids.push((await stripe.customers.create({ email })).id);
    const newestFirst = ids.toReversed();

    const walked: string[] = [];
    for await (const { id } of stripe.customers.list({ email, limit: 3 })) walked.push(id);
    expect(walked).toEqual(newestFirst);

    const before = await stripe.customers.list({ email, ending_before: newestFirst[5], limit: 2 });
    expect(before.data.map(({ id }) => id)).toEqual(newestFirst.slice(3, 5));
    expect(before.has_more).toBe(true);

    const all = await stripe.customers.list({ email, limit: 2 }).autoPagingToArray({ limit: 5 });
    expect(all.map(({ id }) => id)).toEqual(newestFirst.slice(0, 5));
  });

  it('finds by a query, page after page', async () => {
    for (const n of ['1', '2', '3']) {
      await stripe.customers.create({ name: `Grace Hopper ${n}`, metadata: { crew: 'navy' } });
    }
    const query = "name~'grace' AND metadata['crew']:'navy'";
    const names: (string | null)[] = [];
    for await (const { name } of stripe.customers.search({ query, limit: 2 })) {
      names.push(name ?? null);
    }
    expect(names.sort()).toEqual(['Grace Hopper 1', 'Grace Hopper 2', 'Grace Hopper 3']);
  });

  it('names the parameter it does not know, and the customer it does not have', async () => {
    await expect(
      stripe.customers.create({ nmae: 'Ada' } as Stripe.CustomerCreateParams),
    ).rejects.toMatchObject({
      type: 'StripeInvalidRequestError',
      statusCode: 400,
      code: 'parameter_unknown',
      param: 'nmae',
    });
    await expect(stripe.customers.retrieve('cus_none')).rejects.toMatchObject({
      type: 'StripeInvalidRequestError',
      statusCode: 404,
      code: 'resource_missing',
      param: 'id',
      message: "No such customer: 'cus_none'",
    });
  });

  it('keeps a balance and tax ids', async () => {
    const { id } = await stripe.customers.create({ balance: -500 });
    const entry = await stripe.customers.createBalanceTransaction(id, {
      amount: 200,
      currency: 'gbp',
    });
    expect(entry.ending_balance).toBe(-300);
    const entries = await stripe.customers.listBalanceTransactions(id);
    expect(entries.data[0]?.id).toBe(entry.id);

    const taxId = await stripe.customers.createTaxId(id, { type: 'gb_vat', value: 'GB123456789' });
    expect((await stripe.customers.listTaxIds(id)).data.map((each) => each.id)).toEqual([taxId.id]);
    expect(await stripe.customers.deleteTaxId(id, taxId.id)).toMatchObject({ deleted: true });
  });

  it('gives two languages of clients the same booleans', async () => {
    // Python spells them True and False.
    const response = await fetch(`${server.url}/v1/products`, {
      method: 'POST',
      headers: { authorization: `Bearer ${SECRET_KEY}` },
      body: new URLSearchParams({ name: 'Snake', active: 'False' }),
    });
    expect(await response.json()).toMatchObject({ name: 'Snake', active: false });
  });
});

describe('sources through the official SDK', () => {
  it('creates, retrieves, changes, lists and deletes one', async () => {
    const { id } = await stripe.customers.create({});
    const card = (await stripe.customers.createSource(id, {
      source: 'tok_visa',
      metadata: { main: 'yes' },
    })) as Stripe.Card;
    expect(card).toMatchObject({ object: 'card', customer: id, metadata: { main: 'yes' } });
    expect(await stripe.customers.retrieveSource(id, card.id)).toMatchObject({ id: card.id });
    const changed = await stripe.customers.updateSource(id, card.id, {
      name: 'Ada',
      exp_year: '2040',
    });
    expect(changed).toMatchObject({ name: 'Ada', exp_year: 2040 });
    expect((await stripe.customers.listSources(id)).data.map((one) => one.id)).toEqual([card.id]);
    const method = await stripe.paymentMethods.retrieve(card.id);
    expect(method).toMatchObject({ object: 'payment_method', customer: id });
    expect(await stripe.customers.deleteSource(id, card.id)).toMatchObject({ deleted: true });
    expect(await stripe.customers.retrieve(id)).toMatchObject({ default_source: null });
  });

  it('answers at the older address, /v1/customers/:id/cards', async () => {
    const { id } = await stripe.customers.create({ source: 'tok_visa' });
    const cards = await stripe.rawRequest('GET', `/v1/customers/${id}/cards`);
    expect(cards).toMatchObject({ object: 'list', data: [{ object: 'card', customer: id }] });
  });
});
