import type { z } from 'zod';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectContract } from '@/e2e/support/contract';
import { coupons } from '@/server/coupons';
import { customers } from '@/server/customers';
import { removeItems } from '@/server/invoice_items';
import { prices, products } from '@/server/prices';
import { tax_rates } from '@/server/tax_rates';
import { test_clocks } from '@/server/test_clocks';
import { announced, ask } from '@/server/testing/ask';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { invoice_items, invoices } from './index';

const { operations: of } = invoice_items;

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
  customer = (await ask(tenant, customers.operations.create, {})).id;
});

const now = () => Math.floor(world.now.getTime() / 1000);

const makePrice = async (terms: object): Promise<string> => {
  const { id: product } = await ask(tenant, products.operations.create, { name: 'Desk' });
  const price = await ask(tenant, prices.operations.create, {
    product,
    currency: 'gbp',
    ...terms,
  });
  return price.id;
};

const make = (terms: Omit<z.input<typeof of.create.input>, 'customer'>) =>
  ask(tenant, of.create, { customer, currency: 'gbp', ...terms });

const totalOf = async (id: string) =>
  (await ask(tenant, invoices.operations.retrieve, { id })).total;

const notEditable = { status: 400, details: { code: 'invoice_not_editable' } };

describe('POST /v1/invoiceitems', () => {
  it('creates an item that waits for an invoice, and announces it', async () => {
    const item = await make({ amount: 2_500, description: 'A desk', metadata: { a: '1' } });
    expectContract(item);
    expect(item).toMatchObject({
      object: 'invoiceitem',
      amount: 2_500,
      currency: 'gbp',
      customer,
      date: now(),
      description: 'A desk',
      discountable: true,
      discounts: [],
      invoice: null,
      metadata: { a: '1' },
      parent: null,
      period: { start: now(), end: now() },
      pricing: { type: 'price_details', unit_amount_decimal: '2500' },
      proration: false,
      quantity: 1,
      quantity_decimal: '1',
      tax_rates: [],
    });
    expect(await announced(tenant)).toContain('invoiceitem.created');
  });

  it.each([
    [{ unit_amount_decimal: '0.5', quantity: 3 }, 2, '3'],
    [{ unit_amount_decimal: '-12.345', quantity: 2 }, -25, '2'],
    [{ unit_amount_decimal: '333', quantity_decimal: '0.25' }, 83, '0.25'],
    [{ unit_amount_decimal: '100', quantity: 0 }, 0, '0'],
  ])('multiplies %o exactly, and rounds half up to %d', async (terms, amount, quantity) => {
    expect(await make(terms)).toMatchObject({ amount, quantity_decimal: quantity });
  });

  it('takes a one-time price by the unit and in packages, and one made for it alone', async () => {
    const unit = await makePrice({ unit_amount: 250 });
    const item = await make({ pricing: { price: unit }, quantity: 3 });
    expect(item).toMatchObject({ amount: 750, pricing: { price_details: { price: unit } } });
    const packed = await makePrice({
      unit_amount: 1_000,
      transform_quantity: { divide_by: 5, round: 'up' },
    });
    expect((await make({ pricing: { price: packed }, quantity: 11 })).amount).toBe(3_000);
    const { id: product } = await ask(tenant, products.operations.create, { name: 'Lamp' });
    const alone = await make({
      price_data: { currency: 'gbp', product, unit_amount_decimal: '12.5' },
      quantity: 2,
    });
    expect(alone).toMatchObject({ amount: 25, pricing: { price_details: { product } } });
    const made = await ask(tenant, prices.operations.list, { product });
    expect(made.data).toMatchObject([{ active: false, unit_amount_decimal: '12.5' }]);
  });

  it('takes the currency of the price, of the customer, or of the project', async () => {
    const price = await makePrice({ currency: 'usd', unit_amount: 250 });
    const bare = await ask(tenant, of.create, { customer, amount: 5 });
    expect(bare.currency).toBe('gbp');
    const priced = await ask(tenant, of.create, { customer, pricing: { price } });
    expect(priced.currency).toBe('usd');
  });

  it('is not discountable where it is a credit', async () => {
    expect((await make({ amount: -1 })).discountable).toBe(false);
    expect((await make({ amount: 1, discountable: false })).discountable).toBe(false);
  });

  it('redeems its own discounts, and has its own tax rates', async () => {
    const { id: coupon } = await ask(tenant, coupons.operations.create, {
      percent_off: 50,
      duration: 'once',
    });
    const vat = await ask(tenant, tax_rates.operations.create, {
      display_name: 'VAT',
      inclusive: false,
      percentage: 20,
    });
    const item = await make({ amount: 1_000, discounts: [{ coupon }], tax_rates: [vat.id] });
    expectContract(item);
    expect(item.discounts).toHaveLength(1);
    expect(item.tax_rates).toMatchObject([{ id: vat.id }]);
    const draft = await ask(tenant, invoices.operations.create, {
      customer,
      currency: 'gbp',
      pending_invoice_items_behavior: 'include',
    });
    expect(draft).toMatchObject({ subtotal: 500, total: 600 });
    expectContract(draft);
  });

  it('becomes a line of the draft that it names, which is computed again', async () => {
    const { id } = await ask(tenant, invoices.operations.create, { customer, currency: 'gbp' });
    const item = await make({ amount: 700, invoice: id });
    expect(item.invoice).toBe(id);
    const draft = await ask(tenant, invoices.operations.retrieve, { id });
    expect(draft).toMatchObject({ amount_due: 700, total: 700 });
    expect((await announced(tenant)).slice(-2)).toEqual(['invoiceitem.created', 'invoice.updated']);
  });

  it('refuses a draft of another customer, in another currency, or that is none any more', async () => {
    const other = await ask(tenant, customers.operations.create, {});
    const theirs = await ask(tenant, invoices.operations.create, { customer: other.id });
    await expect(make({ amount: 1, invoice: theirs.id })).rejects.toMatchObject({
      status: 400,
      details: { param: 'invoice' },
    });
    const dollars = await ask(tenant, invoices.operations.create, { customer, currency: 'usd' });
    await expect(make({ amount: 1, invoice: dollars.id })).rejects.toMatchObject({
      details: { param: 'currency' },
    });
    await ask(tenant, invoices.operations.finalize, { id: dollars.id });
    await expect(make({ amount: 1, currency: 'usd', invoice: dollars.id })).rejects.toMatchObject(
      notEditable,
    );
    await expect(make({ amount: 1, invoice: 'inv_none' })).rejects.toMatchObject({
      status: 400,
      details: { code: 'resource_missing', param: 'invoice' },
    });
  });

  it('refuses none and more than one way to say what it costs', async () => {
    const price = await makePrice({ unit_amount: 1 });
    await expect(make({})).rejects.toMatchObject({
      details: { code: 'parameter_missing', param: 'amount' },
    });
    for (const terms of [
      { amount: 1, pricing: { price } },
      { amount: 1, quantity: 2 },
      { unit_amount_decimal: '1', quantity: 2, quantity_decimal: '2' },
    ]) {
      await expect(make(terms)).rejects.toMatchObject({
        details: { code: 'parameters_exclusive' },
      });
    }
    await expect(make({ unit_amount_decimal: '99999999', quantity: 2 })).rejects.toMatchObject({
      details: { code: 'amount_too_large' },
    });
  });

  it('refuses a price that is unknown, archived, recurring or not offered', async () => {
    const param = 'pricing[price]';
    const archived = await makePrice({ unit_amount: 1, active: false });
    const recurring = await makePrice({ unit_amount: 1, recurring: { interval: 'month' } });
    const dollars = await makePrice({ currency: 'usd', unit_amount: 1 });
    for (const price of ['price_none', archived, recurring, dollars]) {
      await expect(make({ pricing: { price } })).rejects.toMatchObject({
        status: 400,
        details: { param },
      });
    }
    await expect(
      make({ price_data: { currency: 'gbp', product: 'prod_none', unit_amount: 1 } }),
    ).rejects.toMatchObject({
      details: { code: 'resource_missing', param: 'price_data[product]' },
    });
  });

  it('refuses a customer, a subscription or a tax rate that does not exist', async () => {
    await expect(ask(tenant, of.create, { customer: 'cus_none', amount: 1 })).rejects.toMatchObject(
      { status: 400, details: { param: 'customer' } },
    );
    await expect(make({ amount: 1, subscription: 'sub_none' })).rejects.toMatchObject({
      details: { code: 'resource_missing', param: 'subscription' },
    });
    await expect(make({ amount: 1, tax_rates: ['txr_none'] })).rejects.toMatchObject({
      details: { code: 'resource_missing', param: 'tax_rates[0]' },
    });
  });

  it("lives by its customer's test clock", async () => {
    const frozen_time = now() + 86_400;
    const clock = await ask(tenant, test_clocks.operations.create, { frozen_time });
    customer = (await ask(tenant, customers.operations.create, { test_clock: clock.id })).id;
    expect(await make({ amount: 1 })).toMatchObject({ date: frozen_time, test_clock: clock.id });
  });
});

