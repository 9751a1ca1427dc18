import { hosted_cards, hosted_tokens } from '@/server/hosted_cards';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectContract } from '@/e2e/support/contract';
import { ctxOf } from '@/server/context';
import { customers } from '@/server/customers';
import { ask } from '@/server/testing/ask';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { attachTo, fromToken, lockPaymentMethod, payment_methods } from '.';

const { create } = hosted_cards.operations;
const { retrieve, update, list } = payment_methods.operations;

let world: TestWorld;
let tenant: TestTenant;
beforeAll(async () => {
  world = await createWorld();
  tenant = await world.project();
});
afterAll(() => world.close());

const visa = { number: '4242424242424242', exp_month: 8, exp_year: 2030, cvc: '123' };
const MISSING = { status: 404, details: { code: 'resource_missing', param: 'id' } };

const created = (fields: object = {}, of: Pick<TestTenant, 'ctx' | 'scope'> = tenant) =>
  ask(of, create, { type: 'card', card: visa, ...fields });

const customer = (of = tenant) =>
  of.ctx.transaction((tx) =>
    customers.operations.create.run(tx, customers.operations.create.input.parse({})),
  );

async function saved(fields: object = {}, owner?: string) {
  const { id } = await created(fields);
  const of = owner ?? (await customer()).id;
  await tenant.ctx.transaction(async (tx) => attachTo(tx, await lockPaymentMethod(tx, id), of));
  return id;
}

const updated = (id: string, change: object) =>
  tenant.ctx.transaction((tx) => update.run(tx, update.input.parse({ id, ...change })));

const listed = async (params: object) => list.run(tenant.scope, list.input.parse(params));

