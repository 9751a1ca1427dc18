import type Stripe from 'stripe';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { claimDue } from '@/db/due';
import { expectContract } from '@/e2e/support/contract';
import { settle, unanswered } from '@/server/conclusions';
import { ctxOf } from '@/server/context';
import { customers, requireCustomer } from '@/server/customers';
import { invoice_payments } from '@/server/invoice_payments';
import type { ApiError } from '@/server/kernel/errors';
import { unix } from '@/server/kernel/object';
import { payment_intents } from '@/server/payment_intents';
import { hosted_cards } from '@/server/hosted_cards';
import type { Fault } from '@/server/processor/simulator/faults';
import { test_clocks } from '@/server/test_clocks';
import { createApi } from '@/server/testing/api';
import { announced, ask } from '@/server/testing/ask';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { advanceClocks } from '@/server/timed';
import { draft, type NewInvoice } from './compose';
import { dueInvoices } from './due';
import { attachPayment, pay } from './pay';
import { lockInvoice } from './payment';
import { toInvoice } from './show';
import { voidInvoice } from './close';
import * as store from './store';

const DAY = 24 * 60 * 60;

let world: TestWorld;
let tenant: TestTenant;
/** What goes wrong at the bank with the next request, and then nothing more. */
let next: Fault | undefined;

beforeAll(async () => {
  world = await createWorld({
    faults: () => {
      const fault = next;
      next = undefined;
      return fault;
    },
  });
});
afterAll(() => world.close());
beforeEach(async () => {
  world.now = new Date('2026-03-01T12:00:00Z');
  tenant = await world.project();
});

const later = (days: number): void => {
  world.now = new Date(world.now.getTime() + days * DAY * 1000);
};

/** A customer with a saved card that is its default. */
async function makeCustomer(card: string | null = 'pm_card_visa'): Promise<string> {
  const { id } = await ask(tenant, customers.operations.create, {});
  if (card !== null) await giveCard(id, card);
  return id;
}

/** Saves the card, and makes it the default. Answers its id. */
async function giveCard(customer: string, card: string): Promise<string> {
  const { attachPaymentMethod, update } = customers.operations;
  const { id } = await ask(tenant, attachPaymentMethod, { id: card, customer });
  await ask(tenant, update, { id: customer, invoice_settings: { default_payment_method: id } });
  return id;
}

const TERMS = {
  account_tax_ids: null,
  auto_advance: true,
  automatically_finalizes_at: null,
  billing_reason: 'manual',
  collection_method: 'charge_automatically',
  currency: 'gbp',
  custom_fields: null,
  cycle: null,
  days_until_due: null,
  default_payment_method: null,
  default_source: null,
  description: null,
  footer: null,
  rendering: null,
  statement_descriptor: null,
  subscription: null,
  items: [],
  discounts: [],
  default_tax_rates: [],
  metadata: {},
} satisfies Partial<NewInvoice>;

/** A draft of £20.00 that is due to be finalized now. */
async function makeDraft(customer: string, terms: Partial<NewInvoice> = {}): Promise<string> {
  const now = unix(world.now);
  return tenant.ctx.transaction(async (tx) => {
    const row = await draft(tx, {
      ...TERMS,
      automatically_finalizes_at: now,
      period_start: now,
      period_end: now,
      customer: await requireCustomer(tx, customer),
      lines: [
        {
          amount: 2000,
          description: 'A thing',
          discountable: true,
          discounts: [],
          invoice_item: null,
          metadata: {},
          period_start: now,
          period_end: now,
          price: null,
          product: null,
          proration: false,
          quantity: 1,
          subscription: null,
          subscription_item: null,
          tax_rates: null,
          unit_amount_decimal: '2000',
        },
      ],
      ...terms,
    });
    return row.id;
  });
}

/** What the worker does with the invoice; false where nothing was asked of the processor. */
async function work(id: string): Promise<boolean> {
  const { ctx } = tenant;
  const awaiting = await ctx.transaction(async (tx) => {
    const [claimed] = await claimDue(tx, 'invoices', [id], unix(tx.now));
    return claimed === undefined ? null : dueInvoices.run(tx, claimed);
  });
  if (awaiting === null) return false;
  await settle(ctx, awaiting.attempt, async () => undefined);
  return true;
}

async function find(id: string): Promise<store.InvoiceRow> {
  const row = await store.find(tenant.scope, id);
  if (row === null) throw new Error(`${id} does not exist.`);
  return row;
}

