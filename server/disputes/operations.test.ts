import type Stripe from 'stripe';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { expectContract } from '@/e2e/support/contract';
import { balance_transactions } from '@/server/balance_transactions';
import { charges } from '@/server/charges';
import { unanswered } from '@/server/conclusions';
import { ctxOf } from '@/server/context';
import { customers } from '@/server/customers';
import { early_fraud_warnings } from '@/server/early_fraud_warnings';
import { payment_intents } from '@/server/payment_intents';
import type { Fault } from '@/server/processor/simulator/faults';
import { refunds } from '@/server/refunds';
import { test_clocks } from '@/server/test_clocks';
import { announced, ask } from '@/server/testing/ask';
import { tamper, untruths } from '@/server/testing/books';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { advanceClocks, pass } from '@/server/testing/due';
import { disputes } from './index';

const ops = disputes.operations;
const DAY = 24 * 60 * 60;

let world: TestWorld;
let tenant: TestTenant;

let fault: Fault | undefined;

beforeAll(async () => {
  world = await createWorld({
    faults: () => {
      const now = fault;
      fault = undefined;
      return now;
    },
  });
});
afterAll(() => world.close());
beforeEach(async () => {
  tenant = await world.project();
});

const pay = async (card: string, more: { customer?: string; capture_method?: 'manual' } = {}) =>
  ask(tenant, payment_intents.operations.create, {
    amount: 1000,
    currency: 'gbp',
    payment_method: `pm_card_${card}`,
    confirm: true,
    ...more,
  });

/** Pays, and answers the dispute that the bank then opens. */
async function disputed(card = 'createDispute'): Promise<Stripe.Dispute> {
  const { id } = await pay(card);
  const { data } = await ask(tenant, ops.list, { payment_intent: id });
  const [dispute] = data;
  if (dispute === undefined) throw new Error('There is no dispute.');
  return dispute;
}

const again = ({ id }: Stripe.Dispute) => ask(tenant, ops.retrieve, { id });

const chargeOf = ({ charge }: Stripe.Dispute) =>
  ask(tenant, charges.operations.retrieve, { id: String(charge) });

const say = ({ id }: Stripe.Dispute, uncategorized_text: string) =>
  ask(tenant, ops.update, { id, evidence: { uncategorized_text } });

const movements = async () => {
  const { data } = await ask(tenant, balance_transactions.operations.list, { type: 'adjustment' });
  return data.map(({ net, reporting_category, source }) => [net, reporting_category, source]);
};

const last = async (count: number) => (await announced(tenant)).slice(-count);

/** After everything: the books of this project agree. */
async function expectBooks(): Promise<void> {
  expect(await untruths(world, tenant)).toEqual([]);
}

describe('GET /v1/disputes', () => {
  it('lists by state, inquiries with the others', async () => {
    const [fraud, inquiry, lost] = [
      await disputed(),
      await disputed('createDisputeInquiry'),
      await disputed(),
    ];
    await ask(tenant, ops.close, { id: lost.id });
    const idsIn = async (state: 'needs_response' | 'lost' | 'won') =>
      (await ask(tenant, ops.list, { state })).data.map(({ id }) => id);
    expect(await idsIn('needs_response')).toEqual([inquiry.id, fraud.id]);
    expect(await idsIn('lost')).toEqual([lost.id]);
    expect(await idsIn('won')).toEqual([]);
  });

  it('finds the payments that were disputed', async () => {
    await pay('visa');
    const { payment_intent } = await disputed();
    const { data } = await ask(tenant, payment_intents.operations.list, { state: 'disputed' });
    expect(data.map(({ id }) => id)).toEqual([payment_intent]);
  });
});

