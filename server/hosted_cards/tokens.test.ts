/**
 * A token of the gateway's fields becomes one of this API's, which is good wherever a token is, once.
 * Against the stand-in over HTTP, in both modes.
 */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectContract } from '@/e2e/support/contract';
import { unanswered } from '@/server/conclusions';
import { ctxOf, scopeOf } from '@/server/context';
import { customer_sources, customers } from '@/server/customers';
import { payment_intents } from '@/server/payment_intents';
import { setup_intents } from '@/server/setup_intents';
import { addProcessorAccount } from '@/server/testing/accounts';
import { ask } from '@/server/testing/ask';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { PLAIN_ACCOUNT, startGateway, type TestGateway } from '@/server/testing/gateway';
import { tokens } from '@/server/tokens';
import { hosted_cards, hosted_tokens } from '.';

type Asker = Pick<TestTenant, 'ctx' | 'scope'>;

const AMOUNT = 1_250;
const DAY_S = 24 * 60 * 60;
/** One that the stand-in's issuer approves, and what it has to be sent with. */
const CARD = { cardNumber: '4929421234600821', cardExpiryDate: '12/28', cardCVV: '356' };
const HOLDER = { name: 'Ada Lovelace', address_line1: 'Flat 6', address_zip: 'NN17 8YG' };

let world: TestWorld;
let gateway: TestGateway;
let tenant: TestTenant;
beforeAll(async () => {
  [world, gateway] = await Promise.all([createWorld(), startGateway()]);
});
afterAll(async () => {
  await gateway.stop();
  await world.close();
});
beforeEach(async () => {
  world.now = new Date('2026-03-01T12:00:00Z');
  tenant = await world.project();
});
afterEach(() => gateway.calm());

/** In a mode, with an account of the gateway in it. */
async function connected(livemode: boolean): Promise<Asker> {
  const whose = { projectId: tenant.projectId, livemode };
  const asker: Asker = {
    get ctx() {
      return ctxOf(world.runtime, whose);
    },
    get scope() {
      return scopeOf(world.runtime, whose);
    },
  };
  await addProcessorAccount(asker, {
    merchant_id: PLAIN_ACCOUNT.merchantID,
    secret: PLAIN_ACCOUNT.secret ?? '',
    base_url: gateway.url,
    three_d_secure: false,
  });
  return asker;
}

/** What the gateway's fields give a browser. */
const typed = (): Promise<string> =>
  gateway.token({ merchantID: PLAIN_ACCOUNT.merchantID, ...CARD });

const { create: tokenize } = hosted_tokens.operations;

const handIn = async (asker: Asker) =>
  ask(asker, tokenize, { card: { token: await typed(), ...HOLDER } });

/** The schedule, some time later. */
function later(seconds: number): Promise<number> {
  world.now = new Date(world.now.getTime() + seconds * 1000);
  return unanswered({ ...world.runtime, ctxOf: (asker) => ctxOf(world.runtime, asker) });
}

const sales = async (): Promise<number> => (await gateway.books({ action: 'SALE' })).length;

const PAYMENT = { amount: AMOUNT, currency: 'gbp', confirm: true } as const;