const intentOf = async (id: string): Promise<Stripe.PaymentIntent> =>
  ask(tenant, payment_intents.operations.retrieve, {
    id: (await find(id)).payment_intent ?? '',
  });

const paymentsOf = async (id: string): Promise<readonly Stripe.InvoicePayment[]> =>
  (await ask(tenant, invoice_payments.operations.list, { invoice: id })).data;

/** The events since the last time this was asked. */
let seen = 0;
beforeEach(() => {
  seen = 0;
});
async function news(): Promise<string[]> {
  const all = await announced(tenant);
  const fresh = all.slice(seen);
  seen = all.length;
  return fresh;
}

describe('a draft whose hour is over', () => {
  it('is finalized and paid by the default card, and says so in order', async () => {
    const id = await makeDraft(await makeCustomer());
    await news();
    expect(await work(id)).toBe(true);

    expect(await find(id)).toMatchObject({
      status: 'paid',
      amount_due: 2000,
      amount_paid: 2000,
      amount_remaining: 0,
      attempted: true,
      attempt_count: 1,
      due_at: null,
      next_payment_attempt: null,
    });
    expect(await news()).toEqual([
      'customer.updated',
      'invoice.finalized',
      'invoice.updated',
      'payment_intent.created',
      'charge.succeeded',
      'payment_intent.succeeded',
      'invoice_payment.paid',
      'invoice.paid',
      'invoice.payment_succeeded',
      'invoice.updated',
    ]);
    expectContract(await tenant.ctx.transaction(async (tx) => toInvoice(tx, await find(id))));
  });

  it('is paid by one intent, which refers to it, and by one payment', async () => {
    const id = await makeDraft(await makeCustomer());
    await work(id);
    const intent = await intentOf(id);
    expectContract(intent);
    expect(intent).toMatchObject({
      amount: 2000,
      description: 'Payment for Invoice',
      metadata: {},
      payment_details: { customer_reference: null, order_reference: id },
      setup_future_usage: null,
      status: 'succeeded',
    });
    const [payment, ...others] = await paymentsOf(id);
    expectContract(payment!);
    expect(others).toEqual([]);
    expect(payment).toMatchObject({
      amount_paid: 2000,
      amount_requested: 2000,
      is_default: true,
      payment: { payment_intent: intent.id, type: 'payment_intent' },
      status: 'paid',
    });
  });

  it('is left alone before its time, and done once by two workers', async () => {
    const id = await makeDraft(await makeCustomer(), {
      automatically_finalizes_at: unix(world.now) + 3600,
    });
    expect(await work(id)).toBe(false);
    expect((await find(id)).status).toBe('draft');

    later(1);
    expect((await Promise.all([work(id), work(id), work(id)])).filter(Boolean)).toHaveLength(1);
    expect((await find(id)).amount_paid).toBe(2000);
  });

  it('is sent where the customer pays by itself, and its due date is announced', async () => {
    const id = await makeDraft(await makeCustomer(null), {
      collection_method: 'send_invoice',
      days_until_due: 30,
    });
    await news();
    expect(await work(id)).toBe(false);
    expect(await news()).toEqual([
      'customer.updated',
      'invoice.finalized',
      'invoice.updated',
      'payment_intent.created',
      'invoice.sent',
    ]);

    later(22);
    await work(id);
    expect(await news()).toEqual([]);
    later(1);
    await work(id);
    expect(await news()).toEqual(['invoice.will_be_due']);
    later(7);
    await work(id);
    await work(id);
    expect(await news()).toEqual(['invoice.overdue', 'customer.updated']);
    expect(await find(id)).toMatchObject({ status: 'open', due_at: null });
  });
});

