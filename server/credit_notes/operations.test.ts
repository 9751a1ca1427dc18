import type Stripe from 'stripe';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { z } from 'zod';
import { contradictions } from '@/db/books';
import { expectContract } from '@/e2e/support/contract';
import { customers } from '@/server/customers';
import { invoice_items, invoices } from '@/server/invoices';
import { payment_intents } from '@/server/payment_intents';
import { refunds } from '@/server/refunds';
import { tax_rates } from '@/server/tax_rates';
import { announced, ask } from '@/server/testing/ask';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { pass } from '@/server/testing/due';
import { credit_notes } from './index';
import type { CreateCreditNote } from './params';

let world: TestWorld;
let tenant: TestTenant;
let customer: string;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  tenant = await world.project();
  const { create, attachPaymentMethod, update } = customers.operations;
  customer = (await ask(tenant, create, {})).id;
  const card = await ask(tenant, attachPaymentMethod, { id: 'pm_card_visa', customer });
  const invoice_settings = { default_payment_method: card.id };
  await ask(tenant, update, { id: customer, invoice_settings });
});

const ops = credit_notes.operations;

/** Three things at £10.00 and 20 % tax on top: £36.00. Open. */
async function makeOpen(): Promise<Stripe.Invoice> {
  const rate = await ask(tenant, tax_rates.operations.create, {
    display_name: 'VAT',
    inclusive: false,
    percentage: 20,
  });
  const { id } = await ask(tenant, invoices.operations.create, { customer, auto_advance: false });
  await ask(tenant, invoice_items.operations.create, {
    customer,
    invoice: id,
    currency: 'gbp',
    unit_amount_decimal: '1000',
    quantity: 3,
    tax_rates: [rate.id],
  });
  return ask(tenant, invoices.operations.finalize, { id });
}

async function makePaid(): Promise<Stripe.Invoice> {
  const { id } = await makeOpen();
  return ask(tenant, invoices.operations.pay, { id });
}

const lineOf = ({ lines }: Stripe.Invoice): string => lines.data[0]?.id ?? '';

const issue = (invoice: Stripe.Invoice, given: Omit<z.input<typeof CreateCreditNote>, 'invoice'>) =>
  ask(tenant, ops.create, { invoice: invoice.id, ...given });

const ofLine = (invoice: Stripe.Invoice, given: { amount?: number; quantity?: number } = {}) => ({
  lines: [{ type: 'invoice_line_item' as const, invoice_line_item: lineOf(invoice), ...given }],
});

const again = ({ id }: Stripe.Invoice): Promise<Stripe.Invoice> =>
  ask(tenant, invoices.operations.retrieve, { id });

const intentOf = async (invoice: Stripe.Invoice): Promise<Stripe.PaymentIntent> => {
  const found = await ask(tenant, payment_intents.operations.list, { customer });
  const intent = found.data.find(
    ({ payment_details }) => payment_details?.order_reference === invoice.id,
  );
  if (intent === undefined) throw new Error(`${invoice.id} has no intent.`);
  return intent;
};

