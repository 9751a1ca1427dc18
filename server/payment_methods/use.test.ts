import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { customers } from '@/server/customers';
import type { Tx } from '@/server/kernel/context';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import {
  attachTo,
  createFromData,
  detach,
  fromToken,
  lockPaymentMethod,
  PaymentMethodData,
  recordChecks,
  requirePaymentMethod,
  requireUsable,
  useUp,
} from '.';
import { paymentMethod } from './lifecycle';

let world: TestWorld;
let tenant: TestTenant;
beforeAll(async () => {
  world = await createWorld();
  tenant = await world.project();
});
afterAll(() => world.close());

const within = <T>(work: (tx: Tx) => Promise<T>): Promise<T> => tenant.ctx.transaction(work);

const customer = async (): Promise<string> => {
  const { create } = customers.operations;
  return (await within((tx) => create.run(tx, create.input.parse({})))).id;
};

const guest = () => within((tx) => fromToken(tx, 'tok_visa'));

const USED_UP = { status: 400, details: { code: 'payment_method_unexpected_state' } };

describe('requirePaymentMethod', () => {
  it('makes a new method of a test id at each use', async () => {
    const [one, other] = await within(async (tx) => [
      await requirePaymentMethod(tx, 'pm_card_gb'),
      await requirePaymentMethod(tx, 'pm_card_gb'),
    ]);
    expect(one.id).toMatch(/^pm_[0-9A-Za-z]{22}$/);
    expect(one.id).not.toBe(other.id);
    expect(one.card.country).toBe('GB');
    expect(await within((tx) => requirePaymentMethod(tx, one.id))).toEqual(one);
  });

  it('does not know the method of another project', async () => {
    const { id } = await guest();
    const other = await world.project();
    await expect(other.ctx.transaction((tx) => requirePaymentMethod(tx, id))).rejects.toMatchObject(
      {
        status: 400,
        details: { code: 'resource_missing', param: 'payment_method' },
      },
    );
  });
});

describe('requireUsable', () => {
  it('gives a guest a method that is nobody’s, and a customer its own', async () => {
    const { id } = await guest();
    const owner = await customer();
    expect((await within((tx) => requireUsable(tx, id, null))).id).toBe(id);
    expect((await within((tx) => requireUsable(tx, id, owner))).id).toBe(id);
    await within(async (tx) => attachTo(tx, await lockPaymentMethod(tx, id), owner));
    expect((await within((tx) => requireUsable(tx, id, owner))).customer).toBe(owner);
  });

  it('refuses a guest, and another customer, the method of a customer', async () => {
    const { id } = await guest();
    const [owner, other] = [await customer(), await customer()];
    await within(async (tx) => attachTo(tx, await lockPaymentMethod(tx, id), owner));
    for (const payer of [null, other]) {
      await expect(within((tx) => requireUsable(tx, id, payer))).rejects.toMatchObject({
        status: 400,
        details: { param: 'payment_method' },
      });
    }
  });

  it('refuses a method that was detached', async () => {
    const { id } = await guest();
    const owner = await customer();
    await within(async (tx) =>
      detach(tx, await attachTo(tx, await lockPaymentMethod(tx, id), owner)),
    );
    await expect(within((tx) => requireUsable(tx, id, owner))).rejects.toMatchObject(USED_UP);
    await expect(
      within(async (tx) => attachTo(tx, await lockPaymentMethod(tx, id), owner)),
    ).rejects.toMatchObject(USED_UP);
  });
});

describe('useUp', () => {
  it('ends a method that a guest paid with', async () => {
    const { id } = await guest();
    await within(async (tx) => useUp(tx, await lockPaymentMethod(tx, id)));
    await expect(within((tx) => requireUsable(tx, id, null))).rejects.toMatchObject(USED_UP);
  });

  it('leaves the method of a customer', async () => {
    const { id } = await guest();
    const owner = await customer();
    const after = await within(async (tx) =>
      useUp(tx, await attachTo(tx, await lockPaymentMethod(tx, id), owner)),
    );
    expect(after).toMatchObject({ status: 'attached', customer: owner });
  });
});

describe('recordChecks', () => {
  it('keeps what the issuer found', async () => {
    const { id } = await guest();
    const none = { address_line1_check: null, address_postal_code_check: null, cvc_check: null };
    await within(async (tx) =>
      recordChecks(tx, await lockPaymentMethod(tx, id), { ...none, cvc_check: 'pass' }),
    );
    const row = await within((tx) => requirePaymentMethod(tx, id));
    expect(row.card.checks).toEqual({ ...none, cvc_check: 'pass' });
  });
});

describe('createFromData', () => {
  it('names a bad token by the parameter it came in', async () => {
    const given = PaymentMethodData.parse({ type: 'card', card: { token: 'tok_none' } });
    await expect(
      within((tx) => createFromData(tx, given, 'payment_method_data[card]')),
    ).rejects.toMatchObject({ details: { param: 'payment_method_data[card][token]' } });
  });
});

describe('the lifecycle', () => {
  it('has no way back from detached', () => {
    expect(paymentMethod.table.detached).toEqual({});
    expect(paymentMethod.allows('attached', 'use_up')).toBe(false);
    expect(paymentMethod.allows('unattached', 'detach')).toBe(false);
  });
});