describe('a card that is declined', () => {
  const DECLINED = 'pm_card_chargeCustomerFail';

  it('is tried again over two weeks, and then no more', async () => {
    const customer = await makeCustomer(DECLINED);
    const id = await makeDraft(customer);
    const days: (number | null)[] = [];
    for (let attempt = 1; attempt <= 5; attempt++) {
      const start = unix(world.now);
      expect(await work(id)).toBe(true);
      const invoice = await find(id);
      expect(invoice).toMatchObject({ status: 'open', attempted: true, attempt_count: attempt });
      const { next_payment_attempt: again } = invoice;
      expect(invoice.due_at).toBe(again);
      days.push(again === null ? null : (again - start) / DAY);
      later(again === null ? 30 : (again - start) / DAY);
      expect(await find(id)).toEqual(invoice);
    }
    expect(days).toEqual([3, 3, 4, 4, null]);
    expect(await work(id)).toBe(false);
    expect(await paymentsOf(id)).toHaveLength(1);
    expect(
      (await ask(tenant, customers.operations.retrieve, { id: customer })) as Stripe.Customer,
    ).toMatchObject({ delinquent: true });
  });

  it('announces the failure before the change', async () => {
    const id = await makeDraft(await makeCustomer(DECLINED));
    await news();
    await work(id);
    expect(await news()).toEqual([
      'customer.updated',
      'invoice.finalized',
      'invoice.updated',
      'payment_intent.created',
      'charge.failed',
      'payment_intent.payment_failed',
      'invoice.payment_failed',
      'invoice.updated',
      'customer.updated',
    ]);
  });

  it('gives way to a new default at once, and the customer is no longer delinquent', async () => {
    const customer = await makeCustomer(DECLINED);
    const id = await makeDraft(customer);
    await work(id);
    later(1);
    expect(await work(id)).toBe(false);

    await giveCard(customer, 'pm_card_visa');
    expect(await work(id)).toBe(true);
    expect(await find(id)).toMatchObject({ status: 'paid', attempt_count: 1 });
    expect(await ask(tenant, customers.operations.retrieve, { id: customer })).toMatchObject({
      delinquent: false,
    });
  });

  it('is not asked again after a hard decline, though the tries are counted', async () => {
    // The card can be saved because the bank is not asked; then it turns out to be stolen.
    const customer = await makeCustomer(null);
    const stolen = await ask(tenant, hosted_cards.operations.create, {
      type: 'card',
      card: { token: 'tok_visa' },
    });
    await giveCard(customer, stolen.id);
    await world.admin`update payment_methods set processor_token = 'sim_visa_chargeDeclinedStolenCard' where id = ${stolen.id}`;
    const id = await makeDraft(customer);
    expect(await work(id)).toBe(true);

    later(3);
    await news();
    expect(await work(id)).toBe(false);
    expect(await find(id)).toMatchObject({ attempt_count: 2, status: 'open' });
    expect(await news()).toEqual(['invoice.payment_failed', 'invoice.updated']);

    later(3);
    await giveCard(customer, 'pm_card_visa');
    expect(await work(id)).toBe(true);
    expect(await find(id)).toMatchObject({ attempt_count: 3, status: 'paid' });
  });

  it('fails without a card too, and the intent waits for one', async () => {
    const id = await makeDraft(await makeCustomer(null));
    expect(await work(id)).toBe(false);
    expect(await find(id)).toMatchObject({
      status: 'open',
      attempt_count: 1,
      next_payment_attempt: unix(world.now) + 3 * DAY,
    });
    expect(await intentOf(id)).toMatchObject({ status: 'requires_payment_method' });
    expect(await news()).toContain('invoice.payment_failed');
  });
});

describe('a card whose holder must prove who they are', () => {
  const ALWAYS = 'pm_card_authenticationRequired';

  it('is put before the customer as a challenge, whose answer pays the invoice', async () => {
    const id = await makeDraft(await makeCustomer(ALWAYS));
    await work(id);
    expect(await find(id)).toMatchObject({ status: 'open', due_at: unix(world.now) });
    await news();

    expect(await work(id)).toBe(true);
    expect(await news()).toEqual([
      'payment_intent.requires_action',
      'invoice.payment_action_required',
      'invoice.updated',
    ]);
    const intent = await intentOf(id);
    expect(intent.next_action?.redirect_to_url?.url).toContain('http');
    expect(await find(id)).toMatchObject({
      attempt_count: 1,
      due_at: unix(world.now) + 3 * DAY,
      next_payment_attempt: unix(world.now) + 3 * DAY,
    });
    expect(await work(id)).toBe(false);
  });

  it('says what is to be done when the customer is there and pays by hand', async () => {
    const id = await makeDraft(await makeCustomer(ALWAYS), { auto_advance: false });
    await expect(ask(tenant, pay, { id, off_session: false })).rejects.toMatchObject({
      status: 402,
      details: {
        code: 'invoice_payment_intent_requires_action',
        payment_intent: { status: 'requires_action' },
      },
    });
    expect(await news()).toEqual(
      expect.arrayContaining(['invoice.payment_action_required', 'invoice.payment_failed']),
    );
    expect((await find(id)).next_payment_attempt).toBeNull();
  });
});