describe('a payment with one of the test cards', () => {
  it.each([
    ['createDispute', 'needs_response', 'fraudulent', '10.4', 'chargeback'],
    [
      'createDisputeProductNotReceived',
      'needs_response',
      'product_not_received',
      '13.1',
      'chargeback',
    ],
    ['createDisputeInquiry', 'warning_needs_response', 'fraudulent', '10.4', 'inquiry'],
    ['createComplianceDispute', 'needs_response', 'noncompliant', null, 'compliance'],
    ['createCe3EligibleDispute', 'needs_response', 'fraudulent', '10.4', 'chargeback'],
  ])('is disputed: %s', async (card, status, reason, network_reason_code, case_type) => {
    const dispute = await disputed(card);
    expectContract(dispute);
    expect(dispute).toMatchObject({
      amount: 1000,
      status,
      reason,
      network_reason_code,
      payment_method_details: { card: { brand: 'visa', case_type } },
      evidence_details: { has_evidence: false, past_due: false, submission_count: 0 },
    });
    expect(await chargeOf(dispute)).toMatchObject({ disputed: true, amount_refunded: 0 });
    await expectBooks();
  });

  it('loses the money to a chargeback at once, and nothing to an inquiry', async () => {
    const { id } = await disputed();
    expect(await movements()).toEqual([[-1000, 'dispute', id]]);
    expect(await last(3)).toEqual([
      'payment_intent.succeeded',
      'charge.dispute.created',
      'charge.dispute.funds_withdrawn',
    ]);
    await disputed('createDisputeInquiry');
    expect(await movements()).toHaveLength(1);
  });

  it('is disputed twice, half of it each time', async () => {
    const { payment_intent } = await disputed('createMultipleDisputes');
    const { data } = await ask(tenant, ops.list, { payment_intent: String(payment_intent) });
    expect(data.map(({ amount }) => amount)).toEqual([500, 500]);
    await expectBooks();
  });

  it('is disputed when it is captured, of what was captured', async () => {
    const { id } = await pay('createDispute', { capture_method: 'manual' });
    expect((await ask(tenant, ops.list, { payment_intent: id })).data).toEqual([]);
    await ask(tenant, payment_intents.operations.capture, { id, amount_to_capture: 600 });
    const { data } = await ask(tenant, ops.list, { payment_intent: id });
    expect(data).toMatchObject([{ amount: 600 }]);
    await expectBooks();
  });

  it('is warned of, until it is refunded', async () => {
    const { latest_charge } = await pay('createIssuerFraudRecord');
    const charge = String(latest_charge);
    const list = () => ask(tenant, early_fraud_warnings.operations.list, { charge });
    const [warning] = (await list()).data;
    expectContract(warning);
    expect(warning).toMatchObject({ actionable: true, fraud_type: 'made_with_stolen_card' });
    expect(await last(1)).toEqual(['radar.early_fraud_warning.created']);
    await ask(tenant, refunds.operations.create, { charge, amount: 1 });
    expect((await list()).data).toMatchObject([{ actionable: true }]);
    await ask(tenant, refunds.operations.create, { charge });
    expect((await list()).data).toMatchObject([{ actionable: false }]);
    expect(await last(1)).toEqual(['radar.early_fraud_warning.updated']);
  });

  it('is disputed once, also where the answer to the payment was lost', async () => {
    fault = { lose: 'after' };
    const { id, status } = await pay('createDispute');
    expect(status).toBe('processing');
    const found = () => ask(tenant, ops.list, { payment_intent: id });
    // The bank's notice is there, and what it is about is not: it waits.
    await pass(world, 1);
    expect((await found()).data).toEqual([]);
    world.now = new Date(world.now.getTime() + 10_000);
    await unanswered({ ...world.runtime, ctxOf: (one) => ctxOf(world.runtime, one) });
    await pass(world, 10);
    expect((await found()).data).toMatchObject([{ amount: 1000, status: 'needs_response' }]);
    await expectBooks();
  });
});

