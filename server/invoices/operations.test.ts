import type Stripe from 'stripe';
import type { z } from 'zod';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectContract } from '@/e2e/support/contract';
import { coupons } from '@/server/coupons';
import { customer_balance_transactions } from '@/server/customer_balance_transactions';
import { customers } from '@/server/customers';
import type { ApiError } from '@/server/kernel/errors';
import { prices, products } from '@/server/prices';
import { tax_ids } from '@/server/tax_ids';
import { tax_rates } from '@/server/tax_rates';
import { test_clocks } from '@/server/test_clocks';
import { announced, ask } from '@/server/testing/ask';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { invoice_items, invoices } from './index';

const { operations: of } = invoices;
const items = invoice_items.operations;

let world: TestWorld;
let tenant: TestTenant;
let customer: string;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

beforeEach(async () => {
  world.now = new Date('2026-03-01T12:00:00Z');
  tenant = await world.project();
  const made = await ask(tenant, customers.operations.create, {
    name: 'Ada',
    email: 'ada@example.com',
    invoice_prefix: 'ADA',
  });
  customer = made.id;
});

const now = () => Math.floor(world.now.getTime() / 1000);
const DAY = 86_400;

/** A draft with these amounts on it, in pence. */
async function makeDraft(
  amounts: readonly number[],
  terms: Partial<z.input<typeof of.create.input>> = {},
): Promise<Stripe.Invoice> {
  const { id } = await ask(tenant, of.create, { customer, ...terms });
  for (const amount of amounts) {
    await ask(tenant, items.create, { customer, amount, currency: 'gbp', invoice: id });
  }
  return ask(tenant, of.retrieve, { id });
}

const makeOpen = async (
  amount: number,
  terms: Partial<z.input<typeof of.create.input>> = {},
): Promise<Stripe.Invoice> => {
  const { id } = await makeDraft([amount], terms);
  return ask(tenant, of.finalize, { id });
};

const balanceOf = async (): Promise<number | undefined> => {
  const found = await ask(tenant, customers.operations.retrieve, { id: customer });
  return 'balance' in found ? found.balance : undefined;
};

const setBalance = (balance: number) =>
  ask(tenant, customers.operations.update, { id: customer, balance });

/** What the ledger says, the newest first. */
const ledger = async () =>
  (await ask(tenant, customer_balance_transactions.operations.list, { customer })).data.map(
    ({ amount, type, invoice }) => ({ amount, type, invoice }),
  );

const invoiceEvents = async (): Promise<string[]> =>
  (await announced(tenant)).filter((type) => type.startsWith('invoice.'));

/** The newest event of a type. */
async function lastOf(type: string) {
  const [event] = await world.admin`
    select data from events where project_id = ${tenant.projectId} and type = ${type}
    order by id desc limit 1`;
  return event?.['data'] as { object: Stripe.Invoice; previous_attributes?: object };
}

const missing = (param?: string): Partial<ApiError> => ({
  details: { code: 'resource_missing', ...(param === undefined ? {} : { param }) },
});

const notEditable = { status: 400, details: { code: 'invoice_not_editable' } };

