import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { expectContract } from '@/e2e/support/contract';
import type { Command } from '@/server/kernel/operation';
import { hosted_cards, hosted_tokens } from '@/server/hosted_cards';
import { ask } from '@/server/testing/ask';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { create, list, remove, retrieve, search, update } from './operations';
import { adjustBalance, customers, lockCustomer, requireCustomer } from './index';
import { detachPaymentMethod } from './wallet';

const { create: createPaymentMethod } = hosted_cards.operations;
const { create: createToken } = hosted_tokens.operations;

let world: TestWorld;
let tenant: TestTenant;

beforeAll(async () => {
  world = await createWorld();
  tenant = await world.project();
});
afterAll(() => world.close());

/** Runs a command in a transaction of its own, as a request does. */
const run = <S extends z.ZodType, A extends { object: string }>(
  command: Command<S, A>,
  input: z.input<S>,
  who = tenant,
) => who.ctx.transaction((tx) => command.run(tx, command.input.parse(input)));

const events = (id: string) =>
  world.admin<{ type: string; data: Record<string, unknown> }[]>`
    select type, data from events where related_object = ${id} order by id`;

/** A day of April 2026, in unix seconds. */
const day = (date: number) => Date.UTC(2026, 3, date) / 1000;

const missing = { status: 404, details: { code: 'resource_missing', param: 'id' } };

const EVERYTHING = {
  address: { city: 'London', country: 'GB', line1: '1 High Street', postal_code: 'N1 9GU' },
  business_name: 'Ada & Co',
  description: 'Wrote the first program',
  email: 'ada@example.com',
  individual_name: 'Ada Lovelace',
  invoice_prefix: 'ADA1815',
  invoice_settings: {
    custom_fields: [{ name: 'Order', value: '7' }],
    footer: 'Thank you',
    rendering_options: { amount_tax_display: 'include_inclusive_tax' as const },
  },
  metadata: { plan: 'gold' },
  name: 'Ada Lovelace',
  next_invoice_sequence: 12,
  phone: '+442071234567',
  preferred_locales: ['en-GB', 'fr'],
  shipping: { address: { line1: '2 Low Street' }, name: 'Ada' },
  tax: { ip_address: '203.0.113.7', validate_location: 'deferred' as const },
  tax_exempt: 'reverse' as const,
};