describe('POST /v1/disputes/:id', () => {
  it('wins with winning evidence, and gives the money back', async () => {
    const dispute = await disputed();
    const submitted = await say(dispute, 'winning_evidence');
    expectContract(submitted);
    expect(submitted).toMatchObject({
      status: 'under_review',
      evidence: { uncategorized_text: 'winning_evidence', receipt: null },
      evidence_details: { has_evidence: true, submission_count: 1, submission_method: 'manual' },
    });
    await pass(world, 1);
    const won = await again(dispute);
    expectContract(won);
    expect(won).toMatchObject({ status: 'won', is_charge_refundable: true });
    expect(won.balance_transactions.map(({ net }) => net)).toEqual([-1000, 1000]);
    expect(await last(3)).toEqual([
      'charge.dispute.updated',
      'charge.dispute.closed',
      'charge.dispute.funds_reinstated',
    ]);
    await expectBooks();
    // The money is the merchant's again, who may give it back.
    await ask(tenant, refunds.operations.create, { charge: String(dispute.charge) });
    await expectBooks();
  });

  it('loses with losing evidence', async () => {
    const dispute = await disputed();
    await say(dispute, 'losing_evidence');
    await pass(world, 1);
    expect(await again(dispute)).toMatchObject({ status: 'lost' });
    expect(await movements()).toHaveLength(1);
    expect(await last(1)).toEqual(['charge.dispute.closed']);
    await expectBooks();
  });

  it('turns an inquiry into a chargeback, which is answered anew', async () => {
    const dispute = await disputed('createDisputeInquiry');
    await say(dispute, 'escalate_inquiry_evidence');
    expect(await again(dispute)).toMatchObject({ status: 'warning_under_review' });
    await pass(world, 1);
    expect(await again(dispute)).toMatchObject({
      status: 'needs_response',
      payment_method_details: { card: { case_type: 'chargeback' } },
      evidence_details: { submission_count: 0 },
    });
    expect(await last(2)).toEqual(['charge.dispute.updated', 'charge.dispute.funds_withdrawn']);
    await say(dispute, 'winning_evidence');
    await pass(world, 1);
    expect(await again(dispute)).toMatchObject({ status: 'won' });
    await expectBooks();
  });

  it('ends an inquiry with winning evidence', async () => {
    const dispute = await disputed('createDisputeInquiry');
    await say(dispute, 'winning_evidence');
    await pass(world, 1);
    expect(await again(dispute)).toMatchObject({ status: 'warning_closed' });
    await expectBooks();
  });

  it('stays under review where the evidence says nothing to the simulated issuer', async () => {
    const dispute = await disputed();
    await say(dispute, 'They did get it.');
    await pass(world, 30 * DAY);
    expect(await again(dispute)).toMatchObject({ status: 'under_review' });
    await ask(tenant, ops.conclude, { id: dispute.id, decision: 'win' });
    expect(await again(dispute)).toMatchObject({ status: 'won' });
  });

  it('stages evidence, merges it field by field, and takes a text back', async () => {
    const { id } = await disputed();
    const stage = (evidence: Record<string, string>) =>
      ask(tenant, ops.update, { id, evidence, submit: false });
    await stage({ customer_name: 'Ada', product_description: 'A boat' });
    const staged = await stage({ customer_name: '', shipping_carrier: 'DHL' });
    expect(staged).toMatchObject({
      status: 'needs_response',
      evidence: { customer_name: null, product_description: 'A boat', shipping_carrier: 'DHL' },
      evidence_details: { has_evidence: true, submission_count: 0 },
    });
    expect(await ask(tenant, ops.update, { id, submit: true })).toMatchObject({
      status: 'under_review',
    });
  });

  it('changes the metadata, and submits nothing by that', async () => {
    const { id } = await disputed();
    const changed = await ask(tenant, ops.update, { id, metadata: { case: '7' } });
    expect(changed).toMatchObject({ status: 'needs_response', metadata: { case: '7' } });
    expect(await last(1)).toEqual(['charge.dispute.updated']);
  });

  it('refuses evidence twice, after the end, and files', async () => {
    const dispute = await disputed();
    await say(dispute, 'They did get it.');
    await expect(say(dispute, 'Really.')).rejects.toMatchObject({ status: 400 });
    const other = await disputed();
    await ask(tenant, ops.close, { id: other.id });
    await expect(say(other, 'Wait.')).rejects.toMatchObject({ status: 400 });
    const file = ops.update.input.safeParse({ id: other.id, evidence: { receipt: 'file_1' } });
    expect(file.success).toBe(false);
  });

  it('is lost when nobody answers in time', async () => {
    const dispute = await disputed();
    const inquiry = await disputed('createDisputeInquiry');
    await pass(world, 10 * DAY);
    expect(await again(dispute)).toMatchObject({
      status: 'lost',
      evidence_details: { past_due: true },
    });
    expect(await again(inquiry)).toMatchObject({ status: 'warning_closed' });
    await expectBooks();
  });

  it('lapses by the clock of the customer', async () => {
    const start = Math.floor(world.now.getTime() / 1000) + 400 * DAY;
    const clocks = test_clocks.operations;
    const clock = await ask(tenant, clocks.create, { frozen_time: start });
    const customer = await ask(tenant, customers.operations.create, { test_clock: clock.id });
    const { id } = await pay('createDispute', { customer: customer.id });
    const [dispute] = (await ask(tenant, ops.list, { payment_intent: id })).data;
    expect(dispute).toMatchObject({ created: start, status: 'needs_response' });
    // The money went today, whatever day it is for the customer.
    const now = Math.floor(world.now.getTime() / 1000);
    const [{ created, available_on } = { created: 0, available_on: 0 }] =
      dispute?.balance_transactions ?? [];
    expect([created, available_on]).toEqual([now, now - (now % DAY)]);
    await pass(world, 20 * DAY);
    expect(await again(dispute!)).toMatchObject({ status: 'needs_response' });
    await ask(tenant, clocks.advance, { id: clock.id, frozen_time: start + 12 * DAY });
    await advanceClocks(world);
    expect(await again(dispute!)).toMatchObject({ status: 'lost' });
  });
});