describe('POST /v1/invoices/:id/pay', () => {
  const makeOpen = async (customer: string, terms: Partial<NewInvoice> = {}): Promise<string> =>
    makeDraft(customer, { auto_advance: false, automatically_finalizes_at: null, ...terms });

  it('finalizes a draft and answers the paid invoice', async () => {
    const id = await makeOpen(await makeCustomer());
    const invoice = await ask(tenant, pay, { id });
    expectContract(invoice);
    expect(invoice).toMatchObject({ object: 'invoice', id, status: 'paid', amount_paid: 2000 });
  });

  it('charges the method that is named, if it is the customer’s', async () => {
    const customer = await makeCustomer('pm_card_chargeCustomerFail');
    const id = await makeOpen(customer);
    const { attachPaymentMethod } = customers.operations;
    const other = await ask(tenant, attachPaymentMethod, { id: 'pm_card_mastercard', customer });
    const invoice = await ask(tenant, pay, { id, payment_method: other.id });
    expect(invoice.status).toBe('paid');
    expect((await intentOf(id)).payment_method).toBe(other.id);

    const second = await makeOpen(customer);
    await expect(
      ask(tenant, pay, { id: second, payment_method: 'pm_card_visa' }),
    ).rejects.toMatchObject({ status: 400, details: { param: 'payment_method' } });
  });

  it('answers the card error, and keeps the invoice open and the schedule as it was', async () => {
    const id = await makeDraft(await makeCustomer('pm_card_chargeCustomerFail'));
    await work(id);
    const before = await find(id);
    await expect(ask(tenant, pay, { id })).rejects.toMatchObject({
      status: 402,
      details: { code: 'card_declined' },
    });
    const { attempt_count, next_payment_attempt, due_at } = before;
    expect(await find(id)).toMatchObject({ attempt_count, next_payment_attempt, due_at });
  });

  it('takes the word of the merchant that it was paid elsewhere', async () => {
    const id = await makeOpen(await makeCustomer());
    const invoice = await ask(tenant, pay, { id, paid_out_of_band: true });
    expect(invoice).toMatchObject({
      status: 'paid',
      amount_paid: 2000,
      amount_paid_off_stripe: 2000,
      amount_remaining: 0,
    });
    expect(await intentOf(id)).toMatchObject({ status: 'canceled', amount_received: 0 });
    expect((await paymentsOf(id)).map(({ status }) => status)).toEqual(['canceled']);
    const events = await news();
    expect(events).toContain('invoice.paid');
    expect(events).not.toContain('invoice.payment_succeeded');
  });

  it('charges once, however many ask at the same moment', async () => {
    const id = await makeOpen(await makeCustomer());
    const results = await Promise.allSettled([1, 2, 3].map(() => ask(tenant, pay, { id })));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    // Told that it is paid, that it is being paid, or to ask again.
    const told = results.flatMap((result) =>
      result.status === 'rejected' ? [(result.reason as ApiError).status] : [],
    );
    expect(told.every((status) => status === 400 || status === 429)).toBe(true);
    expect(await find(id)).toMatchObject({ status: 'paid', amount_paid: 2000 });
    const { events } = await chargesOf();
    expect(events).toBe(1);
  });

  it('is made once also when the schedule tries at the same moment', async () => {
    const id = await makeDraft(await makeCustomer());
    await Promise.allSettled([work(id), ask(tenant, pay, { id }), work(id)]);
    expect(await find(id)).toMatchObject({ status: 'paid', amount_paid: 2000, amount_overpaid: 0 });
    expect((await chargesOf()).events).toBe(1);
  });

  it('waits for an answer that was lost, and is paid by it once', async () => {
    const id = await makeDraft(await makeCustomer());
    next = { lose: 'after' };
    await work(id);
    expect(await find(id)).toMatchObject({ status: 'open', due_at: null });
    await expect(ask(tenant, pay, { id })).rejects.toMatchObject({
      details: { code: 'payment_intent_unexpected_state' },
    });
    await expect(
      tenant.ctx.transaction(async (tx) => voidInvoice(tx, await lockInvoice(tx, id))),
    ).rejects.toMatchObject({ details: { code: 'payment_intent_unexpected_state' } });

    world.now = new Date(world.now.getTime() + 6_000);
    await unanswered({
      ...world.runtime,
      ctxOf: (asker) => ctxOf(world.runtime, asker),
    });
    expect(await find(id)).toMatchObject({ status: 'paid', amount_paid: 2000 });
    expect((await chargesOf()).events).toBe(1);
  });

  it.each([
    ['a customer without a card', { card: null }, {}, 'resource_missing'],
    [
      'a card beside what was paid elsewhere',
      { card: 'pm_card_visa' },
      { paid_out_of_band: true, payment_method: 'pm_card_visa' },
      'parameters_exclusive',
    ],
  ])('refuses %s', async (_, { card }, input, code) => {
    const id = await makeOpen(await makeCustomer(card));
    await expect(ask(tenant, pay, { id, ...input })).rejects.toMatchObject({
      status: 400,
      details: { code },
    });
    expect((await find(id)).status).toBe('draft');
  });

  it('refuses what is paid or void, and what is not there', async () => {
    const id = await makeOpen(await makeCustomer());
    await ask(tenant, pay, { id });
    await expect(ask(tenant, pay, { id })).rejects.toMatchObject({ status: 400 });
    await expect(ask(tenant, pay, { id: 'inv_none' })).rejects.toMatchObject({
      status: 404,
      details: { code: 'resource_missing' },
    });
    const stranger = await world.project();
    await expect(ask(stranger, pay, { id })).rejects.toMatchObject({ status: 404 });
  });

  const chargesOf = async (): Promise<{ events: number }> => ({
    events: (await announced(tenant)).filter((type) => type === 'charge.succeeded').length,
  });
});