describe('POST /v1/customers', () => {
  it('creates a customer of whom nothing is known, with an invoice prefix of its own', async () => {
    const customer = await run(create, {});
    expectContract(customer);
    expect(customer).toMatchObject({
      object: 'customer',
      address: null,
      balance: 0,
      created: world.now.getTime() / 1000,
      currency: null,
      default_source: null,
      delinquent: false,
      email: null,
      invoice_settings: { custom_fields: null, default_payment_method: null, footer: null },
      livemode: false,
      metadata: {},
      next_invoice_sequence: 1,
      preferred_locales: [],
      shipping: null,
      tax_exempt: 'none',
    });
    expect(customer.id).toMatch(/^cus_/);
    expect(customer.invoice_prefix).toMatch(/^[A-Z\d]{8}$/);
    expect(await events(customer.id)).toMatchObject([
      { type: 'customer.created', data: { object: { id: customer.id } } },
    ]);
  });

  it('keeps everything that is said', async () => {
    const customer = await run(create, EVERYTHING);
    expectContract(customer);
    const { tax, address, invoice_settings, shipping, ...plain } = EVERYTHING;
    expect(customer).toMatchObject(plain);
    expect(customer.address).toEqual({ ...address, line2: null, state: null });
    expect(customer.invoice_settings).toEqual({
      ...invoice_settings,
      default_payment_method: null,
      rendering_options: { amount_tax_display: 'include_inclusive_tax', template: null },
    });
    expect(customer.shipping).toMatchObject({ name: shipping.name, phone: null });
    const [row] = await world.admin`
      select tax_ip_address from customers where id = ${customer.id}`;
    expect(row).toEqual({ tax_ip_address: tax.ip_address });
    expect(await retrieve.run(tenant.scope, { id: customer.id })).toEqual(customer);
  });

  it('enters an opening balance in the ledger, in the currency of the project', async () => {
    const customer = await run(create, { balance: -250 });
    expect(customer).toMatchObject({ balance: -250, currency: 'gbp' });
    expect(
      await world.admin`select amount::int, ending_balance::int, currency, type
        from customer_balance_transactions where customer = ${customer.id}`,
    ).toEqual([{ amount: -250, ending_balance: -250, currency: 'gbp', type: 'adjustment' }]);
  });

  it('creates tax ids with it, or nothing at all where one is wrong', async () => {
    const customer = await run(create, {
      tax_id_data: [
        { type: 'gb_vat', value: 'GB123456789' },
        { type: 'eu_vat', value: 'DE123456789' },
      ],
    });
    const stored = await world.admin`
      select type, country from tax_ids where customer = ${customer.id} order by id`;
    expect(stored).toEqual([
      { type: 'gb_vat', country: 'GB' },
      { type: 'eu_vat', country: 'DE' },
    ]);

    const half = {
      name: 'Half a customer',
      tax_id_data: [
        { type: 'gb_vat' as const, value: 'GB123456789' },
        { type: 'us_ein' as const, value: '1' },
      ],
    };
    await expect(run(create, half)).rejects.toMatchObject({
      status: 400,
      details: { code: 'tax_id_invalid', param: 'tax_id_data[1][value]' },
    });
    expect(await world.admin`select id from customers where name = ${half.name}`).toHaveLength(0);
  });

  it('refuses an invoice prefix that another customer has', async () => {
    await run(create, { invoice_prefix: 'TAKEN' });
    await expect(run(create, { invoice_prefix: 'TAKEN' })).rejects.toMatchObject({
      status: 400,
      details: { code: 'resource_already_exists', param: 'invoice_prefix' },
    });
    const elsewhere = await run(create, { invoice_prefix: 'TAKEN' }, await world.project());
    expect(elsewhere.invoice_prefix).toBe('TAKEN');
  });

  it.each<[string, Record<string, unknown>]>([
    ['an address of e-mail without an @', { email: 'ada' }],
    ['a prefix in small letters', { invoice_prefix: 'abc' }],
    ['a prefix of thirteen', { invoice_prefix: 'ABCDEFGHIJKLM' }],
    ['a sequence that starts at zero', { next_invoice_sequence: 0 }],
    ['a balance that is no whole number', { balance: 0.5 }],
    [
      'five custom fields',
      {
        invoice_settings: {
          custom_fields: Array.from({ length: 5 }, () => ({ name: 'a', value: 'b' })),
        },
      },
    ],
    ['shipping without a name', { shipping: { address: {} } }],
    ['an exemption that does not exist', { tax_exempt: 'yes' }],
    ['an address that is none of IP', { tax: { ip_address: 'localhost' } }],
    ['a location to be validated at once', { tax: { validate_location: 'immediately' } }],
    ['a field that does not exist', { colour: 'red' }],
  ])('refuses %s', (_, input) => {
    expect(create.input.safeParse(input).success).toBe(false);
  });

  it('names the parameters it does not support', () => {
    expect(create.unsupported).toEqual(['cash_balance', 'validate']);
  });
});

