import { Stripe } from 'stripe';
import { describe, expect, it } from 'vitest';
import { served } from '@/e2e/support/served';
import { PUBLISHABLE_KEY } from '@/e2e/support/server';
import { addressOf } from '@/e2e/support/stripe';
import { receiverOf, traveller } from '@/e2e/support/traveller';

const { server, stripe } = await served();
const receiver = await receiverOf(stripe);

const withCard = async (card: string | null = 'pm_card_visa'): Promise<string> => {
  const payment =
    card === null
      ? {}
      : { payment_method: card, invoice_settings: { default_payment_method: card } };
  return (await stripe.customers.create({ name: 'Ada Lovelace', ...payment })).id;
};

/** A draft with these amounts, in pence. */
async function draftOf(
  customer: string,
  amounts: readonly number[],
  terms: Omit<Stripe.InvoiceCreateParams, 'customer'> = {},
): Promise<Stripe.Invoice> {
  const draft = await stripe.invoices.create({ customer, currency: 'gbp', ...terms });
  for (const amount of amounts) {
    await stripe.invoiceItems.create({ customer, invoice: draft.id, amount });
  }
  return stripe.invoices.retrieve(draft.id);
}

const openOf = async (customer: string, ...amounts: number[]): Promise<Stripe.Invoice> =>
  stripe.invoices.finalizeInvoice((await draftOf(customer, amounts)).id);