describe('the intent of an invoice', () => {
  it('is confirmed by the payer, and pays the invoice', async () => {
    const id = await makeDraft(await makeCustomer(null), { billing_reason: 'subscription_create' });
    await work(id);
    const intent = await intentOf(id);
    expect(intent).toMatchObject({
      description: 'Subscription creation',
      setup_future_usage: 'off_session',
    });
    await ask(tenant, payment_intents.operations.confirm, {
      id: intent.id,
      payment_method: 'pm_card_visa',
    });
    expect(await find(id)).toMatchObject({ status: 'paid', attempt_count: 1 });
  });

  it('cannot be changed or canceled without the invoice, and goes with it when it is void', async () => {
    const id = await makeDraft(await makeCustomer(null));
    await work(id);
    const { id: intent } = await intentOf(id);
    const { cancel, update } = payment_intents.operations;
    await expect(ask(tenant, update, { id: intent, amount: 1 })).rejects.toMatchObject({
      status: 400,
    });
    await expect(ask(tenant, cancel, { id: intent })).rejects.toMatchObject({ status: 400 });

    await tenant.ctx.transaction(async (tx) => voidInvoice(tx, await lockInvoice(tx, id)));
    expect(await intentOf(id)).toMatchObject({
      status: 'canceled',
      cancellation_reason: 'void_invoice',
    });
    expect((await paymentsOf(id)).map(({ status }) => status)).toEqual(['canceled']);
  });
});