describe('POST /v1/invoices', () => {
  it('creates an empty draft, without what waits for an invoice, and announces it', async () => {
    await ask(tenant, items.create, { customer, amount: 500, currency: 'gbp' });
    const draft = await ask(tenant, of.create, { customer, metadata: { order: '6735' } });
    expectContract(draft);
    expect(draft).toMatchObject({
      object: 'invoice',
      account_name: 'Test',
      amount_due: 0,
      auto_advance: false,
      automatically_finalizes_at: null,
      billing_reason: 'manual',
      collection_method: 'charge_automatically',
      created: now(),
      currency: 'gbp',
      customer,
      customer_email: 'ada@example.com',
      customer_name: 'Ada',
      due_date: null,
      ending_balance: null,
      lines: { data: [], has_more: false },
      metadata: { order: '6735' },
      number: null,
      parent: null,
      status: 'draft',
      total: 0,
    });
    expect(draft.id).toMatch(/^inv_/);
    expect(await invoiceEvents()).toEqual(['invoice.created']);
  });

  it('takes the items that wait in its currency, the newest first', async () => {
    const first = await ask(tenant, items.create, { customer, amount: 500, currency: 'gbp' });
    const second = await ask(tenant, items.create, { customer, amount: 250, currency: 'gbp' });
    await ask(tenant, items.create, { customer, amount: 900, currency: 'usd' });
    const draft = await ask(tenant, of.create, {
      customer,
      currency: 'gbp',
      pending_invoice_items_behavior: 'include',
    });
    expectContract(draft);
    expect(draft.total).toBe(750);
    expect(draft.lines.data.map(({ amount, parent }) => [amount, parent])).toMatchObject([
      [250, { type: 'invoice_item_details', invoice_item_details: { invoice_item: second.id } }],
      [500, { invoice_item_details: { invoice_item: first.id } }],
    ]);
    expect(await ask(tenant, items.retrieve, { id: first.id })).toMatchObject({
      invoice: draft.id,
    });
    const again = await ask(tenant, of.create, {
      customer,
      currency: 'gbp',
      pending_invoice_items_behavior: 'include',
    });
    expect(again.total).toBe(0);
  });

  it('lets only one of two invoices that are made together take an item', async () => {
    await ask(tenant, items.create, { customer, amount: 500, currency: 'gbp' });
    const input = { customer, currency: 'gbp', pending_invoice_items_behavior: 'include' as const };
    const made = await Promise.allSettled([1, 2, 3].map(() => ask(tenant, of.create, input)));
    const totals = made.flatMap((one) => (one.status === 'fulfilled' ? [one.value.total] : []));
    expect(totals.filter((total) => total === 500)).toHaveLength(1);
    expect(totals.reduce((sum, total) => sum + total, 0)).toBe(500);
    for (const one of made) {
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ status: 429 });
    }
  });

  it('says when an invoice that is sent is due, by days or by date', async () => {
    const sent = { customer, collection_method: 'send_invoice' as const };
    const byDays = await ask(tenant, of.create, { ...sent, days_until_due: 30 });
    expect(byDays.due_date).toBe(now() + 30 * DAY);
    const due_date = now() + 5 * DAY;
    expect((await ask(tenant, of.create, { ...sent, due_date })).due_date).toBe(due_date);
    await expect(ask(tenant, of.create, sent)).rejects.toMatchObject({
      status: 400,
      details: { code: 'parameter_missing', param: 'days_until_due' },
    });
    await expect(
      ask(tenant, of.create, { ...sent, days_until_due: 1, due_date }),
    ).rejects.toMatchObject({ details: { code: 'parameters_exclusive' } });
    await expect(ask(tenant, of.create, { ...sent, due_date: now() - 1 })).rejects.toMatchObject({
      details: { param: 'due_date' },
    });
    await expect(ask(tenant, of.create, { customer, due_date })).rejects.toMatchObject({
      details: { param: 'due_date' },
    });
  });

  it('is finalized by itself in an hour, or when it is said', async () => {
    const soon = await ask(tenant, of.create, { customer, auto_advance: true });
    expect(soon.automatically_finalizes_at).toBe(now() + 3_600);
    const at = now() + 3 * DAY;
    const later = await ask(tenant, of.create, {
      customer,
      auto_advance: true,
      automatically_finalizes_at: at,
    });
    expect(later.automatically_finalizes_at).toBe(at);
    await expect(
      ask(tenant, of.create, { customer, automatically_finalizes_at: at }),
    ).rejects.toMatchObject({ details: { param: 'automatically_finalizes_at' } });
    await expect(
      ask(tenant, of.create, {
        customer,
        auto_advance: true,
        automatically_finalizes_at: now() - 1,
      }),
    ).rejects.toMatchObject({ details: { param: 'automatically_finalizes_at' } });
  });

  it("inherits the customer's discount, once where it is for one invoice", async () => {
    const { id: coupon } = await ask(tenant, coupons.operations.create, {
      percent_off: 10,
      duration: 'once',
    });
    await ask(tenant, customers.operations.giveDiscount, { id: customer, coupon });
    await ask(tenant, items.create, { customer, amount: 1_000, currency: 'gbp' });
    const draft = await ask(tenant, of.create, {
      customer,
      pending_invoice_items_behavior: 'include',
    });
    expect(draft).toMatchObject({ subtotal: 1_000, total: 900 });
    expect(draft.discounts).toHaveLength(1);
    // An edit leaves it on the draft, although it was spent.
    const more = { customer, amount: 100, currency: 'gbp', invoice: draft.id };
    await ask(tenant, items.create, more);
    expect(await ask(tenant, of.retrieve, { id: draft.id })).toMatchObject({ total: 990 });
    const next = await makeDraft([1_000]);
    expect(next).toMatchObject({ discounts: [], total: 1_000 });
  });

  it('inherits no discount where it is given others, or an empty string', async () => {
    const make = (percent_off: number) =>
      ask(tenant, coupons.operations.create, { percent_off, duration: 'forever' });
    const [tenth, half] = [await make(10), await make(50)];
    await ask(tenant, customers.operations.giveDiscount, { id: customer, coupon: tenth.id });
    expect((await makeDraft([1_000])).total).toBe(900);
    expect((await makeDraft([1_000], { discounts: [{ coupon: half.id }] })).total).toBe(500);
    expect((await makeDraft([1_000], { discounts: '' })).total).toBe(1_000);
  });

  it('taxes every line that has no rates of its own by the default rates', async () => {
    const make = (percentage: number, inclusive: boolean) =>
      ask(tenant, tax_rates.operations.create, { display_name: 'VAT', inclusive, percentage });
    const [vat, within] = [await make(20, false), await make(10, true)];
    const draft = await makeDraft([1_000], { default_tax_rates: [vat.id] });
    await ask(tenant, items.create, {
      customer,
      amount: 1_100,
      currency: 'gbp',
      invoice: draft.id,
      tax_rates: [within.id],
    });
    const taxed = await ask(tenant, of.retrieve, { id: draft.id });
    expectContract(taxed);
    expect(taxed).toMatchObject({
      default_tax_rates: [{ id: vat.id, percentage: 20 }],
      subtotal: 2_100,
      subtotal_excluding_tax: 2_000,
      total: 2_300,
      total_excluding_tax: 2_000,
    });
    expect(
      taxed.total_taxes?.map(({ amount, tax_rate_details }) => [amount, tax_rate_details]),
    ).toEqual([
      [200, { tax_rate: vat.id }],
      [100, { tax_rate: within.id }],
    ]);
  });

  it('shows the settings of the customer and the tax ids of the account', async () => {
    await ask(tenant, customers.operations.update, {
      id: customer,
      invoice_settings: {
        custom_fields: [{ name: 'PO', value: '7' }],
        footer: 'Thank you',
        rendering_options: { amount_tax_display: 'exclude_tax' },
      },
    });
    const own = await ask(tenant, tax_ids.operations.create, {
      type: 'gb_vat',
      value: 'GB123456789',
    });
    const draft = await ask(tenant, of.create, {
      customer,
      account_tax_ids: [own.id],
      payment_settings: {
        payment_method_options: { card: { request_three_d_secure: 'any' } },
        payment_method_types: ['card'],
      },
      rendering: { pdf: { page_size: 'a4' } },
      shipping_details: { name: 'Ada', address: { line1: '1 Road' } },
    });
    expectContract(draft);
    expect(draft).toMatchObject({
      account_tax_ids: [own.id],
      custom_fields: [{ name: 'PO', value: '7' }],
      footer: 'Thank you',
      payment_settings: {
        payment_method_options: { card: { request_three_d_secure: 'any' } },
        payment_method_types: ['card'],
      },
      rendering: { amount_tax_display: 'exclude_tax', pdf: { page_size: 'a4' } },
      shipping_details: { name: 'Ada' },
    });
    await expect(
      ask(tenant, of.create, { customer, account_tax_ids: ['txi_none'] }),
    ).rejects.toMatchObject(missing('account_tax_ids[0]'));
  });

  it('refuses ids that do not exist, or belong to somebody else', async () => {
    const other = await world.project();
    await expect(ask(other, of.create, { customer })).rejects.toMatchObject({
      status: 400,
      ...missing('customer'),
    });
    await expect(ask(tenant, of.create, {})).rejects.toMatchObject({
      details: { code: 'parameter_missing', param: 'customer' },
    });
    await expect(
      ask(tenant, of.create, { customer, default_payment_method: 'pm_none' }),
    ).rejects.toMatchObject(missing('default_payment_method'));
    await expect(
      ask(tenant, of.create, { customer, default_tax_rates: ['txr_none'] }),
    ).rejects.toMatchObject(missing('default_tax_rates[0]'));
    await expect(
      ask(tenant, of.create, { customer, subscription: 'sub_none' }),
    ).rejects.toMatchObject(missing('subscription'));
  });

  it("lives by its customer's test clock", async () => {
    const frozen_time = now() + 400 * DAY;
    const clock = await ask(tenant, test_clocks.operations.create, { frozen_time });
    const there = await ask(tenant, customers.operations.create, { test_clock: clock.id });
    const draft = await ask(tenant, of.create, { customer: there.id });
    expect(draft).toMatchObject({ created: frozen_time, test_clock: clock.id });
    const final = await ask(tenant, of.finalize, { id: draft.id });
    expect(final.status_transitions).toMatchObject({
      finalized_at: frozen_time,
      paid_at: frozen_time,
    });
  });
});