describe('POST /v1/credit_notes for an open invoice', () => {
  it('reduces what is owed, with its share of the tax', async () => {
    const invoice = await makeOpen();
    const note = await issue(invoice, {
      ...ofLine(invoice, { quantity: 1 }),
      memo: 'One was broken',
      reason: 'product_unsatisfactory',
      metadata: { broken: 'yes' },
    });
    expectContract(note);
    expect(note).toMatchObject({
      amount: 1200,
      invoice: invoice.id,
      memo: 'One was broken',
      number: `${invoice.number}-CN-01`,
      post_payment_amount: 0,
      pre_payment_amount: 1200,
      reason: 'product_unsatisfactory',
      status: 'issued',
      subtotal: 1000,
      total: 1200,
      total_excluding_tax: 1000,
      type: 'pre_payment',
    });
    expect(note.lines.data).toMatchObject([
      { amount: 1000, quantity: 1, unit_amount: 1000, taxes: [{ amount: 200 }] },
    ]);
    expect(await again(invoice)).toMatchObject({
      status: 'open',
      amount_due: 2400,
      amount_remaining: 2400,
      pre_payment_credit_notes_amount: 1200,
      total: 3600,
    });
    expect((await intentOf(invoice)).amount).toBe(2400);
    expect((await announced(tenant)).slice(-2)).toEqual(['credit_note.created', 'invoice.updated']);
  });

  it('pays the invoice where nothing is left to pay', async () => {
    const invoice = await makeOpen();
    await issue(invoice, ofLine(invoice, { quantity: 1 }));
    const second = await issue(invoice, ofLine(invoice, { quantity: 2 }));
    expect(second).toMatchObject({ amount: 2400, number: `${invoice.number}-CN-02` });
    expect(await again(invoice)).toMatchObject({
      status: 'paid',
      amount_due: 0,
      amount_paid: 0,
      amount_remaining: 0,
      pre_payment_credit_notes_amount: 3600,
    });
    expect((await intentOf(invoice)).status).toBe('canceled');
    const events = await announced(tenant);
    expect(events).toContain('invoice.paid');
    expect(events).not.toContain('invoice.payment_succeeded');
  });

  it('takes an amount of the whole, and lines of its own', async () => {
    const invoice = await makeOpen();
    const whole = await issue(invoice, { amount: 500, email_type: 'none' });
    expect(whole).toMatchObject({ amount: 500, lines: { data: [{ type: 'custom_line_item' }] } });
    const own = await issue(invoice, {
      lines: [
        { type: 'custom_line_item', description: 'Sorry', quantity: 2, unit_amount: 150 },
        { type: 'custom_line_item', description: 'Again', unit_amount_decimal: '0.5' },
      ],
    });
    expect(own).toMatchObject({ amount: 301 });
    expect((await again(invoice)).amount_remaining).toBe(3600 - 500 - 301);
  });

  it('never takes back more than there is, however many ask at once', async () => {
    const invoice = await makeOpen();
    const results = await Promise.allSettled(
      [1, 2, 3, 4, 5].map(() => issue(invoice, { amount: 1500 })),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    expect(await again(invoice)).toMatchObject({
      amount_remaining: 600,
      pre_payment_credit_notes_amount: 3000,
    });
  });
});

describe('POST /v1/credit_notes for a paid invoice', () => {
  it('refunds, credits the balance, and notes what was given back elsewhere', async () => {
    const invoice = await makePaid();
    const note = await issue(invoice, {
      amount: 3000,
      refund_amount: 1000,
      credit_amount: 1500,
      out_of_band_amount: 500,
    });
    expectContract(note);
    expect(note).toMatchObject({
      amount: 3000,
      out_of_band_amount: 500,
      post_payment_amount: 3000,
      pre_payment_amount: 0,
      refunds: [{ amount_refunded: 1000, type: 'refund' }],
      type: 'post_payment',
    });
    const refund = await ask(tenant, refunds.operations.retrieve, {
      id: String(note.refunds[0]?.refund),
    });
    expect(refund).toMatchObject({ amount: 1000, status: 'succeeded' });
    expect(await ask(tenant, customers.operations.retrieve, { id: customer })).toMatchObject({
      balance: -1500,
    });
    expect(note.customer_balance_transaction).toMatch(/^cbtxn_/);
    expect(await again(invoice)).toMatchObject({
      status: 'paid',
      amount_paid: 3600,
      post_payment_credit_notes_amount: 3000,
    });
  });

  it('stands when its refund fails: the money is with the merchant, and still owed', async () => {
    const { attachPaymentMethod, update } = customers.operations;
    const card = await ask(tenant, attachPaymentMethod, { id: 'pm_card_refundFail', customer });
    const invoice_settings = { default_payment_method: card.id };
    await ask(tenant, update, { id: customer, invoice_settings });
    const invoice = await makePaid();
    const note = await issue(invoice, { amount: 1000, refund_amount: 1000 });
    const id = String(note.refunds[0]?.refund);
    await pass(world);
    const refund = await ask(tenant, refunds.operations.retrieve, { id });
    expect(refund).toMatchObject({ status: 'failed', amount: 1000 });
    expect(await ask(tenant, ops.retrieve, { id: note.id })).toMatchObject({
      status: 'issued',
      post_payment_amount: 1000,
      refunds: [{ amount_refunded: 1000, refund: id }],
    });
    expect(await again(invoice)).toMatchObject({
      status: 'paid',
      post_payment_credit_notes_amount: 1000,
    });
    // All of the payment can be given back, and no more of the invoice than the note left of it.
    const { id: payment_intent } = await intentOf(invoice);
    await ask(tenant, refunds.operations.create, { payment_intent, amount: 1000 });
    await expect(issue(invoice, { amount: 2601, credit_amount: 2601 })).rejects.toMatchObject({
      details: { param: 'amount' },
    });
    const found = await contradictions(world.runtime.pool);
    expect(found.filter((one) => one.tenant.projectId === tenant.projectId)).toEqual([]);
  });

  it('links a refund that was made before, once', async () => {
    const invoice = await makePaid();
    const intent = await intentOf(invoice);
    const refund = await ask(tenant, refunds.operations.create, {
      payment_intent: intent.id,
      amount: 700,
    });
    const note = await issue(invoice, { amount: 700, refunds: [{ refund: refund.id }] });
    expect(note.refunds).toMatchObject([{ amount_refunded: 700, refund: refund.id }]);
    await expect(
      issue(invoice, { amount: 700, refunds: [{ refund: refund.id }] }),
    ).rejects.toMatchObject({ details: { param: 'refunds[0][amount_refunded]' } });
  });

  it('counts refunds that no credit note accounts for', async () => {
    const invoice = await makePaid();
    const { id: payment_intent } = await intentOf(invoice);
    await ask(tenant, refunds.operations.create, { payment_intent, amount: 1000 });
    await expect(issue(invoice, { amount: 2601, credit_amount: 2601 })).rejects.toMatchObject({
      status: 400,
      details: { param: 'amount' },
    });
    await issue(invoice, { amount: 2600, credit_amount: 2600 });
  });

  it('is mixed where a part was still owed', async () => {
    const invoice = await makeOpen();
    const part = await ask(tenant, payment_intents.operations.create, {
      amount: 600,
      currency: 'gbp',
      customer,
      payment_method: 'pm_card_visa',
      confirm: true,
    });
    await ask(tenant, invoices.operations.attachPayment, {
      id: invoice.id,
      payment_intent: part.id,
    });
    const note = await issue(invoice, { amount: 3500, refund_amount: 500 });
    expect(note).toMatchObject({
      pre_payment_amount: 3000,
      post_payment_amount: 500,
      type: 'mixed',
    });
    expect(await again(invoice)).toMatchObject({ status: 'paid', amount_remaining: 0 });
  });

  it.each([
    ['what is not given back in full', { amount: 1000, refund_amount: 999 }],
    ['what is given back twice', { amount: 1000, refund_amount: 1000, credit_amount: 1 }],
    ['more than the invoice', { amount: 3601, credit_amount: 3601 }],
    ['an amount beside lines', { amount: 1, lines: [{ type: 'custom_line_item' as const }] }],
    ['neither', {}],
    ['a refund that is not there', { amount: 100, refunds: [{ refund: 're_none' }] }],
  ])('refuses %s', async (_, given) => {
    const invoice = await makePaid();
    const before = await announced(tenant);
    await expect(issue(invoice, given)).rejects.toMatchObject({ status: 400 });
    expect(await announced(tenant)).toEqual(before);
  });
});

describe('POST /v1/credit_notes', () => {
  it('refuses a draft, an unknown invoice and that of another project', async () => {
    const draft = await ask(tenant, invoices.operations.create, { customer });
    await expect(issue(draft, { amount: 1 })).rejects.toMatchObject({ status: 400 });
    const missing = { status: 400, details: { code: 'resource_missing', param: 'invoice' } };
    await expect(ask(tenant, ops.create, { invoice: 'inv_none', amount: 1 })).rejects.toMatchObject(
      missing,
    );
    const invoice = await makeOpen();
    const stranger = await world.project();
    await expect(
      ask(stranger, ops.create, { invoice: invoice.id, amount: 1 }),
    ).rejects.toMatchObject(missing);
  });

  it('refuses what only the other type of line can be told', async () => {
    const invoice = await makeOpen();
    const line = { ...ofLine(invoice).lines[0]!, description: 'Mine' };
    await expect(issue(invoice, { lines: [line] })).rejects.toMatchObject({
      details: { param: 'lines[0][description]' },
    });
  });
});

describe('previews', () => {
  it('show the note and write nothing', async () => {
    const invoice = await makeOpen();
    const before = await announced(tenant);
    const note = await ask(tenant, ops.preview, { invoice: invoice.id, amount: 100 });
    expectContract(note);
    expect(note).toMatchObject({ amount: 100, number: `${invoice.number}-CN-01` });
    expect(await announced(tenant)).toEqual(before);
    expect((await again(invoice)).amount_remaining).toBe(3600);
  });

  it('list the lines by pages', async () => {
    const invoice = await makeOpen();
    const line = { type: 'custom_line_item' as const, description: 'Sorry', unit_amount: 10 };
    const given = { invoice: invoice.id, lines: [line, line, line] };
    const first = await ask(tenant, ops.previewLines, { ...given, limit: 2 });
    expect(first).toMatchObject({ has_more: true });
    const starting_after = first.data.at(-1)?.id ?? '';
    const rest = await ask(tenant, ops.previewLines, { ...given, starting_after });
    expect([rest.data.length, rest.has_more]).toEqual([1, false]);
  });
});

describe('an issued note', () => {
  it('is retrieved, listed and changed in what is noted about it', async () => {
    const invoice = await makeOpen();
    const note = await issue(invoice, { amount: 100, memo: 'Old', metadata: { a: '1' } });
    const changed = await ask(tenant, ops.update, {
      id: note.id,
      memo: 'New',
      metadata: { a: '' },
    });
    expect(changed).toMatchObject({ memo: 'New', metadata: {} });
    expect((await announced(tenant)).at(-1)).toBe('credit_note.updated');
    expect(await ask(tenant, ops.retrieve, { id: note.id })).toEqual(changed);
    for (const filter of [{ customer }, { invoice: invoice.id }, {}]) {
      expect((await ask(tenant, ops.list, filter)).data).toEqual([changed]);
    }
    expect((await ask(tenant, ops.list, { invoice: 'inv_none' })).data).toEqual([]);
  });

  it('has its lines in pages, both ways', async () => {
    const invoice = await makeOpen();
    const line = { type: 'custom_line_item' as const, description: 'Sorry', unit_amount: 10 };
    const { id } = await issue(invoice, { lines: Array.from({ length: 12 }, () => line) });
    const note = await ask(tenant, ops.retrieve, { id });
    expect([note.lines.data.length, note.lines.has_more]).toEqual([10, true]);
    const all = await ask(tenant, ops.listLines, { id, limit: 100 });
    expect(all.data).toHaveLength(12);
    const cursor = all.data[5]?.id ?? '';
    const after = await ask(tenant, ops.listLines, { id, starting_after: cursor });
    const before = await ask(tenant, ops.listLines, { id, ending_before: cursor, limit: 2 });
    expect(after.data).toEqual(all.data.slice(6));
    expect([before.data, before.has_more]).toEqual([all.data.slice(3, 5), true]);
    await expect(
      ask(tenant, ops.listLines, { id, starting_after: 'cnli_none' }),
    ).rejects.toMatchObject({ details: { param: 'starting_after' } });
  });

  it('is void where the invoice is open, which then asks for the amount again', async () => {
    const invoice = await makeOpen();
    const { id } = await issue(invoice, ofLine(invoice, { quantity: 2 }));
    const note = await ask(tenant, ops.void, { id });
    expectContract(note);
    expect(note).toMatchObject({ status: 'void' });
    expect(note.voided_at).not.toBeNull();
    expect(await again(invoice)).toMatchObject({
      amount_due: 3600,
      amount_remaining: 3600,
      pre_payment_credit_notes_amount: 0,
    });
    expect((await intentOf(invoice)).amount).toBe(3600);
    expect((await announced(tenant)).slice(-2)).toEqual(['credit_note.voided', 'invoice.updated']);
    await expect(ask(tenant, ops.void, { id })).rejects.toMatchObject({ status: 400 });

    const next = await issue(invoice, ofLine(invoice, { quantity: 3 }));
    expect(next.number).toBe(`${invoice.number}-CN-02`);
    await expect(ask(tenant, ops.void, { id: next.id })).rejects.toMatchObject({ status: 400 });
  });

  it('cannot be void once money went back', async () => {
    const invoice = await makePaid();
    const { id } = await issue(invoice, { amount: 100, credit_amount: 100 });
    await expect(ask(tenant, ops.void, { id })).rejects.toMatchObject({ status: 400 });
  });

  it('is not there for who does not know it', async () => {
    const missing = { status: 404, details: { code: 'resource_missing' } };
    const { id } = await issue(await makeOpen(), { amount: 100 });
    const stranger = await world.project();
    for (const operation of [ops.retrieve, ops.listLines] as const) {
      await expect(ask(stranger, operation, { id })).rejects.toMatchObject(missing);
    }
    for (const operation of [ops.update, ops.void] as const) {
      await expect(ask(stranger, operation, { id })).rejects.toMatchObject(missing);
    }
  });
});
