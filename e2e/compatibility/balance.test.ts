import { describe, expect, it } from 'vitest';
import { served } from '@/e2e/support/served';

const { stripe } = await served();

describe('the balance through the official SDK', () => {
  it('is the sum of its transactions, a currency at a time', async () => {
    const payment = { confirm: true, payment_method: 'pm_card_visa' };
    const first = await stripe.paymentIntents.create({ ...payment, amount: 900, currency: 'gbp' });
    await stripe.paymentIntents.create({ ...payment, amount: 5000, currency: 'eur' });
    await stripe.refunds.create({ payment_intent: first.id, amount: 250 });

    const sums = new Map<string, number>();
    const types: string[] = [];
    const transactions = stripe.balanceTransactions.list({ limit: 2, expand: ['data.source'] });
    for await (const { net, currency, type, source } of transactions) {
      sums.set(currency, (sums.get(currency) ?? 0) + net);
      types.push(type);
      expect(source).toMatchObject({ object: type });
    }
    expect(types).toEqual(['refund', 'charge', 'charge']);
    expect(Object.fromEntries(sums)).toEqual({ gbp: 650, eur: 5000 });

    const { available, pending } = await stripe.balance.retrieve();
    const held = new Map<string, number>();
    for (const { amount, currency } of [...available, ...pending]) {
      held.set(currency, (held.get(currency) ?? 0) + amount);
    }
    expect(Object.fromEntries(held)).toEqual(Object.fromEntries(sums));
  });

  it('answers for one transaction', async () => {
    const { data } = await stripe.balanceTransactions.list({ type: 'refund' });
    const [refund] = data;
    expect(await stripe.balanceTransactions.retrieve(refund?.id ?? '')).toMatchObject({
      amount: -250,
      reporting_category: 'refund',
    });
  });
});