describe('POST /v1/invoices with from_invoice', () => {
  it('drafts a revision with the same lines, which takes the place of the first', async () => {
    const first = await makeOpen(1_000, { description: 'Once' });
    const revision = await ask(tenant, of.create, {
      from_invoice: { action: 'revision', invoice: first.id },
      description: 'Twice',
    });
    expectContract(revision);
    expect(revision).toMatchObject({
      status: 'draft',
      customer,
      description: 'Twice',
      from_invoice: { action: 'revision', invoice: first.id },
      number: null,
      total: 1_000,
    });
    expect(revision.lines.data[0]?.id).not.toBe(first.lines.data[0]?.id);
    const line = revision.lines.data[0]!;
    await ask(tenant, of.updateLine, { id: revision.id, line_item_id: line.id, amount: 1_500 });
    const final = await ask(tenant, of.finalize, { id: revision.id });
    expect(final).toMatchObject({ status: 'open', number: 'ADA-0002', total: 1_500 });
    expect(await ask(tenant, of.retrieve, { id: first.id })).toMatchObject({
      status: 'void',
      latest_revision: revision.id,
      total: 1_000,
    });
  });

  it('refuses a draft, one that is paid, and anything that it must share', async () => {
    const draft = await makeDraft([1_000]);
    const from = (invoice: string) => ({ from_invoice: { action: 'revision' as const, invoice } });
    await expect(ask(tenant, of.create, from(draft.id))).rejects.toMatchObject({
      details: { code: 'status_transition_invalid' },
    });
    const paid = await makeOpen(0);
    expect(paid.status).toBe('paid');
    await expect(ask(tenant, of.create, from(paid.id))).rejects.toMatchObject({
      details: { code: 'status_transition_invalid' },
    });
    const open = await makeOpen(1_000);
    await expect(
      ask(tenant, of.create, { ...from(open.id), currency: 'usd' }),
    ).rejects.toMatchObject({ details: { code: 'parameters_exclusive' } });
    await expect(ask(tenant, of.create, from('inv_none'))).rejects.toMatchObject(
      missing('from_invoice[invoice]'),
    );
  });
});