describe('POST /v1/disputes/:id/close', () => {
  it('gives in, once', async () => {
    const { id } = await disputed();
    expect(await ask(tenant, ops.close, { id })).toMatchObject({ status: 'lost' });
    expect(await last(1)).toEqual(['charge.dispute.closed']);
    await expect(ask(tenant, ops.close, { id })).rejects.toMatchObject({ status: 400 });
    await expectBooks();
  });

  it('closes an inquiry', async () => {
    const { id } = await disputed('createDisputeInquiry');
    expect(await ask(tenant, ops.close, { id })).toMatchObject({ status: 'warning_closed' });
  });
});

describe('a refund of a disputed charge', () => {
  it('is refused while the money is with the cardholder', async () => {
    const { charge } = await disputed();
    const refund = ask(tenant, refunds.operations.create, { charge: String(charge) });
    await expect(refund).rejects.toMatchObject({ details: { code: 'charge_disputed' } });
  });

  it('answers an inquiry when it is one in full', async () => {
    const dispute = await disputed('createDisputeInquiry');
    const charge = String(dispute.charge);
    await ask(tenant, refunds.operations.create, { charge, amount: 400 });
    expect(await again(dispute)).toMatchObject({ status: 'warning_needs_response' });
    await ask(tenant, refunds.operations.create, { charge });
    expect(await again(dispute)).toMatchObject({ status: 'warning_closed' });
    await expectBooks();
  });

  it('and a dispute at the same moment never take more than there was', async () => {
    const { latest_charge } = await pay('visa');
    const charge = String(latest_charge);
    const tries = await Promise.allSettled([
      ...Array.from({ length: 4 }, () =>
        ask(tenant, refunds.operations.create, { charge, amount: 300 }),
      ),
      ask(tenant, ops.record, { charge, reason: 'general' }),
      ask(tenant, ops.record, { charge, reason: 'general' }),
    ]);
    expect(tries.some(({ status }) => status === 'fulfilled')).toBe(true);
    const { amount_refunded } = await ask(tenant, charges.operations.retrieve, { id: charge });
    const { data } = await ask(tenant, ops.list, { charge });
    const taken = data.reduce((sum, { amount }) => sum + amount, 0);
    expect(amount_refunded + taken).toBeLessThanOrEqual(1000);
    await expectBooks();
  });
});

describe('what a person was told of by other means', () => {
  it('is recorded, with an amount and a day of its own, and decided', async () => {
    const { latest_charge } = await pay('visa');
    const charge = String(latest_charge);
    const due_by = Math.floor(world.now.getTime() / 1000) + 3 * DAY;
    const dispute = await ask(tenant, ops.record, {
      charge,
      amount: 400,
      due_by,
      reason: 'duplicate',
      network_reason_code: '12.6',
    });
    expectContract(dispute);
    expect(dispute).toMatchObject({ amount: 400, evidence_details: { due_by } });
    await expect(
      ask(tenant, ops.record, { charge, amount: 601, reason: 'general' }),
    ).rejects.toMatchObject({ details: { param: 'amount' } });
    await ask(tenant, ops.conclude, { id: dispute.id, decision: 'lose' });
    await expect(
      ask(tenant, ops.conclude, { id: dispute.id, decision: 'win' }),
    ).rejects.toMatchObject({ status: 400 });
    await expectBooks();
  });

  it('is refused of a charge of which nothing is left', async () => {
    const { latest_charge } = await pay('visa', { capture_method: 'manual' });
    const charge = String(latest_charge);
    await expect(ask(tenant, ops.record, { charge, reason: 'general' })).rejects.toMatchObject({
      details: { code: 'charge_not_disputable' },
    });
  });

  it('costs the fee that the project has set', async () => {
    const fees = { dispute: { fixed: { gbp: 2000 } } };
    await world.admin`update projects set settings = ${world.admin.json({ fees })}
      where id = ${tenant.projectId}`;
    const { balance_transactions: made } = await disputed();
    expect(made).toMatchObject([{ amount: -1000, fee: 2000, net: -3000 }]);
    await expectBooks();
  });
});

describe('the books', () => {
  it.each([
    ["update disputes set status = 'won'", 'a dispute is posted when the money goes'],
    ['update disputes set amount = amount - 1', 'a dispute is posted when the money goes'],
    ['update charges set withdrawn = withdrawn - 1', 'what issuers have taken back'],
    ["update ledger_entries set credit = 'fees' where kind = 'dispute'", 'what fees have gained'],
    [
      "update balance_transactions set amount = amount + 1, net = net + 1 where type = 'adjustment'",
      'a dispute is posted when the money goes',
    ],
  ])('are found out: %s', async (text, statement) => {
    await disputed();
    await expectBooks();
    await tamper(world, tenant, text);
    expect(await untruths(world, tenant)).toContainEqual(expect.stringContaining(statement));
  });
});
