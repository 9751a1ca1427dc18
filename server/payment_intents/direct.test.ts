import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectContract } from '@/e2e/support/contract';
import { balance_transactions } from '@/server/balance_transactions';
import { charges } from '@/server/charges';
import { unanswered } from '@/server/conclusions';
import { ctxOf } from '@/server/context';
import { customer_sources, customers } from '@/server/customers';
import type { Fault } from '@/server/processor/simulator/faults';
import { refunds } from '@/server/refunds';
import { announced, ask } from '@/server/testing/ask';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { captureCharge, createCharge } from './direct';
import { cancel, list, retrieve, search } from './operations';

let world: TestWorld;
let tenant: TestTenant;
let fault: Fault | undefined;

beforeAll(async () => {
  world = await createWorld({
    faults: () => {
      const now = fault;
      fault = undefined;
      return now;
    },
  });
});
afterAll(() => world.close());
beforeEach(async () => {
  tenant = await world.project();
});

const charge = (more: object = {}) =>
  ask(tenant, createCharge, { amount: 1_000, currency: 'gbp', source: 'tok_visa', ...more });

const posted = async () => (await ask(tenant, balance_transactions.operations.list, {})).data;

describe('POST /v1/charges', () => {
  it('charges a token, and tells of the charge alone', async () => {
    const made = await charge({ description: 'Tea', metadata: { order: '1' } });
    expectContract(made);
    expect(made).toMatchObject({
      object: 'charge',
      status: 'succeeded',
      paid: true,
      captured: true,
      amount_captured: 1_000,
      description: 'Tea',
      metadata: { order: '1' },
      payment_intent: null,
      source: { object: 'card', brand: 'Visa', last4: '4242' },
    });
    expect(made.payment_method).toMatch(/^card_/);
    expect(made.source).toMatchObject({ id: made.payment_method });
    expect(await announced(tenant)).toEqual(['charge.succeeded']);
    expect((await posted()).map(({ net, source }) => [net, source])).toEqual([[1_000, made.id]]);
    expect(await ask(tenant, charges.operations.retrieve, { id: made.id })).toEqual(made);
  });

  it('shows its intent to nobody', async () => {
    const { id } = await charge();
    await expect(ask(tenant, retrieve, { id })).rejects.toMatchObject({ status: 404 });
    await expect(ask(tenant, cancel, { id })).rejects.toMatchObject({ status: 404 });
    expect((await ask(tenant, list, {})).data).toEqual([]);
    expect((await ask(tenant, search, { query: 'amount>0' })).data).toEqual([]);
  });

  it('charges the default source of a customer, another of its cards, or its payment method', async () => {
    const customer = await ask(tenant, customers.operations.create, { source: 'tok_visa' });
    const byDefault = await charge({ source: undefined, customer: customer.id });
    expect(byDefault).toMatchObject({
      customer: customer.id,
      source: { id: customer.default_source, customer: customer.id },
    });
    const other = await ask(tenant, customer_sources.operations.create, {
      customer: customer.id,
      source: 'tok_mastercard',
    });
    const byName = await charge({ source: other.id, customer: customer.id });
    expect(byName.payment_method).toBe(other.id);
  });

  it.each([
    ['neither a source nor a customer', {}, { code: 'parameter_missing', param: 'source' }],
    ['a token that is none', { source: 'tok_none' }, { code: 'resource_missing' }],
    ['a customer without a card', { customer: 'bare' }, { code: 'missing', param: 'card' }],
    ["another customer's card", { source: 'saved' }, { param: 'source' }],
    ["another customer's card", { source: 'saved', customer: 'bare' }, { param: 'source' }],
    [
      'a token for a customer',
      { source: 'tok_visa', customer: 'bare' },
      { code: 'resource_missing' },
    ],
    ['too little', { source: 'tok_visa', amount: 1 }, { code: 'amount_too_small' }],
  ])('refuses %s', async (_what, given, details) => {
    const owner = await ask(tenant, customers.operations.create, { source: 'tok_visa' });
    const bare = await ask(tenant, customers.operations.create, {});
    const ids: Record<string, string> = { bare: bare.id, saved: String(owner.default_source) };
    const real = Object.fromEntries(
      Object.entries(given).map(([name, value]) => [name, ids[String(value)] ?? value]),
    );
    await expect(charge({ source: undefined, ...real })).rejects.toMatchObject({ details });
    expect(await posted()).toEqual([]);
  });

  it('tells a decline as an error that names the charge, and no intent', async () => {
    const declined = charge({ source: 'tok_chargeDeclinedInsufficientFunds' });
    await expect(declined).rejects.toMatchObject({
      status: 402,
      details: { code: 'card_declined', decline_code: 'insufficient_funds' },
    });
    const { details } = (await declined.catch((error: unknown) => error)) as {
      details: { charge: string; payment_intent?: unknown };
    };
    expect(details.payment_intent).toBeUndefined();
    expect(await ask(tenant, charges.operations.retrieve, { id: details.charge })).toMatchObject({
      status: 'failed',
      failure_code: 'card_declined',
      outcome: { reason: 'insufficient_funds' },
    });
    expect(await announced(tenant)).toEqual(['charge.failed']);
    expect(await posted()).toEqual([]);
  });

  it('declines what its bank wants authenticated: there is nobody to ask', async () => {
    await expect(charge({ source: 'tok_threeDSecure2Required' })).rejects.toMatchObject({
      status: 402,
      details: { code: 'authentication_required' },
    });
  });

  it.each(['before', 'after'] as const)(
    'is pending while the answer is lost, %s the bank acted, and charged once in the end',
    async (lose) => {
      fault = { lose };
      const made = await charge();
      expect(made).toMatchObject({ status: 'pending', paid: false, captured: false });
      expectContract(made);
      world.now = new Date(world.now.getTime() + 6_000);
      await unanswered({ ...world.runtime, ctxOf: (asker) => ctxOf(world.runtime, asker) });
      expect(await ask(tenant, charges.operations.retrieve, { id: made.id })).toMatchObject({
        status: 'succeeded',
        amount_captured: 1_000,
      });
      expect(await posted()).toHaveLength(1);
    },
  );
});