describe('POST /v1/payment_methods', () => {
  it('creates a method from a card', async () => {
    const method = await created({
      billing_details: { email: 'jenny@example.com', address: { city: 'London', country: 'GB' } },
      metadata: { order: '6735' },
      allow_redisplay: 'always',
    });
    expectContract(method);
    expect(method).toMatchObject({
      object: 'payment_method',
      type: 'card',
      customer: null,
      allow_redisplay: 'always',
      livemode: false,
      metadata: { order: '6735' },
      billing_details: {
        email: 'jenny@example.com',
        name: null,
        address: { city: 'London', country: 'GB', line1: null },
      },
      card: { brand: 'visa', last4: '4242', exp_month: 8, exp_year: 2030 },
    });
  });

  it('creates a method from a token, with the name and address of the token', async () => {
    const token = await ask(tenant, hosted_tokens.operations.create, {
      card: { ...visa, name: 'Jenny Rosen', address_city: 'London' },
    });
    const card = { token: token.id };
    const method = await created({ card, billing_details: { email: 'jenny@example.com' } });
    expect(method.billing_details).toMatchObject({
      name: 'Jenny Rosen',
      email: 'jenny@example.com',
      address: { city: 'London' },
    });
    await expect(created({ card })).rejects.toMatchObject({
      status: 400,
      details: { code: 'token_already_used', param: 'card[token]' },
    });
  });

  it('creates a method from a test token', async () => {
    const method = await created({ card: { token: 'tok_mastercard' } });
    expect(method.card).toMatchObject({ brand: 'mastercard', exp_month: 3, exp_year: 2027 });
  });

  it('tells two cards of one number apart by their tokens, not by their fingerprints', async () => {
    const [one, other] = [await created(), await created()];
    expect(one.card?.fingerprint).toBe(other.card?.fingerprint);
    const rows = await world.admin`
      select distinct processor_token from payment_methods where id in (${one.id}, ${other.id})`;
    expect(rows).toHaveLength(2);
  });

  it('may be called from a browser, unlike the list', () => {
    expect(create.publishable).toBe(true);
    expect(list.publishable ?? false).toBe(false);
    expect(retrieve.publishable ?? false).toBe(false);
  });

  it('shows the network that the holder of a co-branded card prefers', async () => {
    const number = '4000002500001001';
    const networks = { preferred: 'cartes_bancaires' };
    const method = await created({ card: { ...visa, number, networks } });
    expectContract(method);
    expect(method.card).toMatchObject({ brand: 'visa', display_brand: 'cartes_bancaires' });
  });

  it('announces nothing: a method that is nobody’s is no news', async () => {
    const { id } = await created();
    expect(await world.admin`select id from events where related_object = ${id}`).toEqual([]);
  });

  it('stores neither number nor CVC anywhere', async () => {
    await created({ card: { ...visa, number: '5555555555554444', cvc: '987' } });
    const tables = await world.admin<{ name: string }[]>`
      select tablename as name from pg_tables where schemaname = 'public'`;
    for (const { name } of tables) {
      const found = await world.admin`
        select t::text as row from ${world.admin(name)} t
        where t::text like '%5555555555554444%' or t::text like '%"987"%'`;
      expect(found, name).toEqual([]);
    }
  });

  it.each([
    [{ number: '4242424242424241' }, { code: 'incorrect_number' }],
    [{ exp_month: 13 }, { code: 'invalid_expiry_month' }],
    [{ exp_year: 2020 }, { code: 'invalid_expiry_year' }],
    [{ cvc: '99' }, { code: 'invalid_cvc' }],
    [
      { number: '4539578763621486' },
      { code: 'card_declined', decline_code: 'test_mode_live_card' },
    ],
  ])('refuses the card %j', async (change, details) => {
    await expect(created({ card: { ...visa, ...change } })).rejects.toMatchObject({
      status: 402,
      type: 'card_error',
      details,
    });
  });

  it('refuses any number in live mode, and test ids too', async () => {
    const ctx = ctxOf(world.runtime, { projectId: tenant.projectId, livemode: true });
    await expect(created({}, { ctx, scope: tenant.scope })).rejects.toMatchObject({
      status: 400,
      details: { param: 'card[number]' },
    });
    await expect(ctx.transaction((tx) => fromToken(tx, 'tok_visa'))).rejects.toMatchObject({
      details: { code: 'resource_missing', param: 'card[token]' },
    });
    expect(await world.admin`select id from payment_methods where livemode`).toEqual([]);
  });

  it('refuses other types, and a card with both a number and a token', () => {
    expect(create.input.safeParse({ type: 'klarna', klarna: {} }).success).toBe(false);
    const card = { ...visa, token: 'tok_visa' };
    expect(create.input.safeParse({ type: 'card', card }).success).toBe(false);
    expect(create.unsupported).toContain('klarna');
    expect(create.unsupported).toContain('payment_method');
  });
});

describe('GET /v1/payment_methods/:id', () => {
  it('retrieves a method', async () => {
    const method = await created();
    expect(await retrieve.run(tenant.scope, { id: method.id })).toEqual(method);
    expect(await payment_methods.load?.(tenant.scope, [method.id])).toEqual([method]);
  });

  it('shows what a test id stands for', async () => {
    const method = await retrieve.run(tenant.scope, { id: 'pm_card_visa' });
    expectContract(method);
    expect(method).toMatchObject({ id: 'pm_card_visa', card: { last4: '4242' } });
  });

  it('does not know an id that is not there, nor that of another project', async () => {
    const { id } = await created();
    const other = await world.project();
    await expect(retrieve.run(tenant.scope, { id: 'pm_card_nobody' })).rejects.toMatchObject({
      ...MISSING,
      message: "No such PaymentMethod: 'pm_card_nobody'",
    });
    await expect(retrieve.run(other.scope, { id })).rejects.toMatchObject(MISSING);
  });
});