describe('POST /v1/invoices/:id', () => {
  it('changes a draft, computes it again, and says what it was', async () => {
    const draft = await makeDraft([1_000], { description: 'A' });
    const { id: coupon } = await ask(tenant, coupons.operations.create, {
      amount_off: 300,
      currency: 'gbp',
      duration: 'once',
    });
    const changed = await ask(tenant, of.update, {
      id: draft.id,
      description: 'B',
      discounts: [{ coupon }],
    });
    expect(changed).toMatchObject({ description: 'B', amount_due: 700, total: 700 });
    expect((await lastOf('invoice.updated')).previous_attributes).toMatchObject({
      amount_due: 1_000,
      description: 'A',
      discounts: [],
      total: 1_000,
    });
    const cleared = await ask(tenant, of.update, { id: draft.id, description: '', discounts: '' });
    expect(cleared).toMatchObject({ description: null, discounts: [], total: 1_000 });
  });

  it('turns finalizing by itself on and off', async () => {
    const { id } = await makeDraft([1_000]);
    const on = await ask(tenant, of.update, { id, auto_advance: true });
    expect(on.automatically_finalizes_at).toBe(now() + 3_600);
    const off = await ask(tenant, of.update, { id, auto_advance: false });
    expect(off).toMatchObject({ auto_advance: false, automatically_finalizes_at: null });
  });

  it('sends instead of charging where it is told by when', async () => {
    const { id } = await makeDraft([1_000]);
    await expect(
      ask(tenant, of.update, { id, collection_method: 'send_invoice' }),
    ).rejects.toMatchObject({ details: { code: 'parameter_missing' } });
    const sent = await ask(tenant, of.update, {
      id,
      collection_method: 'send_invoice',
      days_until_due: 7,
    });
    expect(sent.due_date).toBe(sent.created + 7 * DAY);
    const noted = await ask(tenant, of.update, { id, description: 'July' });
    expect(noted).toMatchObject({ description: 'July', due_date: sent.due_date });
    const charged = await ask(tenant, of.update, { id, collection_method: 'charge_automatically' });
    expect(charged.due_date).toBeNull();
  });

  it('changes how an open one is collected, and nothing that is on it', async () => {
    const { id } = await makeOpen(1_000);
    const noted = await ask(tenant, of.update, { id, metadata: { a: '1' }, auto_advance: true });
    expect(noted).toMatchObject({
      auto_advance: true,
      metadata: { a: '1' },
      next_payment_attempt: now(),
    });
    await expect(ask(tenant, of.update, { id, discounts: '' })).rejects.toMatchObject(notEditable);
    await expect(
      ask(tenant, of.update, { id, collection_method: 'send_invoice', days_until_due: 1 }),
    ).rejects.toMatchObject(notEditable);
  });

  it('refuses a number that another invoice has', async () => {
    const { number } = await makeOpen(1_000);
    const { id } = await makeDraft([1_000]);
    await expect(ask(tenant, of.update, { id, number: number! })).rejects.toMatchObject({
      details: { code: 'resource_already_exists', param: 'number' },
    });
    expect((await ask(tenant, of.update, { id, number: 'OWN-7' })).number).toBe('OWN-7');
    expect((await ask(tenant, of.finalize, { id })).number).toBe('OWN-7');
  });
});