describe('POST /v1/invoiceitems/:id', () => {
  it('changes an item that waits, and unsets by an empty string', async () => {
    const price = await makePrice({ unit_amount: 250 });
    const { id } = await make({ pricing: { price }, metadata: { a: '1' } });
    expect(await ask(tenant, of.update, { id, quantity: 4 })).toMatchObject({
      amount: 1_000,
      pricing: { price_details: { price } },
      quantity: 4,
    });
    expect(await ask(tenant, of.update, { id, amount: 70, metadata: '' })).toMatchObject({
      amount: 70,
      metadata: {},
      pricing: { unit_amount_decimal: '70' },
      quantity: 1,
    });
    expect(
      await ask(tenant, of.update, { id, unit_amount_decimal: '1.5', quantity: 3 }),
    ).toMatchObject({ amount: 5, quantity: 3 });
    expect(
      await ask(tenant, of.update, { id, description: 'B', period: { start: 1, end: 2 } }),
    ).toMatchObject({ amount: 5, description: 'B', period: { start: 1, end: 2 } });
  });

  it('changes the line of a draft with it', async () => {
    const { id: invoice } = await ask(tenant, invoices.operations.create, {
      customer,
      currency: 'gbp',
    });
    const { id } = await make({ amount: 100, invoice });
    const { id: coupon } = await ask(tenant, coupons.operations.create, {
      percent_off: 50,
      duration: 'once',
    });
    await ask(tenant, of.update, { id, amount: 300, discounts: [{ coupon }] });
    const draft = await ask(tenant, invoices.operations.retrieve, { id: invoice });
    expect(draft).toMatchObject({ subtotal: 150, total: 150 });
    expect(draft.lines.data).toMatchObject([{ amount: 300, discount_amounts: [{ amount: 150 }] }]);
    await ask(tenant, invoices.operations.finalize, { id: invoice });
    await expect(ask(tenant, of.update, { id, amount: 1 })).rejects.toMatchObject(notEditable);
  });

  it('cannot see an item of another project', async () => {
    const { id } = await make({ amount: 1 });
    const other = await world.project();
    const missing = { status: 404, details: { code: 'resource_missing' } };
    await expect(ask(other, of.update, { id, amount: 2 })).rejects.toMatchObject(missing);
    await expect(ask(other, of.retrieve, { id })).rejects.toMatchObject(missing);
    await expect(ask(other, of.remove, { id })).rejects.toMatchObject(missing);
  });
});