describe('POST /v1/payment_methods/:id', () => {
  it('changes what is sent, and announces what it was', async () => {
    const billing_details = { name: 'Jenny', email: 'jenny@example.com' };
    const id = await saved({ billing_details, metadata: { a: '1', b: '2' } });
    const method = await updated(id, {
      billing_details: { name: '', phone: '+44 20 7946 0000' },
      card: { exp_year: 2031 },
      metadata: { a: '', c: '3' },
    });
    expectContract(method);
    expect(method).toMatchObject({
      billing_details: { name: null, email: 'jenny@example.com', phone: '+44 20 7946 0000' },
      card: { exp_month: 8, exp_year: 2031, last4: '4242' },
      metadata: { b: '2', c: '3' },
    });
    const [event] = await world.admin<{ data: object }[]>`
      select data from events where related_object = ${id} and type = 'payment_method.updated'`;
    expect(event?.data).toEqual({
      object: method,
      previous_attributes: {
        billing_details: { name: 'Jenny', phone: null },
        card: { exp_year: 2030 },
        metadata: { a: '1', c: null },
      },
    });
  });

  it('unsets by an empty string', async () => {
    const address = { city: 'London', line1: '10 Downing Street' };
    const id = await saved({ billing_details: { address }, metadata: { a: '1' } });
    const method = await updated(id, { billing_details: { address: '' }, metadata: '' });
    expect(method.billing_details.address).toMatchObject({ city: null, line1: null });
    expect(method.metadata).toEqual({});
  });

  it('leaves a date alone that has passed, when it is not about the date', async () => {
    const id = await saved({ card: { ...visa, exp_month: 3, exp_year: 2026 } });
    const before = world.now;
    world.now = new Date('2027-01-01T00:00:00Z');
    try {
      await updated(id, { card: { exp_month: 3 }, metadata: { late: 'yes' } });
      await expect(updated(id, { card: { exp_month: 4 } })).rejects.toMatchObject({
        status: 402,
        details: { code: 'invalid_expiry_year' },
      });
    } finally {
      world.now = before;
    }
  });

  it('refuses a method that is not attached to a customer', async () => {
    const { id } = await created();
    await expect(updated(id, { metadata: { a: '1' } })).rejects.toMatchObject({
      status: 400,
      details: { code: 'payment_method_unexpected_state' },
    });
  });

  it('does not know an id that is not there', async () => {
    await expect(updated('pm_none', {})).rejects.toMatchObject(MISSING);
  });
});

describe('GET /v1/payment_methods', () => {
  it('lists both ways, and filters', async () => {
    const owner = await customer();
    const ids: string[] = [];
    for (const allow_redisplay of ['always', 'limited', 'always']) {
      ids.unshift(await saved({ allow_redisplay }, owner.id));
    }
    const of = { customer: owner.id };
    const idsOf = async (params: object) =>
      (await listed({ ...of, ...params })).data.map(({ id }) => id);

    expect(await idsOf({})).toEqual(ids);
    expect(await idsOf({ type: 'card' })).toEqual(ids);
    expect(await idsOf({ type: 'sepa_debit' })).toEqual([]);
    expect(await idsOf({ allow_redisplay: 'limited' })).toEqual([ids[1]]);
    expect(await idsOf({ limit: 1, starting_after: ids[0] })).toEqual([ids[1]]);
    expect(await idsOf({ limit: 1, ending_before: ids[2] })).toEqual([ids[1]]);
    expect(await listed({ ...of, limit: 2 })).toMatchObject({ object: 'page', has_more: true });
    expect((await listed({})).data.length).toBeGreaterThan(ids.length);
  });

  it('is empty for a customer without any, and refuses one that does not exist', async () => {
    const owner = await customer();
    expect((await listed({ customer: owner.id })).data).toEqual([]);
    const missing = { status: 400, details: { code: 'resource_missing', param: 'customer' } };
    await expect(listed({ customer: 'cus_none' })).rejects.toMatchObject(missing);
    const foreign = await customer(await world.project());
    await expect(listed({ customer: foreign.id })).rejects.toMatchObject(missing);
  });

  it('refuses a cursor that does not exist', async () => {
    await expect(listed({ starting_after: 'pm_none' })).rejects.toMatchObject({
      status: 400,
      details: { code: 'resource_missing', param: 'starting_after' },
    });
  });
});
