import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectContract } from '@/e2e/support/contract';
import { customers, requireCustomer } from '@/server/customers';
import { unix } from '@/server/kernel/object';
import { announced, ask } from '@/server/testing/ask';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { compose, draft, type NewInvoice } from './compose';
import { finalizeDue } from './finalize';
import { invoices } from './index';
import type { NewLine } from './line';
import { showInvoice } from './object';
import * as store from './store';

let world: TestWorld;
let tenant: TestTenant;
let customer: string;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  tenant = await world.project();
  customer = (await ask(tenant, customers.operations.create, { balance: -300 })).id;
});

const line = (terms: Partial<NewLine> = {}): NewLine => ({
  amount: 1_000,
  description: '1 × Desk (at £10.00 / month)',
  discountable: true,
  discounts: [],
  invoice_item: null,
  metadata: {},
  period_end: 2,
  period_start: 1,
  price: null,
  product: null,
  proration: false,
  quantity: 1,
  subscription: null,
  subscription_item: null,
  tax_rates: null,
  unit_amount_decimal: '1000',
  ...terms,
});

const asked = async (terms: Partial<NewInvoice> = {}): Promise<NewInvoice> => ({
  customer: await requireCustomer(tenant.scope, customer),
  account_tax_ids: null,
  auto_advance: true,
  automatically_finalizes_at: unix(world.now),
  billing_reason: 'subscription_cycle',
  collection_method: 'charge_automatically',
  currency: 'gbp',
  custom_fields: null,
  cycle: null,
  days_until_due: null,
  default_payment_method: null,
  default_source: null,
  default_tax_rates: [],
  description: null,
  discounts: [],
  footer: null,
  items: [],
  lines: [line()],
  metadata: {},
  period_end: 2,
  period_start: 1,
  rendering: null,
  statement_descriptor: null,
  subscription: null,
  ...terms,
});

describe('an invoice that is only composed', () => {
  it('shows what it would be, down to the balance, and is written nowhere', async () => {
    const { invoice, lines, ending_balance, beside } = await compose(
      tenant.scope,
      await asked({ lines: [line(), line({ amount: -200, discountable: false })] }),
    );
    const shown = showInvoice(invoice, beside);
    expectContract(shown);
    expect(shown).toMatchObject({
      amount_due: 500,
      starting_balance: -300,
      status: 'draft',
      total: 800,
    });
    expect(ending_balance).toBe(0);
    expect(lines).toHaveLength(2);
    expect(await store.find(tenant.scope, invoice.id)).toBeNull();
  });

  it('says of each line what is behind it', async () => {
    const subscribed = { subscription: 'sub_1', subscription_item: 'si_1' };
    const credited_items = { invoice: 'inv_1', invoice_line_items: ['il_1'] };
    const { invoice, beside } = await compose(
      tenant.scope,
      await asked({
        subscription: { id: 'sub_1', metadata: { plan: 'a' }, proration_date: 7 },
        lines: [
          line(subscribed),
          line({
            ...subscribed,
            invoice_item: 'ii_1',
            proration: true,
            proration_details: { credited_items },
            quantity_decimal: '1.5',
          }),
          line(),
        ],
      }),
    );
    const shown = showInvoice(invoice, beside);
    expectContract(shown);
    expect(shown.parent).toEqual({
      quote_details: null,
      subscription_details: {
        metadata: { plan: 'a' },
        subscription: 'sub_1',
        subscription_proration_date: 7,
      },
      type: 'subscription_details',
    });
    expect(shown.lines.data.map(({ parent }) => parent)).toEqual([
      {
        invoice_item_details: null,
        subscription_item_details: {
          ...subscribed,
          invoice_item: null,
          proration: false,
          proration_details: null,
        },
        type: 'subscription_item_details',
      },
      {
        invoice_item_details: null,
        subscription_item_details: {
          ...subscribed,
          invoice_item: 'ii_1',
          proration: true,
          proration_details: { credited_items },
        },
        type: 'subscription_item_details',
      },
      null,
    ]);
    expect(shown.lines.data[1]).toMatchObject({ quantity: 1, quantity_decimal: '1.5' });
  });
});

describe('a draft whose time has come', () => {
  it('is finalized', async () => {
    const final = await tenant.ctx.transaction(async (tx) =>
      finalizeDue(tx, await draft(tx, await asked())),
    );
    expect(final).toMatchObject({ amount_due: 700, ending_balance: 0, status: 'open' });
  });

  it('stays a draft that says why where it cannot be finalized', async () => {
    const { id } = await tenant.ctx.transaction(async (tx) => draft(tx, await asked()));
    await ask(tenant, customers.operations.remove, { id: customer });
    await tenant.ctx.transaction(async (tx) => {
      const row = await store.lock(tx, id);
      if (row === null) throw new Error('The draft is gone.');
      await finalizeDue(tx, row);
    });
    const failed = await ask(tenant, invoices.operations.retrieve, { id });
    expectContract(failed);
    expect(failed).toMatchObject({
      automatically_finalizes_at: null,
      last_finalization_error: {
        code: 'resource_missing',
        param: 'customer',
        type: 'invalid_request_error',
      },
      number: null,
      status: 'draft',
    });
    expect((await announced(tenant)).slice(-2)).toEqual([
      'invoice.finalization_failed',
      'invoice.updated',
    ]);
    expect((await store.find(tenant.scope, id))?.due_at).toBeNull();
  });

  it('is not finalized above what can be charged', async () => {
    const final = await tenant.ctx.transaction(async (tx) =>
      finalizeDue(tx, await draft(tx, await asked({ lines: [line({ amount: 100_000_300 })] }))),
    );
    expect(final.last_finalization_error).toMatchObject({ code: 'amount_too_large' });
  });
});