describe.each([
  { mode: 'test', livemode: false },
  { mode: 'live', livemode: true },
])('POST /v1/tokens with card[token], in $mode mode', ({ livemode }) => {
  let asker: Asker;
  beforeEach(async () => {
    asker = await connected(livemode);
  });

  it('answers a token of the card, which its issuer has verified', async () => {
    const token = await handIn(asker);
    expectContract(token);
    expect(token).toMatchObject({
      livemode,
      type: 'card',
      used: false,
      card: {
        id: token.id.replace('tok_', 'card_'),
        brand: 'Visa',
        last4: '0821',
        exp_month: 12,
        exp_year: 2028,
        name: 'Ada Lovelace',
        address_zip: 'NN17 8YG',
        cvc_check: 'pass',
        address_zip_check: 'pass',
      },
    });
    expect(await ask(asker, tokens.operations.retrieve, { id: token.id })).toEqual(token);
  });

  it('is good for a payment method, once', async () => {
    const { id: token } = await handIn(asker);
    const given = { type: 'card', card: { token } } as const;
    const method = await ask(asker, hosted_cards.operations.create, given);
    expect(method).toMatchObject({
      billing_details: { name: 'Ada Lovelace', address: { postal_code: 'NN17 8YG' } },
      card: { last4: '0821', checks: { cvc_check: 'pass' } },
    });
    await expect(ask(asker, hosted_cards.operations.create, given)).rejects.toMatchObject({
      status: 400,
      details: { code: 'token_already_used', param: 'card[token]' },
    });
    const paid = await ask(asker, payment_intents.operations.create, {
      ...PAYMENT,
      payment_method: method.id,
    });
    expect(paid).toMatchObject({ status: 'succeeded', amount_received: AMOUNT });
  });

  it('is good for a payment, as its payment_method_data', async () => {
    const { id: token } = await handIn(asker);
    const before = await sales();
    const paid = await ask(asker, payment_intents.operations.create, {
      ...PAYMENT,
      payment_method_data: { type: 'card', card: { token } },
    });
    expect(paid).toMatchObject({ status: 'succeeded', amount_received: AMOUNT });
    expect(await sales()).toBe(before + 1);
  });

  it('is good for a setup, as its payment_method_data', async () => {
    const { id: token } = await handIn(asker);
    const { id: customer } = await ask(asker, customers.operations.create, {});
    const saved = await ask(asker, setup_intents.operations.create, {
      customer,
      confirm: true,
      payment_method_data: { type: 'card', card: { token } },
    });
    expect(saved.status).toBe('succeeded');
  });

  it('is good for a charge, and for no second one', async () => {
    const { id: source } = await handIn(asker);
    const charge = () =>
      ask(asker, payment_intents.operations.createCharge, {
        amount: AMOUNT,
        currency: 'gbp',
        source,
      });
    expect(await charge()).toMatchObject({
      status: 'succeeded',
      source: { id: source.replace('tok_', 'card_'), last4: '0821' },
    });
    await expect(charge()).rejects.toMatchObject({ details: { code: 'token_already_used' } });
  });

  it("is good for a customer's source, which pays for charges from then on", async () => {
    const { id: source } = await handIn(asker);
    const { id: customer } = await ask(asker, customers.operations.create, {});
    const card = await ask(asker, customer_sources.operations.create, { customer, source });
    expect(card).toMatchObject({ id: source.replace('tok_', 'card_'), last4: '0821' });
    for (let times = 0; times < 2; times += 1) {
      const made = await ask(asker, payment_intents.operations.createCharge, {
        amount: AMOUNT,
        currency: 'gbp',
        customer,
      });
      expect(made).toMatchObject({ status: 'succeeded', payment_method: card.id });
    }
  });

  it('refuses what the gateway does not know, and what it knew', async () => {
    const token = await typed();
    await ask(asker, tokenize, { card: { token } });
    for (const used of [token, 'no_such_token']) {
      await expect(ask(asker, tokenize, { card: { token: used } })).rejects.toMatchObject({
        status: 402,
      });
    }
  });

  it('refuses a token of this API, which is used and not made anew', async () => {
    const { id: token } = await handIn(asker);
    await expect(ask(asker, tokenize, { card: { token } })).rejects.toMatchObject({
      status: 400,
      details: { code: 'resource_missing', param: 'card[token]' },
    });
  });

  describe.each(['drop_before', 'drop_after'] as const)('whose answer is lost by %s', (fault) => {
    const kept = () => world.admin<{ id: string; used: boolean }[]>`
      select id, used from tokens where project_id = ${tenant.projectId}`;
    const verified = async () => (await gateway.books({ action: 'VERIFY' })).length;

    it('has the browser try again, and keeps the card once or not at all', async () => {
      const before = await verified();
      await gateway.faults({ faults: [{ fault, next: 1, actions: ['VERIFY'] }] });
      await expect(handIn(asker)).rejects.toMatchObject({
        status: 402,
        details: { code: 'processing_error' },
      });
      await gateway.calm();
      await later(6);
      // Where it arrived, only the callback knows the card, and none is sent to this test.
      const [found, ...others] = await kept();
      expect(others).toEqual([]);
      expect(found?.used).toBe(fault === 'drop_before' ? false : undefined);
      await later(8 * DAY_S);
      expect(await kept()).toHaveLength(found === undefined ? 0 : 1);
      expect(await verified()).toBe(before + 1);
      expect(await later(8 * DAY_S)).toBe(0);
      if (found === undefined) return;
      // What was found out later is as good as what was told at once.
      const paid = await ask(asker, payment_intents.operations.createCharge, {
        amount: AMOUNT,
        currency: 'gbp',
        source: found.id,
      });
      expect(paid.status).toBe('succeeded');
    });
  });
});

describe('POST /v1/tokens with card[token], where no gateway is connected', () => {
  it('knows no such token', async () => {
    await expect(ask(tenant, tokenize, { card: { token: 'anything' } })).rejects.toMatchObject({
      status: 400,
      details: { code: 'resource_missing', param: 'card[token]' },
    });
  });
});
