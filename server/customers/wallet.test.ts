import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectContract } from '@/e2e/support/contract';
import { hosted_cards } from '@/server/hosted_cards';
import { payment_methods } from '@/server/payment_methods';
import { ask } from '@/server/testing/ask';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { create as createCustomer, remove, retrieve, update } from './operations';
import {
  attachPaymentMethod,
  detachPaymentMethod,
  emptyWallet,
  listPaymentMethods,
  retrievePaymentMethod,
} from './wallet';

let world: TestWorld;
let tenant: TestTenant;
beforeAll(async () => {
  world = await createWorld();
  tenant = await world.project();
});
afterAll(() => world.close());

const USED_UP = { status: 400, details: { code: 'payment_method_unexpected_state' } };

const customer = async (of = tenant): Promise<string> =>
  (await of.ctx.transaction((tx) => createCustomer.run(tx, createCustomer.input.parse({})))).id;

const card = async (number = '4242424242424242', cvc?: string): Promise<string> => {
  const { create } = hosted_cards.operations;
  const typed = { number, exp_month: 8, exp_year: 2030, cvc };
  return (await ask(tenant, create, { type: 'card', card: typed })).id;
};

const attach = (id: string, owner: string, of = tenant) =>
  of.ctx.transaction((tx) => attachPaymentMethod.run(tx, { id, customer: owner }));

const detach = (id: string, of = tenant) =>
  of.ctx.transaction((tx) => detachPaymentMethod.run(tx, { id }));

const events = (id: string) => world.admin<{ type: string; data: Record<string, object> }[]>`
  select type, data from events where related_object = ${id} order by id`;

const listed = async (params: object, of = tenant) =>
  (await listPaymentMethods.run(of.scope, listPaymentMethods.input.parse(params))).data.map(
    ({ id }) => id,
  );

const retrieved = (owner: string, id: string) =>
  retrievePaymentMethod.run(tenant.scope, { customer: owner, id });