describe('POST /v1/charges/:id/capture', () => {
  const held = () => charge({ capture: false });

  it('takes all, or a part and releases the rest', async () => {
    const whole = await held();
    expect(whole).toMatchObject({ captured: false, amount_captured: 0 });
    expect(await posted()).toEqual([]);
    const taken = await ask(tenant, captureCharge, { id: whole.id });
    expectContract(taken);
    expect(taken).toMatchObject({ captured: true, amount_captured: 1_000, payment_intent: null });
    const { id } = await held();
    const part = await ask(tenant, captureCharge, { id, amount: 400, receipt_email: 'a@b.test' });
    expect(part).toMatchObject({
      amount_captured: 400,
      amount_refunded: 600,
      receipt_email: 'a@b.test',
    });
    expect(await announced(tenant)).toEqual([
      'charge.succeeded',
      'charge.captured',
      'charge.succeeded',
      'charge.captured',
    ]);
    expect((await posted()).map(({ net }) => net)).toEqual([400, 1_000]);
  });

  it('takes it once, however many ask at the same time', async () => {
    const { id } = await held();
    const tries = await Promise.allSettled(
      Array.from({ length: 8 }, () => ask(tenant, captureCharge, { id })),
    );
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await posted()).toHaveLength(1);
  });

  it('refuses too much, a second time, and the charge of an intent', async () => {
    const { id } = await held();
    await expect(ask(tenant, captureCharge, { id, amount: 1_001 })).rejects.toMatchObject({
      details: { code: 'amount_too_large' },
    });
    await ask(tenant, captureCharge, { id });
    await expect(ask(tenant, captureCharge, { id })).rejects.toMatchObject({
      details: { code: 'charge_already_captured' },
    });
    await expect(ask(tenant, captureCharge, { id: 'ch_none' })).rejects.toMatchObject({
      status: 404,
    });
  });

  it('is refunded as any other, and the refund names no intent', async () => {
    const { id } = await charge();
    const refund = await ask(tenant, refunds.operations.create, { charge: id, amount: 300 });
    expect(refund).toMatchObject({ status: 'succeeded', payment_intent: null, charge: id });
    expect((await posted()).map(({ net }) => net)).toEqual([-300, 1_000]);
  });
});
