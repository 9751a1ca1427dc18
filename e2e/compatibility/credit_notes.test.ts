import type { Stripe } from 'stripe';
import { describe, expect, it } from 'vitest';
import { served } from '@/e2e/support/served';
import { receiverOf, traveller, type Traveller } from '@/e2e/support/traveller';

const { stripe } = await served();
const receiver = await receiverOf(stripe);

const newTraveller = () => traveller(stripe, receiver, '2026-01-01');

async function openOf({ id: customer }: Traveller, amount: number): Promise<Stripe.Invoice> {
  const { id: invoice } = await stripe.invoices.create({ customer, currency: 'gbp' });
  await stripe.invoiceItems.create({ customer, invoice, amount });
  return stripe.invoices.finalizeInvoice(invoice);
}

const paidOf = async (customer: Traveller, amount: number): Promise<Stripe.Invoice> =>
  stripe.invoices.pay((await openOf(customer, amount)).id);

describe('credit notes through the official SDK', () => {
  it('take something off an invoice that is not paid yet', async () => {
    const ada = await newTraveller();
    const invoice = await openOf(ada, 1_000);
    const note = await stripe.creditNotes.create({
      invoice: invoice.id,
      amount: 400,
      reason: 'order_change',
      memo: 'One seat less',
      expand: ['invoice', 'customer'],
    });
    expect(note).toMatchObject({
      status: 'issued',
      type: 'pre_payment',
      amount: 400,
      invoice: { object: 'invoice', amount_remaining: 600 },
      customer: { object: 'customer' },
    });
    expect(note.number).toBe(`${invoice.number}-CN-01`);
    expect(await stripe.invoices.pay(invoice.id)).toMatchObject({
      status: 'paid',
      total: 1_000,
      amount_paid: 600,
      pre_payment_credit_notes_amount: 400,
    });
    const [charge] = (await stripe.charges.list({ customer: ada.id })).data;
    expect(charge?.amount).toBe(600);
    expect(await ada.types('credit_note')).toEqual(['credit_note.created']);
  });

  it('give back what was paid: to the card, to the balance, or elsewhere', async () => {
    const ada = await newTraveller();
    const invoice = await paidOf(ada, 1_000);
    const preview = await stripe.creditNotes.preview({
      invoice: invoice.id,
      amount: 600,
      refund_amount: 300,
      credit_amount: 200,
      out_of_band_amount: 100,
    });
    expect(preview).toMatchObject({ amount: 600, type: 'post_payment' });
    const note = await stripe.creditNotes.create({
      invoice: invoice.id,
      amount: 600,
      refund_amount: 300,
      credit_amount: 200,
      out_of_band_amount: 100,
      expand: ['refunds.refund', 'customer_balance_transaction'],
    });
    expect(note).toMatchObject({
      type: 'post_payment',
      post_payment_amount: 600,
      out_of_band_amount: 100,
      refunds: [{ refund: { object: 'refund', amount: 300, status: 'succeeded' } }],
      customer_balance_transaction: { amount: -200, type: 'credit_note' },
    });
    expect(await stripe.customers.retrieve(ada.id)).toMatchObject({ balance: -200 });
    const [charge] = (await stripe.charges.list({ customer: ada.id })).data;
    expect(charge).toMatchObject({ amount: 1_000, amount_refunded: 300 });
    await expect(
      stripe.creditNotes.create({ invoice: invoice.id, amount: 401, credit_amount: 401 }),
    ).rejects.toMatchObject({ statusCode: 400 });
    expect(await ada.types('credit_note', 'charge.refunded')).toEqual(
      expect.arrayContaining(['credit_note.created', 'charge.refunded']),
    );
  });

  it('credit lines, with their taxes, and are voided', async () => {
    const ada = await newTraveller();
    const vat = await stripe.taxRates.create({
      display_name: 'VAT',
      percentage: 20,
      inclusive: false,
    });
    const { id } = await stripe.invoices.create({
      customer: ada.id,
      currency: 'gbp',
      default_tax_rates: [vat.id],
    });
    await stripe.invoiceItems.create({ customer: ada.id, invoice: id, amount: 1_000 });
    const { lines } = await stripe.invoices.finalizeInvoice(id);
    const [line] = lines.data;
    const note = await stripe.creditNotes.create({
      invoice: id,
      lines: [{ type: 'invoice_line_item', invoice_line_item: line!.id, amount: 500 }],
    });
    expect(note).toMatchObject({ subtotal: 500, total: 600, total_taxes: [{ amount: 100 }] });
    const listed = await stripe.creditNotes.listLineItems(note.id);
    expect(listed.data).toMatchObject([{ amount: 500, invoice_line_item: line!.id }]);
    expect(await stripe.invoices.retrieve(id)).toMatchObject({ amount_remaining: 600 });
    const updated = await stripe.creditNotes.update(note.id, { memo: 'Mistake' });
    expect(updated.memo).toBe('Mistake');
    expect(await stripe.creditNotes.voidCreditNote(note.id)).toMatchObject({ status: 'void' });
    expect(await stripe.invoices.retrieve(id)).toMatchObject({ amount_remaining: 1_200 });
    expect((await stripe.creditNotes.list({ invoice: id })).data).toMatchObject([{ id: note.id }]);
    expect(await ada.types('credit_note')).toEqual([
      'credit_note.created',
      'credit_note.updated',
      'credit_note.voided',
    ]);
  });
});
