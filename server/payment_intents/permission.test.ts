import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectContract } from '@/e2e/support/contract';
import { charges } from '@/server/charges';
import { customers } from '@/server/customers';
import { mandates } from '@/server/mandates';
import { payment_methods } from '@/server/payment_methods';
import { setup_intents } from '@/server/setup_intents';
import { ask } from '@/server/testing/ask';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { cancel, confirm, create } from './operations';

let world: TestWorld;
let tenant: TestTenant;
let customer: string;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  tenant = await world.project();
  customer = (await ask(tenant, customers.operations.create, {})).id;
});

type Created = Parameters<typeof ask<typeof create>>[2];

const ACCEPTED = { customer_acceptance: { type: 'offline' } } as const;

const pay = (more: Partial<Created> = {}) =>
  ask(tenant, create, {
    amount: 1000,
    currency: 'gbp',
    customer,
    payment_method: 'pm_card_visa',
    confirm: true,
    ...more,
  });

const cardOf = async ({ latest_charge }: { latest_charge: unknown }) => {
  const charge = await ask(tenant, charges.operations.retrieve, { id: String(latest_charge) });
  expectContract(charge);
  return charge.payment_method_details?.card;
};

const methodOf = ({ payment_method }: { payment_method: unknown }) =>
  ask(tenant, payment_methods.operations.retrieve, { id: String(payment_method) });

const statuses = async (): Promise<string[]> => {
  const rows = await tenant.ctx.transaction((tx) =>
    tx.objects<{ status: string }>('select status from mandates order by id', []),
  );
  return rows.map(({ status }) => status);
};

describe('mandate_data', () => {
  it('gives a mandate with the payment that saves the card, which later ones use', async () => {
    const first = await pay({ setup_future_usage: 'off_session', mandate_data: ACCEPTED });
    const { mandate: id } = (await cardOf(first)) ?? {};
    const mandate = await ask(tenant, mandates.operations.retrieve, { id: String(id) });
    expectContract(mandate);
    expect(mandate).toMatchObject({ status: 'active', payment_method: first.payment_method });
    const second = await pay({
      payment_method: String(first.payment_method),
      off_session: true,
      mandate: String(id),
    });
    expect(await cardOf(second)).toMatchObject({ mandate: id });
    expect(await statuses()).toEqual(['active']);
  });

  it('gives none where the payment is declined, and leaves one that holds', async () => {
    await expect(
      pay({
        payment_method: 'pm_card_visa_chargeDeclined',
        setup_future_usage: 'off_session',
        mandate_data: ACCEPTED,
      }),
    ).rejects.toMatchObject({ status: 402 });
    expect(await statuses()).toEqual(['inactive']);
    const { mandate, payment_method } = await ask(tenant, setup_intents.operations.create, {
      customer,
      payment_method: 'pm_card_chargeCustomerFail',
      confirm: true,
      mandate_data: ACCEPTED,
    });
    await expect(
      pay({ payment_method: String(payment_method), mandate: String(mandate) }),
    ).rejects.toMatchObject({ status: 402 });
    expect(await statuses()).toEqual(['inactive', 'active']);
  });

  it('is void once its payment is confirmed anew, or canceled', async () => {
    const first = await pay({
      payment_method: 'pm_card_threeDSecure2Required',
      setup_future_usage: 'off_session',
      mandate_data: ACCEPTED,
    });
    expect(first.status).toBe('requires_action');
    expect(await statuses()).toEqual(['pending']);
    const again = await ask(tenant, confirm, {
      id: first.id,
      payment_method: 'pm_card_threeDSecure2Required',
      mandate_data: ACCEPTED,
    });
    expect(await statuses()).toEqual(['inactive', 'pending']);
    await ask(tenant, cancel, { id: again.id });
    expect(await statuses()).toEqual(['inactive', 'inactive']);
  });

  it('is refused where nobody keeps the card, and without confirming', async () => {
    await expect(pay({ mandate_data: ACCEPTED })).rejects.toMatchObject({
      status: 400,
      details: { param: 'mandate_data' },
    });
    await expect(
      pay({ mandate_data: ACCEPTED, setup_future_usage: 'off_session', confirm: false }),
    ).rejects.toMatchObject({ status: 400, details: { param: 'mandate_data' } });
  });
});

describe('mandate', () => {
  it('must be one that holds, for this card', async () => {
    await expect(pay({ mandate: 'mandate_none' })).rejects.toMatchObject({
      details: { code: 'resource_missing', param: 'mandate' },
    });
    const first = await pay({ setup_future_usage: 'off_session', mandate_data: ACCEPTED });
    const mandate = String((await cardOf(first))?.mandate);
    const invalid = { details: { code: 'payment_intent_mandate_invalid', param: 'mandate' } };
    await expect(pay({ mandate })).rejects.toMatchObject(invalid);
    const payment_method = String(first.payment_method);
    await expect(pay({ payment_method, mandate, mandate_data: ACCEPTED })).rejects.toMatchObject({
      details: { code: 'parameters_exclusive' },
    });
    await world.admin`update mandates set status = 'inactive' where id = ${mandate}`;
    await expect(pay({ payment_method, mandate })).rejects.toMatchObject(invalid);
  });
});

describe('payment_method_options[card]', () => {
  it('saves the card where it says so, and does not where it says none', async () => {
    const saved = await pay({
      payment_method_options: { card: { setup_future_usage: 'off_session' } },
    });
    expect(saved.setup_future_usage).toBeNull();
    expect(await methodOf(saved)).toMatchObject({ customer });
    const used = await pay({
      setup_future_usage: 'off_session',
      payment_method_options: { card: { setup_future_usage: 'none' } },
    });
    expect(used.setup_future_usage).toBe('off_session');
    expect(await methodOf(used)).toMatchObject({ customer: null });
    await expect(pay({ payment_method: String(used.payment_method) })).rejects.toMatchObject({
      status: 400,
    });
  });

  it('marks the payment as one that keeps the card', async () => {
    await pay({ payment_method_options: { card: { setup_future_usage: 'off_session' } } });
    await pay({
      setup_future_usage: 'off_session',
      payment_method_options: { card: { setup_future_usage: 'none' } },
    });
    const marks = await world.admin`select agreement from processor_attempts
      where project_id = ${tenant.projectId} order by id`;
    expect([...marks]).toEqual([{ agreement: 'card_on_file' }, { agreement: 'none' }]);
  });

  it('reserves only, also where that is said when confirming', async () => {
    const intent = await pay({ confirm: false });
    const held = await ask(tenant, confirm, {
      id: intent.id,
      payment_method_options: { card: { capture_method: 'manual' } },
    });
    expect(held).toMatchObject({
      status: 'requires_capture',
      capture_method: 'automatic_async',
      payment_method_options: { card: { capture_method: 'manual' } },
    });
  });

  it('leaves a card free that is kept for nobody yet', async () => {
    const saved = await pay({ customer: undefined, setup_future_usage: 'off_session' });
    const id = String(saved.payment_method);
    await ask(tenant, customers.operations.attachPaymentMethod, { id, customer });
    expect(await methodOf(saved)).toMatchObject({ customer });
  });
});

describe('payment_method_data[card][token]', () => {
  it("says how a token of the processor's fields is paid with", async () => {
    await expect(
      pay({
        payment_method: undefined,
        payment_method_data: { type: 'card', card: { token: 'eyJwYXltZW50VG9rZW4' } },
      }),
    ).rejects.toMatchObject({
      status: 400,
      message: expect.stringContaining('POST /v1/payment_methods'),
      details: { param: 'payment_method_data[card][token]' },
    });
  });
});