describe('POST /v1/invoices/:id/attach_payment', () => {
  async function makeIntent(customer: string, amount: number): Promise<Stripe.PaymentIntent> {
    return ask(tenant, payment_intents.operations.create, {
      amount,
      currency: 'gbp',
      customer,
      payment_method: 'pm_card_visa',
      confirm: true,
      off_session: true,
    });
  }

  const makeOpen = async (customer: string): Promise<string> => {
    const id = await makeDraft(customer);
    await work(id);
    return id;
  };

  it('credits what was paid before, and asks for the rest', async () => {
    const customer = await makeCustomer(null);
    const id = await makeOpen(customer);
    const part = await makeIntent(customer, 500);
    const invoice = await ask(tenant, attachPayment, { id, payment_intent: part.id });
    expect(invoice).toMatchObject({ status: 'open', amount_paid: 500, amount_remaining: 1500 });
    expect((await intentOf(id)).amount).toBe(1500);
    const payments = await paymentsOf(id);
    expect(payments.map(({ is_default, status }) => [is_default, status])).toEqual([
      [false, 'paid'],
      [true, 'open'],
    ]);

    const rest = await makeIntent(customer, 1500);
    const paid = await ask(tenant, attachPayment, { id, payment_intent: rest.id });
    expect(paid).toMatchObject({ status: 'paid', amount_paid: 2000, amount_remaining: 0 });
    expect((await intentOf(id)).status).toBe('canceled');
  });

  it('gives what is too much to the customer', async () => {
    const customer = await makeCustomer(null);
    const id = await makeOpen(customer);
    const much = await makeIntent(customer, 2300);
    const invoice = await ask(tenant, attachPayment, { id, payment_intent: much.id });
    expect(invoice).toMatchObject({
      status: 'paid',
      amount_paid: 2000,
      amount_overpaid: 300,
      amount_remaining: 0,
    });
    expect(await ask(tenant, customers.operations.retrieve, { id: customer })).toMatchObject({
      balance: -300,
    });
    expect(await news()).toContain('invoice.overpaid');
  });

  it('credits what is paid later, when it is', async () => {
    const customer = await makeCustomer(null);
    const id = await makeOpen(customer);
    const { create, confirm } = payment_intents.operations;
    const intent = await ask(tenant, create, { amount: 2000, currency: 'gbp', customer });
    await ask(tenant, attachPayment, { id, payment_intent: intent.id });
    expect((await find(id)).status).toBe('open');
    await ask(tenant, confirm, { id: intent.id, payment_method: 'pm_card_visa' });
    expect(await find(id)).toMatchObject({ status: 'paid', amount_paid: 2000 });
  });

  it('lets go of an intent that its owner cancels', async () => {
    const customer = await makeCustomer(null);
    const id = await makeOpen(customer);
    const { create, cancel } = payment_intents.operations;
    const intent = await ask(tenant, create, { amount: 2000, currency: 'gbp', customer });
    await ask(tenant, attachPayment, { id, payment_intent: intent.id });
    await ask(tenant, cancel, { id: intent.id });
    expect((await paymentsOf(id)).map(({ status }) => status)).toEqual(['canceled', 'open']);
    expect((await find(id)).status).toBe('open');
  });

  it('refuses an intent twice, of another customer, in another currency, and on a draft', async () => {
    const customer = await makeCustomer(null);
    const id = await makeOpen(customer);
    const refused = { status: 400 };
    const part = await makeIntent(customer, 500);
    await ask(tenant, attachPayment, { id, payment_intent: part.id });
    await expect(ask(tenant, attachPayment, { id, payment_intent: part.id })).rejects.toMatchObject(
      refused,
    );
    const stranger = await makeIntent(await makeCustomer(null), 500);
    await expect(
      ask(tenant, attachPayment, { id, payment_intent: stranger.id }),
    ).rejects.toMatchObject(refused);
    const dollars = await ask(tenant, payment_intents.operations.create, {
      amount: 500,
      currency: 'usd',
      customer,
    });
    await expect(
      ask(tenant, attachPayment, { id, payment_intent: dollars.id }),
    ).rejects.toMatchObject(refused);
    await expect(
      ask(tenant, attachPayment, { id, payment_intent: 'pi_none' }),
    ).rejects.toMatchObject({
      details: { code: 'resource_missing', param: 'payment_intent' },
    });
    const other = await makeDraft(customer, { auto_advance: false });
    const spare = await makeIntent(customer, 500);
    await expect(
      ask(tenant, attachPayment, { id: other, payment_intent: spare.id }),
    ).rejects.toMatchObject({ details: { code: 'status_transition_invalid' } });
  });
});

it('leaves a paid invoice alone when its customer gets a new card', async () => {
  const customer = await makeCustomer();
  const id = await makeDraft(customer);
  await work(id);
  await giveCard(customer, 'pm_card_mastercard');
  expect((await find(id)).due_at).toBeNull();
});

describe('the method that is charged', () => {
  it('is that of the invoice before that of the customer, and never one that was detached', async () => {
    const customer = await makeCustomer('pm_card_visa');
    const { attachPaymentMethod, detachPaymentMethod } = customers.operations;
    const own = await ask(tenant, attachPaymentMethod, { id: 'pm_card_mastercard', customer });
    const first = await makeDraft(customer, { default_payment_method: own.id });
    await work(first);
    expect((await intentOf(first)).payment_method).toBe(own.id);

    const second = await makeDraft(customer, { default_payment_method: own.id });
    await ask(tenant, detachPaymentMethod, { id: own.id });
    await work(second);
    expect(await find(second)).toMatchObject({ status: 'paid' });
    expect((await intentOf(second)).payment_method).not.toBe(own.id);
  });

  it('is the default source of the customer where there is nothing else', async () => {
    const created = await ask(tenant, customers.operations.create, { source: 'tok_visa' });
    const { id: customer, default_source } = created;
    const id = await makeDraft(customer);
    await work(id);
    expect((await intentOf(id)).payment_method).toBe(default_source);
  });
});