describe('POST /v1/customers, with a card', () => {
  it('attaches the payment method and makes it the default', async () => {
    const method = await ask(tenant, createPaymentMethod, {
      type: 'card',
      card: { token: 'tok_visa' },
    });
    const customer = await run(create, {
      payment_method: method.id,
      invoice_settings: { default_payment_method: method.id },
    });
    expectContract(customer);
    expect(customer.invoice_settings.default_payment_method).toBe(method.id);
    const [row] = await world.admin`
      select customer, status from payment_methods where id = ${method.id}`;
    expect(row).toEqual({ customer: customer.id, status: 'attached' });
    expect(await events(method.id)).toMatchObject([{ type: 'payment_method.attached' }]);
  });

  it('takes a test id for both, as one card', async () => {
    const customer = await run(create, {
      payment_method: 'pm_card_visa',
      invoice_settings: { default_payment_method: 'pm_card_visa' },
    });
    const cards = await world.admin`select id from payment_methods where customer = ${customer.id}`;
    expect(cards).toEqual([{ id: customer.invoice_settings.default_payment_method }]);
  });

  it('turns a source into a card that is the default source', async () => {
    const token = await ask(tenant, createToken, {
      card: { number: '4242424242424242', exp_month: 12, exp_year: 2030, cvc: '123' },
    });
    const customer = await run(create, { source: token.id });
    const cards = await world.admin`select id from payment_methods where customer = ${customer.id}`;
    expect(cards).toEqual([{ id: customer.default_source }]);
  });

  it('creates nothing when the issuer declines', async () => {
    await expect(
      run(create, { name: 'Declined', payment_method: 'pm_card_chargeDeclined' }),
    ).rejects.toMatchObject({ status: 402, details: { code: 'card_declined' } });
    expect(await world.admin`select id from customers where name = 'Declined'`).toHaveLength(0);
  });

  it('refuses a card that is unknown, and one that is already taken', async () => {
    await expect(run(create, { payment_method: 'pm_none' })).rejects.toMatchObject({
      status: 400,
      details: { code: 'resource_missing', param: 'payment_method' },
    });
    const method = await ask(tenant, createPaymentMethod, {
      type: 'card',
      card: { token: 'tok_visa' },
    });
    await run(create, { payment_method: method.id });
    await expect(run(create, { payment_method: method.id })).rejects.toMatchObject({
      status: 400,
      details: { code: 'payment_method_unexpected_state' },
    });
  });

  it('refuses a default that is not saved with it', async () => {
    await expect(
      run(create, { invoice_settings: { default_payment_method: 'pm_none' } }),
    ).rejects.toMatchObject({
      status: 400,
      details: { param: 'invoice_settings[default_payment_method]' },
    });
  });
});

describe('GET /v1/customers/:id', () => {
  it('answers a deleted customer with a stub', async () => {
    const { id } = await run(create, { name: 'Ada', metadata: { a: '1' } });
    await run(remove, { id });
    const stub = await retrieve.run(tenant.scope, { id });
    expectContract(stub);
    expect(stub).toEqual({ id, object: 'customer', deleted: true });
  });

  it('cannot see a customer that is unknown or of another project', async () => {
    const { id } = await run(create, {});
    await expect(retrieve.run(tenant.scope, { id: 'cus_none' })).rejects.toMatchObject({
      ...missing,
      message: "No such customer: 'cus_none'",
    });
    const other = await world.project();
    await expect(retrieve.run(other.scope, { id })).rejects.toMatchObject(missing);
  });
});

