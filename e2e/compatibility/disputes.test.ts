import { describe, expect, it } from 'vitest';
import { served } from '@/e2e/support/served';

const { stripe } = await served();

const pay = (payment_method: string) =>
  stripe.paymentIntents.create({ amount: 1000, currency: 'gbp', confirm: true, payment_method });

/** Pays with a card that is disputed, and answers the dispute. */
async function disputed(payment_method: string) {
  const { id } = await pay(payment_method);
  const { data } = await stripe.disputes.list({ payment_intent: id });
  const [dispute] = data;
  if (dispute === undefined) throw new Error(`${id} is not disputed.`);
  return dispute;
}

/** The worker of the server decides within seconds: asked until it has. */
async function statusOf(id: string, wanted: string): Promise<void> {
  await expect
    .poll(async () => (await stripe.disputes.retrieve(id)).status, { timeout: 20_000 })
    .toBe(wanted);
}

describe('disputes through the official SDK', () => {
  it('are answered with evidence, and won', async () => {
    const { id, charge } = await disputed('pm_card_createDispute');
    const submitted = await stripe.disputes.update(id, {
      evidence: { product_description: 'A boat', uncategorized_text: 'winning_evidence' },
      metadata: { case: '7' },
      expand: ['charge', 'payment_intent'],
    });
    expect(submitted).toMatchObject({
      status: 'under_review',
      metadata: { case: '7' },
      charge: { object: 'charge', id: charge, disputed: true },
      payment_intent: { object: 'payment_intent' },
    });
    await statusOf(id, 'won');
    const { data } = await stripe.balanceTransactions.list({ source: id, expand: ['data.source'] });
    expect(data).toMatchObject([
      { type: 'adjustment', reporting_category: 'dispute_reversal', net: 1000 },
      { net: -1000, source: { object: 'dispute', id } },
    ]);
  });

  it('are given in to, listed by charge, and keep their charge from being refunded', async () => {
    const { id, charge } = await disputed('pm_card_createDisputeProductNotReceived');
    await expect(stripe.refunds.create({ charge: String(charge) })).rejects.toMatchObject({
      code: 'charge_disputed',
    });
    expect(await stripe.disputes.close(id)).toMatchObject({ status: 'lost' });
    const { data } = await stripe.disputes.list({ charge: String(charge), created: { gte: 1 } });
    expect(data.map((one) => one.id)).toEqual([id]);
    await expect(stripe.disputes.retrieve('du_none')).rejects.toMatchObject({
      code: 'resource_missing',
    });
    await expect(
      stripe.disputes.update(id, { evidence: { receipt: 'file_1' } }),
    ).rejects.toMatchObject({ param: 'evidence[receipt]' });
  });

  it('begin as inquiries, which a refund ends', async () => {
    const { id, charge, is_charge_refundable } = await disputed('pm_card_createDisputeInquiry');
    expect(is_charge_refundable).toBe(true);
    await stripe.refunds.create({ charge: String(charge) });
    expect((await stripe.disputes.retrieve(id)).status).toBe('warning_closed');
  });

  it('are warned of', async () => {
    const { id, latest_charge } = await pay('pm_card_createIssuerFraudRecord');
    const list = await stripe.radar.earlyFraudWarnings.list({ payment_intent: id });
    const [warning] = list.data;
    expect(warning).toMatchObject({ actionable: true, charge: latest_charge });
    const shown = await stripe.radar.earlyFraudWarnings.retrieve(warning?.id ?? '', {
      expand: ['charge'],
    });
    expect(shown.charge).toMatchObject({ object: 'charge', id: latest_charge });
  });
});

describe('refunds whose bank takes its time', () => {
  it('succeed, or fail after they succeeded', async () => {
    const waits = await pay('pm_card_pendingRefund');
    const fails = await pay('pm_card_refundFail');
    const [pending, succeeded] = await Promise.all([
      stripe.refunds.create({ payment_intent: waits.id }),
      stripe.refunds.create({ payment_intent: fails.id }),
    ]);
    expect([pending.status, succeeded.status]).toEqual(['pending', 'succeeded']);
    const statuses = async () => {
      const now = await Promise.all([
        stripe.refunds.retrieve(pending.id),
        stripe.refunds.retrieve(succeeded.id, { expand: ['failure_balance_transaction'] }),
      ]);
      return now.map(({ status }) => status);
    };
    await expect.poll(statuses, { timeout: 20_000 }).toEqual(['succeeded', 'failed']);
  });
});