describe('DELETE /v1/invoiceitems/:id', () => {
  it('deletes one that waits, and one on a draft with its line', async () => {
    const waiting = await make({ amount: 100 });
    const gone = await ask(tenant, of.remove, { id: waiting.id });
    expectContract(gone);
    expect(gone).toEqual({ id: waiting.id, object: 'invoiceitem', deleted: true });
    const { id: invoice } = await ask(tenant, invoices.operations.create, {
      customer,
      currency: 'gbp',
    });
    await make({ amount: 100, invoice });
    const { id } = await make({ amount: 200, invoice });
    await ask(tenant, of.remove, { id });
    expect(await totalOf(invoice)).toBe(100);
    expect((await announced(tenant)).slice(-2)).toEqual(['invoiceitem.deleted', 'invoice.updated']);
    await expect(ask(tenant, of.remove, { id })).rejects.toMatchObject({ status: 404 });
  });

  it('leaves what was finalized alone', async () => {
    const { id: invoice } = await ask(tenant, invoices.operations.create, {
      customer,
      currency: 'gbp',
    });
    const { id } = await make({ amount: 100, invoice });
    await ask(tenant, invoices.operations.finalize, { id: invoice });
    await expect(ask(tenant, of.remove, { id })).rejects.toMatchObject(notEditable);
    expect((await ask(tenant, of.retrieve, { id })).invoice).toBe(invoice);
  });

  it('removes many for whoever made them, and passes over what is gone', async () => {
    const { id } = await make({ amount: 100 });
    await tenant.ctx.transaction((tx) => removeItems(tx, [id, 'ii_none']));
    expect((await ask(tenant, of.list, { customer })).data).toEqual([]);
  });
});

describe('GET /v1/invoiceitems', () => {
  it('lists both ways and filtered, and not those of another project', async () => {
    const { id: invoice } = await ask(tenant, invoices.operations.create, {
      customer,
      currency: 'gbp',
    });
    const first = await make({ amount: 1 });
    const second = await make({ amount: 2, invoice });
    const third = await make({ amount: 3 });
    const amounts = async (params: object) =>
      (await ask(tenant, of.list, params)).data.map(({ amount }) => amount);
    expect(await amounts({})).toEqual([3, 2, 1]);
    expect(await amounts({ starting_after: third.id, limit: 1 })).toEqual([2]);
    expect(await amounts({ ending_before: first.id, limit: 1 })).toEqual([2]);
    expect(await amounts({ pending: true })).toEqual([3, 1]);
    expect(await amounts({ pending: false })).toEqual([2]);
    expect(await amounts({ invoice })).toEqual([second.amount]);
    expect(await amounts({ customer: 'cus_none' })).toEqual([]);
    expect(await amounts({ created: { gt: now() } })).toEqual([]);
    expect((await ask(await world.project(), of.list, {})).data).toEqual([]);
  });
});