describe('one-off invoices through the official SDK', () => {
  it('are drafted, finalized and paid by the card of the customer', async () => {
    const ada = await traveller(stripe, receiver, '2026-01-01');
    const draft = await draftOf(ada.id, [1_200, 300], {
      description: 'January',
      custom_fields: [{ name: 'Order', value: '7' }],
      footer: 'Thank you',
      metadata: { order: '7' },
    });
    expect(draft).toMatchObject({ status: 'draft', number: null, total: 1_500, attempted: false });
    await stripe.invoices.update(draft.id, { footer: '', metadata: { order: '8' } });
    const open = await stripe.invoices.finalizeInvoice(draft.id);
    expect(open).toMatchObject({
      status: 'open',
      footer: null,
      metadata: { order: '8' },
      amount_due: 1_500,
      amount_remaining: 1_500,
    });
    expect(open.number).toMatch(/-0001$/);
    const paid = await stripe.invoices.pay(open.id, {
      expand: ['payments.data.payment.payment_intent', 'customer'],
    });
    expect(paid).toMatchObject({
      status: 'paid',
      amount_paid: 1_500,
      amount_remaining: 0,
      customer: { object: 'customer' },
      payments: {
        data: [
          {
            amount_paid: 1_500,
            status: 'paid',
            payment: { payment_intent: { amount: 1_500, status: 'succeeded' } },
          },
        ],
      },
    });
    expect(await ada.types('invoice.')).toEqual([
      'invoice.created',
      'invoice.updated',
      'invoice.updated',
      'invoice.updated',
      'invoice.finalized',
      'invoice.updated',
      'invoice.paid',
      'invoice.payment_succeeded',
      'invoice.updated',
    ]);
    const payments = await stripe.invoicePayments.list({ invoice: paid.id });
    expect(payments.data).toMatchObject([{ invoice: paid.id, amount_paid: 1_500 }]);
  });

  it('finalize and collect themselves where they advance', async () => {
    const ada = await traveller(stripe, receiver, '2026-01-01');
    const { id } = await draftOf(ada.id, [900], { auto_advance: true });
    await ada.travelTo('2026-01-01T00:30');
    expect(await stripe.invoices.retrieve(id)).toMatchObject({ status: 'draft' });
    await ada.travelTo('2026-01-01T01:30');
    expect(await stripe.invoices.retrieve(id)).toMatchObject({ status: 'paid' });
  });

  it('are paid in the browser, by the secret and the publishable key', async () => {
    const { id } = await openOf(await withCard(null), 2_500);
    const { confirmation_secret } = await stripe.invoices.retrieve(id, {
      expand: ['confirmation_secret'],
    });
    const secret = confirmation_secret?.client_secret ?? '';
    const browser = new Stripe(PUBLISHABLE_KEY, addressOf(server));
    const card = { number: '5555555555554444', exp_month: 1, exp_year: 2035, cvc: '123' };
    const method = await browser.paymentMethods.create({ type: 'card', card });
    const inBrowser: Stripe.PaymentIntentConfirmParams & { client_secret: string } = {
      client_secret: secret,
      payment_method: method.id,
    };
    const [intent = ''] = secret.split('_secret_');
    expect(await browser.paymentIntents.confirm(intent, inBrowser)).toMatchObject({
      status: 'succeeded',
    });
    expect(await stripe.invoices.retrieve(id)).toMatchObject({ status: 'paid' });
  });

  it('tell a decline, and are paid by another card', async () => {
    const customer = await withCard('pm_card_chargeCustomerFail');
    const { id } = await openOf(customer, 800);
    await expect(stripe.invoices.pay(id)).rejects.toMatchObject({
      type: 'StripeCardError',
      code: 'card_declined',
    });
    const tried = await stripe.invoices.retrieve(id);
    expect(tried).toMatchObject({ status: 'open', attempted: true, attempt_count: 1 });
    const other = await stripe.paymentMethods.attach('pm_card_visa', { customer });
    const paid = await stripe.invoices.pay(id, { payment_method: other.id });
    expect(paid).toMatchObject({ status: 'paid' });
  });

  it('are voided, given up for lost, and paid all the same', async () => {
    const customer = await withCard();
    const gone = await openOf(customer, 100);
    expect(await stripe.invoices.voidInvoice(gone.id)).toMatchObject({ status: 'void' });
    await expect(stripe.invoices.pay(gone.id)).rejects.toMatchObject({ statusCode: 400 });
    const lost = await openOf(customer, 200);
    expect(await stripe.invoices.markUncollectible(lost.id)).toMatchObject({
      status: 'uncollectible',
    });
    expect(await stripe.invoices.pay(lost.id)).toMatchObject({ status: 'paid' });
  });

  it('are sent, come due, and are overdue', async () => {
    const ada = await traveller(stripe, receiver, '2026-01-01', null);
    const { id } = await draftOf(ada.id, [400], {
      collection_method: 'send_invoice',
      days_until_due: 3,
    });
    await ada.types();
    expect(await stripe.invoices.sendInvoice(id)).toMatchObject({ status: 'open' });
    await ada.travelTo('2026-01-05');
    expect(await ada.types('invoice.', 'customer')).toEqual([
      'invoice.finalized',
      'invoice.updated',
      'invoice.sent',
      'invoice.overdue',
      'customer.updated',
    ]);
    expect(await stripe.customers.retrieve(ada.id)).toMatchObject({ delinquent: true });
  });

  it('take up the balance of the customer', async () => {
    const customer = await withCard();
    await stripe.customers.createBalanceTransaction(customer, { amount: -600, currency: 'gbp' });
    const open = await openOf(customer, 1_000);
    expect(open).toMatchObject({ starting_balance: -600, ending_balance: 0, amount_due: 400 });
    const { data } = await stripe.customers.listBalanceTransactions(customer);
    expect(data).toMatchObject([
      { type: 'applied_to_invoice', amount: 600, ending_balance: 0, invoice: open.id },
      { type: 'adjustment', amount: -600, ending_balance: -600 },
    ]);
    await stripe.invoices.voidInvoice(open.id);
    expect(await stripe.customers.retrieve(customer)).toMatchObject({ balance: -600 });
  });

  it('are numbered one after the other, and found', async () => {
    const customer = await withCard();
    const numbers: (string | null)[] = [];
    for (const amount of [100, 200, 300]) {
      const { number } = await openOf(customer, amount);
      numbers.push(number);
    }
    const [prefix] = String(numbers[0]).split('-');
    expect(numbers).toEqual([`${prefix}-0001`, `${prefix}-0002`, `${prefix}-0003`]);
    const listed = await stripe.invoices.list({ customer, status: 'open', limit: 2 });
    expect(listed.data.map(({ number }) => number)).toEqual([`${prefix}-0003`, `${prefix}-0002`]);
    const found = await stripe.invoices.search({ query: `customer:'${customer}' AND total>100` });
    expect(found.data.map(({ total }) => total).toSorted()).toEqual([200, 300]);
  });

  it('have lines that are added, changed and removed, and drafts that are deleted', async () => {
    const customer = await withCard();
    const { id } = await draftOf(customer, [100]);
    await stripe.invoices.addLines(id, { lines: [{ amount: 250, description: 'Delivery' }] });
    const { data } = await stripe.invoices.listLineItems(id);
    const delivery = data.find(({ description }) => description === 'Delivery');
    await stripe.invoices.updateLineItem(id, String(delivery?.id), { amount: 300 });
    expect(await stripe.invoices.retrieve(id)).toMatchObject({ total: 400 });
    await stripe.invoices.removeLines(id, {
      lines: [{ behavior: 'delete', id: String(delivery?.id) }],
    });
    expect(await stripe.invoices.retrieve(id)).toMatchObject({ total: 100 });
    expect(await stripe.invoices.del(id)).toMatchObject({ deleted: true });
    await expect(stripe.invoices.retrieve(id)).rejects.toMatchObject({ statusCode: 404 });
  });
});