describe('POST /v1/invoices/:id/finalize', () => {
  it('numbers the invoice, fixes its customer and opens it, with the events of Stripe', async () => {
    const draft = await makeDraft([1_000]);
    const final = await ask(tenant, of.finalize, { id: draft.id });
    expectContract(final);
    expect(final).toMatchObject({
      amount_due: 1_000,
      amount_remaining: 1_000,
      effective_at: now(),
      ending_balance: 0,
      number: 'ADA-0001',
      status: 'open',
      status_transitions: { finalized_at: now(), paid_at: null },
    });
    expect((await invoiceEvents()).slice(-2)).toEqual(['invoice.finalized', 'invoice.updated']);
    expect((await lastOf('invoice.updated')).previous_attributes).toMatchObject({
      number: null,
      status: 'draft',
      status_transitions: { finalized_at: null },
    });
    await ask(tenant, customers.operations.update, { id: customer, name: 'Grace' });
    expect((await ask(tenant, of.retrieve, { id: draft.id })).customer_name).toBe('Ada');
  });

  it('shows a draft with its customer and balance as they are', async () => {
    const draft = await makeDraft([1_000]);
    await ask(tenant, customers.operations.update, { id: customer, name: 'Grace', balance: -400 });
    expect(await ask(tenant, of.retrieve, { id: draft.id })).toMatchObject({
      amount_due: 600,
      customer_name: 'Grace',
      ending_balance: null,
      starting_balance: -400,
      total: 1_000,
    });
  });

  it('numbers without a gap, also when they are finalized together', async () => {
    const drafts = [];
    for (let index = 0; index < 12; index += 1) drafts.push(await makeDraft([1_000]));
    await Promise.all(drafts.map(({ id }) => ask(tenant, of.finalize, { id })));
    const { data } = await ask(tenant, of.list, { limit: 100 });
    expect(data.map(({ number }) => number).toSorted()).toEqual(
      drafts.map((_, index) => `ADA-${String(index + 1).padStart(4, '0')}`),
    );
  });

  it('gives one number to an invoice that two finalize at once', async () => {
    const { id } = await makeDraft([1_000]);
    const ends = await Promise.allSettled([1, 2].map(() => ask(tenant, of.finalize, { id })));
    expect(ends.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    // The other one came too late, or is told to come again and then is.
    await expect(ask(tenant, of.finalize, { id })).rejects.toMatchObject(notEditable);
    expect((await makeOpen(1_000)).number).toBe('ADA-0002');
  });

  it('skips a number that was given by hand, and gives back one that came to nothing', async () => {
    await makeDraft([1_000], { number: 'ADA-0001' });
    expect((await makeOpen(1_000)).number).toBe('ADA-0002');
    const { id } = await makeDraft([1_000]);
    await expect(
      tenant.ctx.transaction(async (tx) => {
        await of.finalize.run(tx, { id });
        throw new Error('The process dies.');
      }),
    ).rejects.toThrow('dies');
    expect((await makeOpen(1_000)).number).toBe('ADA-0003');
  });

  it('numbers over the whole project where that is set', async () => {
    await world.admin`
      update projects set settings = ${world.admin.json({ billing: { invoice_numbering: 'project' } })}
      where id = ${tenant.projectId}`;
    const other = await ask(tenant, customers.operations.create, {});
    const numbers = [(await makeOpen(1_000)).number];
    customer = other.id;
    numbers.push((await makeOpen(1_000)).number, (await makeOpen(1_000)).number);
    expect(numbers).toEqual(['INV-0001', 'INV-0002', 'INV-0003']);
  });

  it('is paid at once where nothing is due', async () => {
    const final = await makeOpen(0);
    expect(final).toMatchObject({ amount_due: 0, attempted: true, status: 'paid' });
    expect((await invoiceEvents()).slice(-5)).toEqual([
      'invoice.finalized',
      'invoice.updated',
      'invoice.paid',
      'invoice.payment_succeeded',
      'invoice.updated',
    ]);
  });

  it("takes up a credit of the customer's balance, and leaves what is too much", async () => {
    await setBalance(-1_500);
    const first = await makeOpen(1_000);
    expect(first).toMatchObject({
      amount_due: 0,
      ending_balance: -500,
      starting_balance: -1_500,
      status: 'paid',
    });
    expect(await balanceOf()).toBe(-500);
    const second = await makeOpen(1_000);
    expect(second).toMatchObject({ amount_due: 500, ending_balance: 0, status: 'open' });
    expect((await ledger()).slice(0, 2)).toEqual([
      { amount: 500, type: 'applied_to_invoice', invoice: second.id },
      { amount: 1_000, type: 'applied_to_invoice', invoice: first.id },
    ]);
  });

  it('asks for a debt with the invoice, and credits what a negative total gives back', async () => {
    await setBalance(200);
    expect(await makeOpen(1_000)).toMatchObject({ amount_due: 1_200, starting_balance: 200 });
    expect(await makeOpen(-700)).toMatchObject({
      amount_due: 0,
      ending_balance: -700,
      status: 'paid',
      total: -700,
    });
    expect(await balanceOf()).toBe(-700);
  });

  it('puts what is too small to be charged on the balance', async () => {
    const small = await makeOpen(29);
    expect(small).toMatchObject({ amount_due: 0, ending_balance: 29, status: 'paid', total: 29 });
    expect(await ledger()).toEqual([{ amount: 29, type: 'invoice_too_small', invoice: small.id }]);
    expect((await makeOpen(100)).amount_due).toBe(129);
  });

  it('refuses a credit in a currency that the balance is not kept in', async () => {
    await setBalance(-100);
    const { id } = await ask(tenant, of.create, { customer, currency: 'usd' });
    await ask(tenant, items.create, { customer, amount: -500, currency: 'usd', invoice: id });
    await expect(ask(tenant, of.finalize, { id })).rejects.toMatchObject({ status: 400 });
    expect((await ask(tenant, of.retrieve, { id })).status).toBe('draft');
  });

  it('asks for no tax from a customer who became exempt', async () => {
    const vat = await ask(tenant, tax_rates.operations.create, {
      display_name: 'VAT',
      inclusive: false,
      percentage: 20,
    });
    const { id, total } = await makeDraft([1_000], { default_tax_rates: [vat.id] });
    expect(total).toBe(1_200);
    await ask(tenant, customers.operations.update, { id: customer, tax_exempt: 'exempt' });
    const final = await ask(tenant, of.finalize, { id });
    expect(final).toMatchObject({ customer_tax_exempt: 'exempt', total: 1_000 });
    expect(final.lines.data[0]?.taxes).toMatchObject([
      { amount: 0, taxability_reason: 'customer_exempt' },
    ]);
  });

  it('sets whether it advances by itself', async () => {
    const { id } = await makeDraft([1_000]);
    expect(await ask(tenant, of.finalize, { id, auto_advance: true })).toMatchObject({
      auto_advance: true,
      next_payment_attempt: now(),
    });
  });
});

describe('POST /v1/invoices/:id/void', () => {
  it('gives back what it took of the balance, with the events of Stripe', async () => {
    await setBalance(-400);
    const { id } = await makeOpen(1_000);
    expect(await balanceOf()).toBe(0);
    const voided = await ask(tenant, of.void, { id });
    expectContract(voided);
    expect(voided).toMatchObject({
      status: 'void',
      status_transitions: { voided_at: now() },
      next_payment_attempt: null,
    });
    expect(await balanceOf()).toBe(-400);
    expect((await ledger())[0]).toEqual({
      amount: -400,
      type: 'unapplied_from_invoice',
      invoice: id,
    });
    expect((await invoiceEvents()).slice(-2)).toEqual(['invoice.voided', 'invoice.updated']);
  });

  it('works on one that was given up, and not on a draft, a paid or a void one', async () => {
    const lost = await makeOpen(1_000);
    await ask(tenant, of.markUncollectible, { id: lost.id });
    expect((await ask(tenant, of.void, { id: lost.id })).status).toBe('void');
    for (const { id } of [lost, await makeDraft([1]), await makeOpen(0)]) {
      await expect(ask(tenant, of.void, { id })).rejects.toMatchObject({
        status: 400,
        details: { code: 'status_transition_invalid' },
      });
    }
  });

  it('voids an invoice whose customer was deleted', async () => {
    await setBalance(-400);
    const { id } = await makeOpen(1_000);
    await ask(tenant, customers.operations.remove, { id: customer });
    expect((await ask(tenant, of.void, { id })).status).toBe('void');
  });
});

describe('POST /v1/invoices/:id/mark_uncollectible', () => {
  it('gives an open invoice up, and no other', async () => {
    const { id } = await makeOpen(1_000);
    const lost = await ask(tenant, of.markUncollectible, { id });
    expect(lost).toMatchObject({
      amount_remaining: 1_000,
      status: 'uncollectible',
      status_transitions: { marked_uncollectible_at: now() },
    });
    expect((await invoiceEvents()).slice(-2)).toEqual([
      'invoice.marked_uncollectible',
      'invoice.updated',
    ]);
    await expect(ask(tenant, of.markUncollectible, { id })).rejects.toMatchObject({
      details: { code: 'status_transition_invalid' },
    });
  });
});

describe('POST /v1/invoices/:id/send', () => {
  const terms = { collection_method: 'send_invoice', days_until_due: 7 } as const;

  it('finalizes a draft and says that it was sent', async () => {
    const { id } = await makeDraft([1_000], terms);
    expect(await ask(tenant, of.send, { id })).toMatchObject({ status: 'open' });
    expect((await invoiceEvents()).at(-1)).toBe('invoice.sent');
  });

  it('refuses one that is charged, and a customer without an e-mail address', async () => {
    const charged = await makeOpen(1_000);
    await expect(ask(tenant, of.send, { id: charged.id })).rejects.toMatchObject({ status: 400 });
    const { id } = await makeDraft([1_000], terms);
    await ask(tenant, customers.operations.update, { id: customer, email: '' });
    await expect(ask(tenant, of.send, { id })).rejects.toMatchObject({ status: 400 });
    expect((await ask(tenant, of.retrieve, { id })).status).toBe('draft');
  });
});

describe('DELETE /v1/invoices/:id', () => {
  it('deletes a draft, whose items wait for an invoice again', async () => {
    const { id, lines } = await makeDraft([1_000]);
    const gone = await ask(tenant, of.remove, { id });
    expectContract(gone);
    expect(gone).toEqual({ id, object: 'invoice', deleted: true });
    await expect(ask(tenant, of.retrieve, { id })).rejects.toMatchObject({
      status: 404,
      ...missing(),
    });
    const item = lines.data[0]?.parent?.invoice_item_details?.invoice_item ?? '';
    expect((await ask(tenant, items.retrieve, { id: item })).invoice).toBeNull();
    expect((await invoiceEvents()).at(-1)).toBe('invoice.deleted');
  });

  it('refuses what was finalized', async () => {
    const { id } = await makeOpen(1_000);
    await expect(ask(tenant, of.remove, { id })).rejects.toMatchObject(notEditable);
  });
});

describe('GET /v1/invoices', () => {
  it('lists both ways and filtered, and not those of another project', async () => {
    const draft = await makeDraft([1]);
    const open = await makeOpen(1_000);
    const due = await makeDraft([1], { collection_method: 'send_invoice', days_until_due: 3 });
    const ids = async (params: object) =>
      (await ask(tenant, of.list, params)).data.map(({ id }) => id);
    expect(await ids({})).toEqual([due.id, open.id, draft.id]);
    expect(await ids({ starting_after: due.id, limit: 1 })).toEqual([open.id]);
    expect(await ids({ ending_before: draft.id, limit: 1 })).toEqual([open.id]);
    expect(await ids({ status: 'open' })).toEqual([open.id]);
    expect(await ids({ customer: 'cus_none' })).toEqual([]);
    expect(await ids({ collection_method: 'send_invoice' })).toEqual([due.id]);
    expect(await ids({ due_date: { gt: now() } })).toEqual([due.id]);
    expect(await ids({ created: { lt: now() } })).toEqual([]);
    expect((await ask(await world.project(), of.list, {})).data).toEqual([]);
  });

  it('retrieves none of another project', async () => {
    const { id } = await makeDraft([1]);
    await expect(ask(await world.project(), of.retrieve, { id })).rejects.toMatchObject({
      status: 404,
    });
  });

  it('finds by what Stripe searches by', async () => {
    const open = await makeOpen(1_000, { metadata: { order: '7' } });
    await makeDraft([1]);
    const found = async (query: string) =>
      (await ask(tenant, of.search, { query })).data.map(({ id }) => id);
    expect(await found('status:"open" AND total>=1000')).toEqual([open.id]);
    expect(await found('number:"ADA-0001"')).toEqual([open.id]);
    expect(await found('metadata["order"]:"7"')).toEqual([open.id]);
    await expect(found('footer:"x"')).rejects.toMatchObject({ details: { param: 'query' } });
  });
});

describe('the lines of an invoice', () => {
  it('shows ten of them in the invoice, and pages through all in order', async () => {
    const { id, lines } = await makeDraft([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(lines.data.map(({ amount }) => amount)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(lines).toMatchObject({ has_more: true, url: `/v1/invoices/${id}/lines` });
    const first = await ask(tenant, of.listLines, { id, limit: 7 });
    const second = await ask(tenant, of.listLines, {
      id,
      limit: 7,
      starting_after: first.data.at(-1)!.id,
    });
    expect(second.data.map(({ amount }) => amount)).toEqual([8, 9, 10, 11, 12]);
    expect([first.has_more, second.has_more]).toEqual([true, false]);
    const back = await ask(tenant, of.listLines, {
      id,
      limit: 2,
      ending_before: second.data[0]!.id,
    });
    expect(back.data.map(({ amount }) => amount)).toEqual([6, 7]);
    const other = await makeDraft([1]);
    await expect(
      ask(tenant, of.listLines, { id: other.id, starting_after: first.data[0]!.id }),
    ).rejects.toMatchObject(missing('starting_after'));
  });

  it('adds new ones and items that wait, once computed, and tells of each item', async () => {
    const waiting = await ask(tenant, items.create, { customer, amount: 400, currency: 'gbp' });
    const { id: product } = await ask(tenant, products.operations.create, { name: 'Desk' });
    const price = await ask(tenant, prices.operations.create, {
      product,
      currency: 'gbp',
      unit_amount: 250,
    });
    const { id } = await makeDraft([100]);
    const before = (await announced(tenant)).length;
    const added = await ask(tenant, of.addLines, {
      id,
      invoice_metadata: { added: 'yes' },
      lines: [
        { invoice_item: waiting.id, description: 'Waited' },
        { pricing: { price: price.id }, quantity: 3 },
        {
          price_data: { currency: 'gbp', unit_amount: 75, product_data: { name: 'Lamp' } },
          metadata: { a: '1' },
        },
      ],
    });
    expectContract(added);
    expect(added).toMatchObject({ metadata: { added: 'yes' }, total: 100 + 400 + 750 + 75 });
    expect(added.lines.data).toMatchObject([
      { amount: 100 },
      { amount: 400, description: 'Waited' },
      { amount: 750, quantity: 3, pricing: { price_details: { price: price.id, product } } },
      { amount: 75, metadata: { a: '1' } },
    ]);
    const events = (await announced(tenant)).slice(before);
    expect(events.filter((type) => type === 'invoice.updated')).toHaveLength(1);
    expect(events.filter((type) => type === 'invoiceitem.created')).toHaveLength(2);
    await expect(
      ask(tenant, of.addLines, { id, lines: [{ invoice_item: waiting.id }] }),
    ).rejects.toMatchObject({ details: { param: 'lines[0][invoice_item]' } });
    await expect(ask(tenant, of.addLines, { id, lines: [{}] })).rejects.toMatchObject({
      details: { code: 'parameter_missing', param: 'lines[0][amount]' },
    });
  });

  it('changes them and the items behind them', async () => {
    const { id, lines } = await makeDraft([100, 200]);
    const [first, second] = lines.data;
    const line = await ask(tenant, of.updateLine, {
      id,
      line_item_id: first!.id,
      amount: 150,
      description: 'Better',
    });
    expectContract(line);
    expect(line).toMatchObject({ id: first!.id, amount: 150, description: 'Better' });
    const item = first!.parent!.invoice_item_details!.invoice_item;
    expect(await ask(tenant, items.retrieve, { id: item })).toMatchObject({
      amount: 150,
      description: 'Better',
    });
    const changed = await ask(tenant, of.updateLines, {
      id,
      lines: [
        { id: first!.id, metadata: { a: '1' } },
        { id: second!.id, amount: -50 },
      ],
    });
    expect(changed).toMatchObject({ total: 100 });
    expect(changed.lines.data[1]).toMatchObject({ amount: -50, discountable: false });
    await expect(
      ask(tenant, of.updateLines, { id, lines: [{ id: 'il_none' }] }),
    ).rejects.toMatchObject(missing('lines[0][id]'));
  });

  it('removes them for good, or so that their items wait', async () => {
    const { id, lines } = await makeDraft([100, 200, 300]);
    const [first, second] = lines.data;
    const left = await ask(tenant, of.removeLines, {
      id,
      lines: [
        { id: first!.id, behavior: 'delete' },
        { id: second!.id, behavior: 'unassign' },
      ],
    });
    expect(left.lines.data.map(({ amount }) => amount)).toEqual([300]);
    const pending = await ask(tenant, items.list, { customer, pending: true });
    expect(pending.data.map(({ amount }) => amount)).toEqual([200]);
    expect((await ask(tenant, items.list, { customer })).data).toHaveLength(2);
  });

  it('leaves a finalized invoice alone', async () => {
    const { id, lines } = await makeOpen(1_000);
    const line = lines.data[0]!.id;
    const refused = [
      () => ask(tenant, of.addLines, { id, lines: [{ amount: 1 }] }),
      () => ask(tenant, of.updateLines, { id, lines: [{ id: line, amount: 1 }] }),
      () => ask(tenant, of.updateLine, { id, line_item_id: line, amount: 1 }),
      () => ask(tenant, of.removeLines, { id, lines: [{ id: line, behavior: 'delete' }] }),
    ];
    for (const change of refused) await expect(change()).rejects.toMatchObject(notEditable);
  });
});
