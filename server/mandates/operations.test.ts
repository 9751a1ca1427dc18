import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectContract } from '@/e2e/support/contract';
import { unix } from '@/server/kernel/object';
import { setup_intents } from '@/server/setup_intents';
import { ask } from '@/server/testing/ask';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { retrieve } from './operations';

let world: TestWorld;
let tenant: TestTenant;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  tenant = await world.project();
});

const { create } = setup_intents.operations;

type Acceptance = NonNullable<
  Exclude<Parameters<typeof ask<typeof create>>[2]['mandate_data'], ''>
>['customer_acceptance'];

const save = (customer_acceptance: Acceptance, payment_method = 'pm_card_visa') =>
  ask(tenant, create, { payment_method, confirm: true, mandate_data: { customer_acceptance } });

describe('GET /v1/mandates/:id', () => {
  it('tells how it was accepted online', async () => {
    const online = { ip_address: '2001:db8::7', user_agent: 'Mozilla/5.0' };
    const intent = await save({ type: 'online', online, accepted_at: 1_700_000_000 });
    const mandate = await ask(tenant, retrieve, { id: String(intent.mandate) });
    expect(mandate).toMatchObject({
      customer_acceptance: { accepted_at: 1_700_000_000, online, type: 'online' },
      payment_method: intent.payment_method,
      payment_method_details: { type: 'card' },
      status: 'active',
      type: 'multi_use',
    });
    expectContract(mandate);
  });

  it('takes it as accepted now where nothing else is said', async () => {
    const intent = await save({ type: 'offline' });
    const mandate = await ask(tenant, retrieve, { id: String(intent.mandate) });
    expect(mandate.customer_acceptance).toEqual({
      accepted_at: unix(world.now),
      offline: {},
      type: 'offline',
    });
    expectContract(mandate);
  });

  it.each(['ip_address', 'user_agent'])('wants the %s of a server', async (name) => {
    const online = { ip_address: '203.0.113.7', user_agent: 'Mozilla/5.0', [name]: undefined };
    await expect(save({ type: 'online', online })).rejects.toMatchObject({
      status: 400,
      details: {
        code: 'parameter_missing',
        param: `mandate_data[customer_acceptance][online][${name}]`,
      },
    });
  });

  it('holds for no card that was declined', async () => {
    await expect(save({ type: 'offline' }, 'pm_card_visa_chargeDeclined')).rejects.toThrow();
    const rows = await tenant.ctx.transaction((tx) =>
      tx.objects<{ status: string }>('select status from mandates', []),
    );
    expect(rows).toEqual([{ status: 'inactive' }]);
  });

  it('does not know what is not there', async () => {
    await expect(ask(tenant, retrieve, { id: 'mandate_none' })).rejects.toMatchObject({
      status: 404,
      details: { code: 'resource_missing' },
    });
  });
});