describe('on a test clock', () => {
  const { advance, create } = test_clocks.operations;

  /** What a worker does until nothing more is due there. */
  const arrive = (): Promise<number> =>
    advanceClocks([dueInvoices])({
      ...world.runtime,
      ctxOf: (asker) => ctxOf(world.runtime, asker),
    });

  it('everything happens at the time of the clock, in order', async () => {
    const start = unix(new Date('2030-01-31T00:00:00Z'));
    const clock = await ask(tenant, create, { frozen_time: start });
    const { id: customer } = await ask(tenant, customers.operations.create, {
      test_clock: clock.id,
    });
    await giveCard(customer, 'pm_card_chargeCustomerFail');
    const id = await makeDraft(customer, { automatically_finalizes_at: start + 3600 });

    await ask(tenant, advance, { id: clock.id, frozen_time: start + 4 * DAY });
    await arrive();
    expect(await find(id)).toMatchObject({
      status: 'open',
      attempt_count: 2,
      next_payment_attempt: start + 3600 + 6 * DAY,
      status_transitions: { finalized_at: start + 3600 },
    });

    await giveCard(customer, 'pm_card_visa');
    await ask(tenant, advance, { id: clock.id, frozen_time: start + 5 * DAY });
    await arrive();
    expect(await find(id)).toMatchObject({
      status: 'paid',
      attempt_count: 2,
      status_transitions: { paid_at: start + 4 * DAY },
    });
  });

  it('asks after a lost answer by the time of the world', async () => {
    const start = unix(new Date('2030-01-31T00:00:00Z'));
    const clock = await ask(tenant, create, { frozen_time: start });
    const { id: customer } = await ask(tenant, customers.operations.create, {
      test_clock: clock.id,
    });
    await giveCard(customer, 'pm_card_visa');
    const id = await makeDraft(customer, { automatically_finalizes_at: start + 3600 });
    next = { lose: 'after' };
    await ask(tenant, advance, { id: clock.id, frozen_time: start + DAY });
    await arrive();
    expect((await find(id)).status).toBe('open');

    world.now = new Date(world.now.getTime() + 6_000);
    await unanswered({ ...world.runtime, ctxOf: (asker) => ctxOf(world.runtime, asker) });
    expect(await find(id)).toMatchObject({ status: 'paid' });
  });
});

describe('what is shown of an invoice where it is asked for', () => {
  it('is its payments, and the secret by which its payer confirms', async () => {
    const api = createApi(world);
    const id = await makeDraft(await makeCustomer(null));
    await work(id);
    const { body } = await api({
      key: tenant.secretKey,
      path: `/v1/invoices/${id}?expand[]=payments.data.payment.payment_intent&expand[]=confirmation_secret`,
    });
    const intent = await intentOf(id);
    expect(body).toMatchObject({
      confirmation_secret: { client_secret: intent.client_secret, type: 'payment_intent' },
      payments: { data: [{ is_default: true, payment: { payment_intent: { id: intent.id } } }] },
    });
    const plain = await api({ key: tenant.secretKey, path: `/v1/invoices/${id}` });
    expect(plain.body).not.toHaveProperty('payments');
  });

  it('is paid over the wire once a key, and the answer is the invoice', async () => {
    const api = createApi(world);
    const id = await makeDraft(await makeCustomer(), { auto_advance: false });
    const call = {
      key: tenant.secretKey,
      method: 'POST',
      path: `/v1/invoices/${id}/pay`,
      body: '',
      headers: { 'idempotency-key': 'once' },
    };
    const first = await api(call);
    expect(first.body).toMatchObject({ object: 'invoice', id, status: 'paid' });
    const second = await api(call);
    expect([second.status, second.text]).toEqual([first.status, first.text]);
  });

  it('refuses a source by its name', async () => {
    const api = createApi(world);
    const id = await makeDraft(await makeCustomer());
    const { status, body } = await api({
      key: tenant.secretKey,
      method: 'POST',
      path: `/v1/invoices/${id}/pay`,
      body: 'source=src_1',
    });
    expect([status, body.error.param]).toEqual([400, 'source']);
  });
});
