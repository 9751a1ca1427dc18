import { Stripe } from 'stripe';
import { describe, expect, it } from 'vitest';
import { served } from '@/e2e/support/served';

const { stripe } = await served();

describe('invoice items through the official SDK', () => {
  it('wait for the next invoice, and are changed and deleted until then', async () => {
    const customer = (await stripe.customers.create()).id;
    const price = await stripe.prices.create({
      currency: 'gbp',
      unit_amount: 250,
      product_data: { name: 'Seat' },
    });
    const seats = await stripe.invoiceItems.create({
      customer,
      pricing: { price: price.id },
      quantity: 4,
      expand: ['customer', 'pricing.price_details.price'],
    });
    expect(seats).toMatchObject({
      amount: 1_000,
      currency: 'gbp',
      invoice: null,
      customer: { object: 'customer' },
      pricing: { price_details: { price: { object: 'price', unit_amount: 250 } } },
    });
    expect(await stripe.customers.retrieve(customer)).toMatchObject({ currency: 'gbp' });
    const setup = await stripe.invoiceItems.create({
      customer,
      amount: 500,
      description: 'Setup',
    });
    const off = await stripe.invoiceItems.create({ customer, amount: -100 });
    expect(await stripe.invoiceItems.update(setup.id, { amount: 600 })).toMatchObject({
      amount: 600,
      description: 'Setup',
    });
    expect(await stripe.invoiceItems.del(off.id)).toMatchObject({ deleted: true });
    const pending = await stripe.invoiceItems.list({ customer, pending: true });
    expect(pending.data.map(({ amount }) => amount)).toEqual([600, 1_000]);

    const invoice = await stripe.invoices.create({
      customer,
      pending_invoice_items_behavior: 'include',
    });
    expect(invoice).toMatchObject({ status: 'draft', total: 1_600 });
    const taken = await stripe.invoiceItems.retrieve(seats.id, { expand: ['invoice'] });
    expect(taken.invoice).toMatchObject({ id: invoice.id, object: 'invoice' });
  });

  it('are put on a draft, which follows', async () => {
    const customer = (await stripe.customers.create()).id;
    const { id: invoice } = await stripe.invoices.create({ customer, currency: 'gbp' });
    const item = await stripe.invoiceItems.create({ customer, invoice, amount: 700 });
    expect(await stripe.invoices.retrieve(invoice)).toMatchObject({ total: 700 });
    await stripe.invoiceItems.update(item.id, {
      quantity: 3,
      unit_amount_decimal: Stripe.Decimal.from('33.5'),
    });
    // 3 × 33.5p is 100.5p, rounded half up.
    expect(await stripe.invoices.retrieve(invoice)).toMatchObject({ total: 101 });
    await stripe.invoiceItems.del(item.id);
    expect(await stripe.invoices.retrieve(invoice)).toMatchObject({
      total: 0,
      lines: { data: [] },
    });
  });
});