describe('POST /v1/customers/:id', () => {
  it('changes what is sent, leaves the rest, and announces what was', async () => {
    const before = await run(create, { ...EVERYTHING, invoice_prefix: 'CHANGE' });
    const after = await run(update, {
      id: before.id,
      name: 'Countess of Lovelace',
      metadata: { title: 'countess' },
      invoice_settings: { footer: 'Yours' },
    });
    expectContract(after);
    expect(after).toEqual({
      ...before,
      name: 'Countess of Lovelace',
      metadata: { plan: 'gold', title: 'countess' },
      invoice_settings: { ...before.invoice_settings, footer: 'Yours' },
    });
    const [, updated] = await events(before.id);
    expect(updated).toMatchObject({ type: 'customer.updated', data: { object: after } });
    expect(updated?.data['previous_attributes']).toEqual({
      name: 'Ada Lovelace',
      metadata: { title: null },
      invoice_settings: { footer: 'Thank you' },
    });
  });

  it('unsets by an empty string everything that can be', async () => {
    const before = await run(create, { ...EVERYTHING, invoice_prefix: 'CLEAR' });
    const after = await run(update, {
      id: before.id,
      address: '',
      business_name: '',
      description: '',
      email: '',
      individual_name: '',
      invoice_settings: { custom_fields: '', footer: '', rendering_options: '' },
      metadata: '',
      name: '',
      phone: '',
      preferred_locales: '',
      shipping: '',
      tax: { ip_address: '' },
      tax_exempt: '',
    });
    expectContract(after);
    const blank = await run(create, { invoice_prefix: 'BLANK', next_invoice_sequence: 12 });
    expect(after).toEqual({ ...blank, id: before.id, invoice_prefix: 'CLEAR' });
    const [row] = await world.admin`select tax_ip_address from customers where id = ${before.id}`;
    expect(row).toEqual({ tax_ip_address: null });
  });

  it('enters the difference in the ledger when the balance is set, and nothing when it stays', async () => {
    const { id } = await run(create, { balance: 100 });
    await run(update, { id, balance: 40 });
    await run(update, { id, balance: 40 });
    expect(
      await world.admin`select amount::int, ending_balance::int
        from customer_balance_transactions where customer = ${id} order by id`,
    ).toEqual([
      { amount: 100, ending_balance: 100 },
      { amount: -60, ending_balance: 40 },
    ]);
  });

  it('takes for a default only a card that is saved with it, and forgets one that is detached', async () => {
    const { id } = await run(create, { payment_method: 'pm_card_visa' });
    const [card] = await world.admin<{ id: string }[]>`
      select id from payment_methods where customer = ${id}`;
    const defaults = { id, invoice_settings: { default_payment_method: card!.id } };
    expect((await run(update, defaults)).invoice_settings.default_payment_method).toBe(card!.id);

    const other = await run(create, {});
    await expect(run(update, { ...defaults, id: other.id })).rejects.toMatchObject({
      status: 400,
      message: `The customer does not have a payment method with the ID ${card!.id}. The payment method must be attached to the customer.`,
      details: { code: 'resource_missing', param: 'invoice_settings[default_payment_method]' },
    });
    await expect(run(update, { id, default_source: card!.id })).rejects.toMatchObject({
      status: 400,
      details: { code: 'resource_missing', param: 'default_source' },
    });

    await run(detachPaymentMethod, { id: card!.id });
    expect(await retrieve.run(tenant.scope, { id })).toMatchObject({
      invoice_settings: { default_payment_method: null },
    });
  });

  it('saves a new source and makes it the default', async () => {
    const { id } = await run(create, {});
    const customer = await run(update, { id, source: 'tok_mastercard' });
    const cards = await world.admin`select id from payment_methods where customer = ${id}`;
    expect(cards).toEqual([{ id: customer.default_source }]);
  });

  it('may repeat its own invoice prefix, but not take that of another', async () => {
    const { id } = await run(create, { invoice_prefix: 'MINE' });
    await run(create, { invoice_prefix: 'THEIRS' });
    expect((await run(update, { id, invoice_prefix: 'MINE' })).invoice_prefix).toBe('MINE');
    await expect(run(update, { id, invoice_prefix: 'THEIRS' })).rejects.toMatchObject({
      details: { code: 'resource_already_exists' },
    });
  });

  it('loses none of 64 balances and names that are set together', async () => {
    const { id } = await run(create, { balance: 1 });
    await Promise.all(
      Array.from({ length: 64 }, (_, index) =>
        index % 2 === 0
          ? tenant.ctx.transaction((tx) =>
              adjustBalance(tx, id, { amount: 1, currency: 'gbp', type: 'adjustment' }),
            )
          : run(update, { id, metadata: { [`key_${index}`]: 'x' } }),
      ),
    );
    const customer = await retrieve.run(tenant.scope, { id });
    expect(customer).toMatchObject({ balance: 33 });
    expect(Object.keys('metadata' in customer ? customer.metadata : {})).toHaveLength(32);
  });

  it('cannot see a customer that is unknown, deleted or of another project', async () => {
    const { id } = await run(create, {});
    const other = await world.project();
    await expect(run(update, { id, name: 'x' }, other)).rejects.toMatchObject(missing);
    await expect(run(update, { id: 'cus_none', name: 'x' })).rejects.toMatchObject(missing);
    await run(remove, { id });
    await expect(run(update, { id, name: 'x' })).rejects.toMatchObject(missing);
  });
});

