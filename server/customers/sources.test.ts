import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectContract } from '@/e2e/support/contract';
import { hosted_tokens } from '@/server/hosted_cards';
import { payment_intents } from '@/server/payment_intents';
import { payment_methods } from '@/server/payment_methods';
import { ask } from '@/server/testing/ask';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { customer_sources } from '.';
import { create as createCustomer, remove as removeCustomer, retrieve, update } from './operations';
import { attachPaymentMethod, detachPaymentMethod } from './wallet';

const { create, list, remove, update: change, retrieve: get } = customer_sources.operations;

let world: TestWorld;
let tenant: TestTenant;
let customer: string;
beforeAll(async () => {
  world = await createWorld();
  tenant = await world.project();
});
afterAll(() => world.close());
beforeEach(async () => {
  customer = (await ask(tenant, createCustomer, {})).id;
});

const defaultOf = async (id = customer) => {
  const owner = await ask(tenant, retrieve, { id });
  return 'default_source' in owner ? owner.default_source : undefined;
};

const save = (source = 'tok_visa') => ask(tenant, create, { customer, source });

const eventsOf = async (id: string) =>
  (
    await world.admin<{ type: string }[]>`
      select type from events where related_object = ${id} order by id`
  ).map(({ type }) => type);

describe('POST /v1/customers/:customer/sources', () => {
  it('saves the card of a token under the id it had there', async () => {
    const token = await ask(tenant, hosted_tokens.operations.create, {
      card: {
        number: '5555555555554444',
        exp_month: 12,
        exp_year: 2030,
        cvc: '123',
        name: 'Ada',
        address_zip: 'N1',
      },
    });
    const card = await ask(tenant, create, { customer, source: token.id, metadata: { a: '1' } });
    expectContract(card);
    expect(card).toMatchObject({
      id: token.card?.id,
      object: 'card',
      customer,
      brand: 'MasterCard',
      last4: '4444',
      name: 'Ada',
      address_zip: 'N1',
      cvc_check: 'pass',
      metadata: { a: '1' },
    });
    expect(await defaultOf()).toBe(card.id);
    expect(await eventsOf(card.id)).toEqual(['payment_method.attached', 'customer.source.created']);
    await expect(save(token.id)).rejects.toMatchObject({ details: { code: 'token_already_used' } });
  });

  it('leaves a default that there is', async () => {
    const first = await save();
    const second = await save('tok_mastercard');
    expect(second.id).not.toBe(first.id);
    expect(await defaultOf()).toBe(first.id);
  });

  it('refuses a card that its issuer declines, and saves nothing', async () => {
    await expect(save('tok_chargeDeclined')).rejects.toMatchObject({
      status: 402,
      details: { code: 'card_declined' },
    });
    expect((await ask(tenant, list, { customer })).data).toEqual([]);
  });
});

describe('a source', () => {
  it('is a payment method too, under the same id', async () => {
    const { id } = await save();
    expect(await ask(tenant, payment_methods.operations.retrieve, { id })).toMatchObject({
      id,
      object: 'payment_method',
      customer,
      card: { brand: 'visa' },
    });
    const paid = await ask(tenant, payment_intents.operations.create, {
      amount: 100,
      currency: 'gbp',
      customer,
      payment_method: id,
      confirm: true,
    });
    expect(paid).toMatchObject({ status: 'succeeded', payment_method: id });
  });

  it('changes its address, name, date and metadata', async () => {
    const { id } = await save();
    const card = await ask(tenant, change, {
      customer,
      id,
      name: 'Ada',
      address_city: 'London',
      exp_month: '3',
      exp_year: '2031',
      metadata: { a: '1' },
    });
    expectContract(card);
    expect(card).toMatchObject({
      name: 'Ada',
      address_city: 'London',
      exp_month: 3,
      exp_year: 2031,
      metadata: { a: '1' },
    });
    const cleared = await ask(tenant, change, { customer, id, address_city: '' });
    expect(cleared).toMatchObject({ address_city: null, name: 'Ada' });
    expect(await ask(tenant, get, { customer, id })).toEqual(cleared);
    expect((await eventsOf(id)).slice(-2)).toEqual([
      'customer.source.updated',
      'customer.source.updated',
    ]);
  });

  it('is listed without the payment methods that are none', async () => {
    const { id } = await save();
    await ask(tenant, attachPaymentMethod, { id: 'pm_card_visa', customer });
    expect((await ask(tenant, list, { customer })).data.map((one) => one.id)).toEqual([id]);
    expect((await ask(tenant, list, { customer, object: 'bank_account' })).data).toEqual([]);
  });

  it('is not to be had through another customer, and a payment method is none', async () => {
    const { id } = await save();
    const method = await ask(tenant, attachPaymentMethod, { id: 'pm_card_visa', customer });
    const other = (await ask(tenant, createCustomer, {})).id;
    const missing = { status: 404, details: { code: 'resource_missing' } };
    await expect(ask(tenant, get, { customer: other, id })).rejects.toMatchObject(missing);
    await expect(ask(tenant, remove, { customer: other, id })).rejects.toMatchObject(missing);
    await expect(ask(tenant, get, { customer, id: method.id })).rejects.toMatchObject(missing);
  });
});

describe('DELETE /v1/customers/:customer/sources/:id', () => {
  it('makes the one saved last of the others the default, and in the end none', async () => {
    const [first, second, third] = [await save(), await save(), await save()];
    expect(await ask(tenant, remove, { customer, id: first.id })).toEqual({
      id: first.id,
      object: 'card',
      deleted: true,
    });
    expect(await defaultOf()).toBe(third.id);
    await ask(tenant, detachPaymentMethod, { id: third.id });
    expect(await defaultOf()).toBe(second.id);
    await ask(tenant, remove, { customer, id: second.id });
    expect(await defaultOf()).toBeNull();
    expect((await eventsOf(first.id)).slice(-2)).toEqual([
      'payment_method.detached',
      'customer.source.deleted',
    ]);
  });

  it('follows when its customer is deleted', async () => {
    const { id } = await save();
    await ask(tenant, removeCustomer, { id: customer });
    expect(await eventsOf(id)).toContain('customer.source.deleted');
  });
});

describe('customers with a source', () => {
  it('replaces the default by a new source, and deletes the one before', async () => {
    const owner = await ask(tenant, createCustomer, { source: 'tok_visa' });
    const before = String(owner.default_source);
    expect(before).toMatch(/^card_/);
    expect(await eventsOf(before)).toEqual(['payment_method.attached', 'customer.source.created']);
    const after = await ask(tenant, update, { id: owner.id, source: 'tok_mastercard' });
    const cards = (await ask(tenant, list, { customer: owner.id })).data;
    expect(cards.map(({ id }) => id)).toEqual([after.default_source]);
    expect(await eventsOf(before)).toContain('customer.source.deleted');
  });

  it('takes another of its sources for the default', async () => {
    await save();
    const { id } = await save();
    const owner = await ask(tenant, update, { id: customer, default_source: id });
    expect(owner.default_source).toBe(id);
  });
});