describe('POST /v1/payment_methods/:id/attach', () => {
  it('attaches a method to a customer and announces it', async () => {
    const [id, owner] = [await card(), await customer()];
    const method = await attach(id, owner);
    expectContract(method);
    expect(method).toMatchObject({ id, customer: owner });
    expect(await events(id)).toEqual([
      { type: 'payment_method.attached', data: { object: method } },
    ]);
  });

  it('keeps what the issuer checked', async () => {
    const owner = await customer();
    expect((await attach(await card(), owner)).card?.checks?.cvc_check).toBeNull();
    expect((await attach('pm_card_visa', owner)).card?.checks?.cvc_check).toBe('pass');
    expect((await attach('pm_card_cvcCheckFail', owner)).card?.checks?.cvc_check).toBe('fail');
  });

  it('makes a new method of a test id', async () => {
    const owner = await customer();
    const [one, other] = [await attach('pm_card_visa', owner), await attach('pm_card_visa', owner)];
    expect(one.id).not.toBe('pm_card_visa');
    expect(one.id).not.toBe(other.id);
    expect(one.customer).toBe(owner);
  });

  it('does nothing when the customer has it already', async () => {
    const [id, owner] = [await card(), await customer()];
    const first = await attach(id, owner);
    expect(await attach(id, owner)).toEqual(first);
    expect(await events(id)).toHaveLength(1);
  });

  it('attaches once, however many ask at the same time', async () => {
    const [id, owner] = [await card(), await customer()];
    const answers = await Promise.all(Array.from({ length: 64 }, () => attach(id, owner)));
    expect(new Set(answers.map((method) => method.customer))).toEqual(new Set([owner]));
    expect(await events(id)).toHaveLength(1);
  });

  it('gives it to one of two customers who ask at the same time', async () => {
    const id = await card();
    const owners = [await customer(), await customer()];
    const results = await Promise.allSettled(
      Array.from({ length: 16 }, (_, index) => attach(id, owners[index % 2] ?? '')),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(8);
    expect(await events(id)).toHaveLength(1);
  });

  it('refuses the method of another customer', async () => {
    const id = await card();
    await attach(id, await customer());
    await expect(attach(id, await customer())).rejects.toMatchObject({
      ...USED_UP,
      message: 'The payment method you provided has already been attached to a customer.',
    });
  });

  it('refuses a method that was detached', async () => {
    const [id, owner] = [await card(), await customer()];
    await attach(id, owner);
    await detach(id);
    await expect(attach(id, owner)).rejects.toMatchObject(USED_UP);
  });

  it('refuses a card that its issuer declines, and leaves it unattached', async () => {
    const [id, owner] = [await card('4000000000000002'), await customer()];
    await expect(attach(id, owner)).rejects.toMatchObject({
      status: 402,
      type: 'card_error',
      details: { code: 'card_declined', decline_code: 'generic_decline' },
    });
    await expect(attach('pm_card_chargeDeclined', owner)).rejects.toMatchObject({ status: 402 });
    const method = await payment_methods.operations.retrieve.run(tenant.scope, { id });
    expect(method.customer).toBeNull();
    expect(await events(id)).toEqual([]);
  });

  it('takes a card that only fails when it is charged', async () => {
    const owner = await customer();
    expect(await attach('pm_card_chargeCustomerFail', owner)).toMatchObject({ customer: owner });
  });

  it('refuses a customer that does not exist, was deleted, or is another project’s', async () => {
    const id = await card();
    const deleted = await customer();
    await tenant.ctx.transaction((tx) => remove.run(tx, { id: deleted }));
    const foreign = await customer(await world.project());
    for (const owner of ['cus_none', deleted, foreign]) {
      await expect(attach(id, owner)).rejects.toMatchObject({
        status: 400,
        message: `No such customer: '${owner}'`,
        details: { code: 'resource_missing', param: 'customer' },
      });
    }
  });

  it('does not know a method that is not there, nor that of another project', async () => {
    const other = await world.project();
    const id = await card();
    const missing = { status: 404, details: { code: 'resource_missing', param: 'id' } };
    await expect(attach('pm_none', await customer())).rejects.toMatchObject(missing);
    await expect(attach(id, await customer(other), other)).rejects.toMatchObject(missing);
  });
});

describe('POST /v1/payment_methods/:id/detach', () => {
  it('takes a method from its customer and announces whose it was', async () => {
    const [id, owner] = [await card(), await customer()];
    await attach(id, owner);
    const method = await detach(id);
    expectContract(method);
    expect(method).toMatchObject({ id, customer: null });
    expect((await events(id)).at(-1)).toEqual({
      type: 'payment_method.detached',
      data: { object: method, previous_attributes: { customer: owner } },
    });
  });

  it('leaves the customer without it as the default for invoices', async () => {
    const [id, owner] = [await card(), await customer()];
    await attach(id, owner);
    const invoice_settings = { default_payment_method: id };
    await tenant.ctx.transaction((tx) =>
      update.run(tx, update.input.parse({ id: owner, invoice_settings })),
    );
    await detach(id);
    expect(await retrieve.run(tenant.scope, { id: owner })).toMatchObject({
      invoice_settings: { default_payment_method: null },
    });
    expect((await events(owner)).at(-1)).toMatchObject({
      type: 'customer.updated',
      data: { previous_attributes: { invoice_settings: { default_payment_method: id } } },
    });
  });

  it('detaches once, however many ask at the same time', async () => {
    const id = await card();
    await attach(id, await customer());
    const results = await Promise.allSettled(Array.from({ length: 16 }, () => detach(id)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await events(id)).toHaveLength(2);
  });

  it('refuses a method that is nobody’s', async () => {
    await expect(detach(await card())).rejects.toMatchObject({
      ...USED_UP,
      message:
        'The payment method you provided is not attached to a customer so detachment is impossible.',
    });
  });

  it('does not know a method that is not there, nor that of another project', async () => {
    const id = await card();
    const missing = { status: 404, details: { code: 'resource_missing', param: 'id' } };
    await expect(detach('pm_none')).rejects.toMatchObject(missing);
    await expect(detach(id, await world.project())).rejects.toMatchObject(missing);
  });
});

describe('GET /v1/customers/:customer/payment_methods', () => {
  it('lists the methods of one customer both ways, and filters', async () => {
    const owner = await customer();
    await attach(await card(), await customer());
    const ids: string[] = [];
    for (const name of ['visa', 'mastercard', 'amex']) {
      ids.unshift((await attach(`pm_card_${name}`, owner)).id);
    }
    const of = { customer: owner };
    expect(await listed(of)).toEqual(ids);
    expect(await listed({ ...of, limit: 1, starting_after: ids[0] })).toEqual([ids[1]]);
    expect(await listed({ ...of, limit: 1, ending_before: ids[2] })).toEqual([ids[1]]);
    expect(await listed({ ...of, type: 'link' })).toEqual([]);
    expect(await listed({ ...of, allow_redisplay: 'unspecified' })).toEqual(ids);
    await detach(ids[0] ?? '');
    expect(await listed(of)).toEqual(ids.slice(1));
  });

  it('does not know a customer that is not there, nor that of another project', async () => {
    const missing = { status: 404, details: { code: 'resource_missing' } };
    await expect(listed({ customer: 'cus_none' })).rejects.toMatchObject(missing);
    const other = await world.project();
    await expect(listed({ customer: await customer() }, other)).rejects.toMatchObject(missing);
  });
});

describe('GET /v1/customers/:customer/payment_methods/:id', () => {
  it('retrieves a method of the customer', async () => {
    const [id, owner] = [await card(), await customer()];
    const method = await attach(id, owner);
    expect(await retrieved(owner, id)).toEqual(method);
  });

  it('does not know the method of another customer, of nobody, or of no customer', async () => {
    const [id, owner] = [await card(), await customer()];
    await attach(id, owner);
    const missing = { status: 404, details: { code: 'resource_missing' } };
    await expect(retrieved(await customer(), id)).rejects.toMatchObject(missing);
    await expect(retrieved(owner, await card())).rejects.toMatchObject(missing);
    await expect(retrieved('cus_none', id)).rejects.toMatchObject(missing);
  });
});

describe('emptyWallet', () => {
  it('detaches all that a deleted customer had', async () => {
    const owner = await customer();
    const ids = [(await attach('pm_card_visa', owner)).id, (await attach('pm_card_us', owner)).id];
    const kept = await attach('pm_card_visa', await customer());
    await tenant.ctx.transaction((tx) =>
      emptyWallet(tx, {
        id: 'evt_1',
        type: 'customer.deleted',
        object: { id: owner, object: 'customer' },
      }),
    );
    for (const id of ids) {
      expect((await events(id)).at(-1)?.type).toBe('payment_method.detached');
    }
    expect(await events(kept.id)).toHaveLength(1);
  });
});