describe('DELETE /v1/customers/:id', () => {
  it('answers a stub, and announces the customer as it was', async () => {
    const customer = await run(create, { name: 'Ada' });
    const stub = await run(remove, { id: customer.id });
    expectContract(stub);
    expect(stub).toEqual({ id: customer.id, object: 'customer', deleted: true });
    const [, deleted] = await events(customer.id);
    expect(deleted).toMatchObject({ type: 'customer.deleted', data: { object: customer } });
  });

  it('happens once, and only in the own project', async () => {
    const { id } = await run(create, {});
    await expect(run(remove, { id }, await world.project())).rejects.toMatchObject(missing);
    await run(remove, { id });
    await expect(run(remove, { id })).rejects.toMatchObject(missing);
  });
});

describe('GET /v1/customers', () => {
  it('lists both ways, by e-mail and by time, without the deleted', async () => {
    const fresh = await world.project();
    const now = world.now;
    const ids: string[] = [];
    for (const [email, day] of [
      ['a@example.com', '2026-04-01T00:00:00Z'],
      ['b@example.com', '2026-04-02T00:00:00Z'],
      ['a@example.com', '2026-04-03T00:00:00Z'],
      ['c@example.com', '2026-04-04T00:00:00Z'],
    ] as const) {
      world.now = new Date(day);
      ids.unshift((await run(create, { email }, fresh)).id);
    }
    world.now = now;
    const [deleted, third, second, first] = ids as [string, string, string, string];
    await run(remove, { id: deleted }, fresh);
    const listed = async (params: z.input<typeof list.input>) => {
      const page = await list.run(fresh.scope, list.input.parse(params));
      return [...page.data.map(({ id }) => id), page.has_more];
    };

    expect(await listed({})).toEqual([third, second, first, false]);
    expect(await listed({ limit: 2 })).toEqual([third, second, true]);
    expect(await listed({ starting_after: second })).toEqual([first, false]);
    expect(await listed({ ending_before: first, limit: 1 })).toEqual([second, true]);
    expect(await listed({ email: 'a@example.com' })).toEqual([third, first, false]);
    expect(await listed({ email: 'A@example.com' })).toEqual([false]);
    expect(await listed({ created: day(2) })).toEqual([second, false]);
    expect(await listed({ created: { gte: day(1), lt: day(3) } })).toEqual([second, first, false]);
  });

  it('refuses a cursor that does not exist, naming it', async () => {
    await expect(list.run(tenant.scope, { starting_after: 'cus_none' })).rejects.toMatchObject({
      status: 400,
      details: { param: 'starting_after' },
    });
  });
});

describe('GET /v1/customers/search', () => {
  it('finds by each of the documented fields, and never the deleted', async () => {
    const fresh = await world.project();
    const { id } = await run(
      create,
      {
        email: 'amy@rocketrides.io',
        name: 'Amy Pond',
        phone: '+44207',
        metadata: { plan: 'gold' },
      },
      fresh,
    );
    await run(create, { email: 'bob@example.com', name: 'Bob' }, fresh);
    const gone = await run(create, { name: 'Amy Gone' }, fresh);
    await run(remove, { id: gone.id }, fresh);
    const found = async (query: string) =>
      (await search.run(fresh.scope, { query })).data.map((customer) => customer.id);

    expect(await found('email:"amy@rocketrides.io"')).toEqual([id]);
    expect(await found('email~"rocket"')).toEqual([id]);
    expect(await found('name:"amy"')).toEqual([id]);
    expect(await found('phone:"+44207"')).toEqual([id]);
    expect(await found('metadata["plan"]:"gold" AND created>0')).toEqual([id]);
    expect(await found('name:"amy" OR name:"bob"')).toHaveLength(2);
    await expect(search.run(fresh.scope, { query: 'balance:1' })).rejects.toMatchObject({
      status: 400,
      details: { param: 'query' },
    });
  });

  it('pages through what it finds', async () => {
    const fresh = await world.project();
    const ids = [];
    for (const name of ['Ann', 'Ann', 'Ann']) ids.unshift((await run(create, { name }, fresh)).id);
    const query = 'name:"ann"';
    const first = await search.run(fresh.scope, { query, limit: 2 });
    expect(first).toMatchObject({ data: [{ id: ids[0] }, { id: ids[1] }], has_more: true });
    const second = await search.run(fresh.scope, { query, limit: 2, page: first.next_page! });
    expect(second).toMatchObject({ data: [{ id: ids[2] }], has_more: false, next_page: null });
  });
});

describe('what other domains ask', () => {
  it('requires and locks a customer, or names the parameter it was given by', async () => {
    const { id } = await run(create, {});
    expect(await requireCustomer(tenant.scope, id)).toMatchObject({ id, status: 'active' });
    expect(await tenant.ctx.transaction((tx) => lockCustomer(tx, id))).toMatchObject({ id });
    await run(remove, { id });
    const refused = { status: 400, details: { code: 'resource_missing', param: 'customer' } };
    await expect(requireCustomer(tenant.scope, id)).rejects.toMatchObject(refused);
    await expect(
      tenant.ctx.transaction((tx) => lockCustomer(tx, 'cus_none')),
    ).rejects.toMatchObject(refused);
  });

  it('loads many for expansion, the deleted as stubs', async () => {
    const [kept, gone] = [await run(create, {}), await run(create, {})];
    await run(remove, { id: gone.id });
    const loaded = await customers.load!(tenant.scope, [kept.id, gone.id, 'cus_none']);
    expect(loaded).toHaveLength(2);
    expect(loaded).toContainEqual(kept);
    expect(loaded).toContainEqual({ id: gone.id, object: 'customer', deleted: true });
  });

  it('includes tax and tax ids on request, in every customer but a deleted one', async () => {
    const many = Array.from({ length: 11 }, () => ({
      type: 'gb_vat' as const,
      value: 'GB123456789',
    }));
    const full = await run(create, { tax_id_data: many, tax: { ip_address: '203.0.113.7' } });
    const none = await run(create, {});
    const gone = await run(create, {});
    await run(remove, { id: gone.id });
    const ids = [full.id, none.id, gone.id];

    const taxIds = await customers.includes!['tax_ids']!(tenant.scope, ids);
    const tax = await customers.includes!['tax']!(tenant.scope, ids);
    expect([...taxIds.keys()]).toEqual(expect.arrayContaining([full.id, none.id]));
    expect([taxIds.size, tax.size]).toEqual([2, 2]);
    expect(taxIds.get(none.id)).toEqual({
      object: 'list',
      data: [],
      has_more: false,
      url: `/v1/customers/${none.id}/tax_ids`,
    });
    const list = taxIds.get(full.id) as { data: { id: string; customer: string }[] };
    expect(list).toMatchObject({ has_more: true });
    expect(list.data).toHaveLength(10);
    expect(list.data.every(({ customer }) => customer === full.id)).toBe(true);
    expect(list.data.map(({ id }) => id)).toEqual(
      list.data
        .map(({ id }) => id)
        .toSorted()
        .toReversed(),
    );
    expect(tax.get(full.id)).toMatchObject({ ip_address: '203.0.113.7', location: null });
    expectContract({ ...full, tax_ids: list, tax: tax.get(full.id) });
  });
});
