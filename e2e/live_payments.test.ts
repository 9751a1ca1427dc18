/**
 * A merchant in live mode, from the credentials in the dashboard to the settlement: the official SDK,
 * our server, and the Cardstream stand-in as three processes that know one another by address only.
 */
import { Stripe } from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contradictions } from '@/db/books';
import { connect } from '@/db/client';
import { setUpMerchant, WITH_OWNER, OWNER, type Merchant } from '@/e2e/support/merchant';
import { cardNumbersIn, leaksIn } from '@/e2e/support/secrets';
import { startServer, type TestServer } from '@/e2e/support/server';
import { addressOf, strictStripe } from '@/e2e/support/stripe';
import { PLAIN_ACCOUNT, startGateway, type TestGateway } from '@/server/testing/gateway';

let gateway: TestGateway;
let server: TestServer;
let merchant: Merchant;
let stripe: Stripe;

beforeAll(async () => {
  gateway = await startGateway({ accounts: [PLAIN_ACCOUNT] });
  server = await startServer({ CALMONY_ROLE: 'worker', LOG_LEVEL: 'debug', ...WITH_OWNER });
  merchant = await setUpMerchant({ server, gateway, at: PLAIN_ACCOUNT, mode: 'live' });
  stripe = strictStripe(server, merchant.secretKey);
}, 120_000);

afterAll(async () => {
  await server.stop();
  await gateway.stop();
});

const pay = (given: Partial<Stripe.PaymentIntentCreateParams> = {}) =>
  stripe.paymentIntents.create({
    amount: 1_500,
    currency: 'gbp',
    customer: merchant.customer,
    payment_method: merchant.payment_method,
    confirm: true,
    ...given,
  });

const bookOf = async (charge: Stripe.PaymentIntent['latest_charge']) => {
  const books = await gateway.books({ action: 'SALE' });
  const { created } = await stripe.charges.retrieve(String(charge));
  expect(created).toBeGreaterThan(0);
  return books;
};

/** Asks until it is no longer so: what is lost is found out by the schedule, in some seconds. */
async function untilNot(status: string, id: string): Promise<Stripe.PaymentIntent> {
  for (;;) {
    const intent = await stripe.paymentIntents.retrieve(id);
    if (intent.status !== status) return intent;
    await new Promise((resolve) => {
      setTimeout(resolve, 250);
    });
  }
}

describe('a payment in live mode', () => {
  it('is taken by the gateway, and once in both books', async () => {
    const intent = await pay();
    expect(intent).toMatchObject({ status: 'succeeded', livemode: true, amount_received: 1_500 });
    const charge = await stripe.charges.retrieve(String(intent.latest_charge));
    expect(charge).toMatchObject({
      paid: true,
      payment_method_details: {
        card: {
          brand: 'visa',
          last4: '0821',
          network_transaction_id: expect.stringMatching(/^\d{15}$/),
        },
      },
    });
    const [sale, ...others] = await bookOf(intent.latest_charge);
    expect(sale).toMatchObject({ state: 'captured', received: 1_500 });
    expect(others).toEqual([]);
  });

  it('that the issuer declines is told as such', async () => {
    await expect(pay({ amount: 10_000 })).rejects.toMatchObject({
      type: 'StripeCardError',
      code: 'card_declined',
      raw: { advice_code: 'try_again_later' },
    });
    const [{ outcome } = { outcome: null }] = (await stripe.charges.list({ limit: 1 })).data;
    expect(outcome).toMatchObject({ advice_code: 'try_again_later', type: 'issuer_declined' });
  });

  it('is held, captured in part, and refunded', async () => {
    const held = await pay({ capture_method: 'manual', amount: 2_000 });
    expect(held.status).toBe('requires_capture');
    const taken = await stripe.paymentIntents.capture(held.id, { amount_to_capture: 1_800 });
    expect(taken).toMatchObject({ status: 'succeeded', amount_received: 1_800 });
    const refund = await stripe.refunds.create({ payment_intent: held.id, amount: 300 });
    expect(refund.status).toBe('succeeded');
    const [sale] = (await gateway.books({ action: 'SALE' })).toReversed();
    expect(sale).toMatchObject({ state: 'captured', received: 1_500 });
  });

  it('is printed as the project and the payment say, when it is authorized and not later', async () => {
    const pool = connect(server.databaseUrl, { max: 1, name: 'live_payments' });
    await pool`update projects
      set settings = settings || '{"statement_descriptor":"ACME TRADING"}'::jsonb`;
    const held = await pay({ capture_method: 'manual', statement_descriptor_suffix: 'ORDER 7' });
    const charge = await stripe.charges.retrieve(String(held.latest_charge));
    expect(charge.calculated_statement_descriptor).toBe('ACME TRADI* ORDER 7');
    const [told] = await pool`select statement_descriptor from processor_attempts
      where payment_intent = ${held.id} order by id limit 1`;
    expect(told).toEqual({ statement_descriptor: 'ACME TRADI* ORDER 7' });
    await pool.end();
    await expect(
      stripe.paymentIntents.capture(held.id, { statement_descriptor_suffix: 'ORDER 8' }),
    ).rejects.toMatchObject({ param: 'statement_descriptor_suffix' });
    expect(await stripe.paymentIntents.cancel(held.id)).toMatchObject({ status: 'canceled' });
  });

  it('whose answer is lost is found out by the callback', async () => {
    await gateway.faults({ faults: [{ fault: 'drop_after', next: 1, actions: ['SALE'] }] });
    const lost = await pay();
    expect(lost.status).toBe('processing');
    const found = await untilNot('processing', lost.id);
    expect(found).toMatchObject({ status: 'succeeded', amount_received: 1_500 });
    await gateway.calm();
  });

  it('whose request is lost is made once, by the same reference', async () => {
    const before = (await gateway.books({ action: 'SALE' })).length;
    await gateway.faults({ faults: [{ fault: 'drop_before', next: 1, actions: ['SALE'] }] });
    const lost = await pay();
    expect(lost.status).toBe('processing');
    expect(await untilNot('processing', lost.id)).toMatchObject({ status: 'succeeded' });
    expect(await gateway.books({ action: 'SALE' })).toHaveLength(before + 1);
    await gateway.calm();
  });

  it('is settled as both books say, and what differs is listed', async () => {
    await gateway.settle();
    const content = await gateway.settlementFile();
    // The SDK knows no such object, and its types nothing of one.
    const plain = new Stripe(merchant.secretKey, addressOf(server));
    const file = (await plain.rawRequest('POST', '/v1/settlement_files', {
      processor_account: merchant.account,
      content,
    })) as unknown as { lines: number; matched: number; differences: number };
    expect(file.lines).toBeGreaterThan(3);
    expect(file).toMatchObject({ matched: file.lines, differences: 0 });
    const pool = connect(server.databaseUrl, { max: 1, name: 'live_payments' });
    expect(await contradictions(pool)).toEqual([]);
    const [left] = await pool`select
      (select count(*)::int from charges where captured and settled is null) as unsettled,
      (select sum(settled)::int from charges) as settled`;
    await pool.end();
    expect(left).toMatchObject({ unsettled: 0, settled: expect.any(Number) });
  });
});

describe('a settlement that differs', () => {
  interface File {
    readonly id: string;
    readonly object: string;
    readonly differences: number;
  }
  interface Difference {
    readonly id: string;
    readonly status: string;
    readonly kind: string;
    readonly resolution: string | null;
  }
  interface List<T> {
    readonly data: T[];
    readonly has_more: boolean;
  }

  /** The SDK knows no such objects: it signs in and encodes all the same. */
  const call = async <T>(method: 'GET' | 'POST', path: string, given?: object): Promise<T> =>
    (await new Stripe(merchant.secretKey, addressOf(server)).rawRequest(
      method,
      `/v1/${path}`,
      given,
    )) as T;

  const settled = (...lines: string[]) =>
    call<File>('POST', 'settlement_files', {
      processor_account: merchant.account,
      name: 'March',
      content: ['reference,xref,action,state,amount,currency,date', ...lines].join('\n'),
    });

  it('is listed over REST, page by page, and closed by a person', async () => {
    const file = await settled(
      'att_one,X1,SALE,accepted,100,GBP,2026-03-01',
      'att_two,X2,SALE,accepted,200,GBP,2026-03-01',
    );
    expect(file).toMatchObject({ object: 'settlement_file', lines: 2, differences: 2 });
    expect(await call('GET', `settlement_files/${file.id}`)).toEqual(
      expect.objectContaining({ id: file.id, name: 'March' }),
    );
    const files = await call<List<File>>(
      'GET',
      `settlement_files?processor_account=${merchant.account}&limit=1`,
    );
    expect(files).toMatchObject({ has_more: true, data: [{ id: file.id }] });
    const path = `reconciliation_items?settlement_file=${file.id}&status=open&limit=1`;
    const first = await call<List<Difference>>('GET', path);
    const [item] = first.data;
    expect(first).toMatchObject({ has_more: true, data: [{ kind: 'in_their_books_only' }] });
    const next = await call<List<Difference>>('GET', `${path}&starting_after=${item?.id}`);
    expect(next.has_more).toBe(false);
    const closed = await call<Difference>('POST', `reconciliation_items/${item?.id}/resolve`, {
      resolution: 'acknowledged',
      note: 'By telephone',
    });
    expect(closed).toMatchObject({ status: 'resolved', resolution: 'acknowledged' });
    expect(await call('GET', `reconciliation_items/${item?.id}`)).toMatchObject({
      status: 'resolved',
      note: 'By telephone',
    });
  });

  it.each([
    ['GET', 'settlement_files/sf_none', undefined, 'resource_missing'],
    ['GET', 'reconciliation_items/ri_none', undefined, 'resource_missing'],
    ['POST', 'settlement_files', { content: 'xref', nonsense: 1 }, 'parameter_unknown'],
    ['POST', 'reconciliation_items/ri_none/resolve', { resolution: 'failed' }, 'resource_missing'],
  ] as const)('is asked for as anything else: %s %s', async (method, path, given, code) => {
    await expect(call(method, path, given)).rejects.toMatchObject({ code });
  });

  it('is refused where it cannot be read, naming what is wrong', async () => {
    await expect(settled('att_one,X1,SALE,accepted,ten,GBP,')).rejects.toMatchObject({
      param: 'content',
      message: expect.stringContaining('Line 2'),
    });
  });
});

describe('after all of it', () => {
  it('neither the database nor the log holds a card, a key or a secret of anybody', async () => {
    const secrets = {
      'live key': merchant.secretKey,
      "processor's secret": PLAIN_ACCOUNT.secret ?? '',
      "owner's password": OWNER.password,
      'payment token': Buffer.from('{"paymentToken"').toString('base64').slice(0, 16),
    };
    const log = server
      .log()
      .replaceAll(/^ +(?:owner|password|secret key|publishable key) .*$/gm, '');
    expect(await leaksIn(server.databaseUrl, log, secrets)).toEqual([
      // Good for one use, which it has had: without it a lost answer could not be asked for again.
      'processor_attempts holds the payment token.',
    ]);
    // That the search finds what it looks for, and takes no id or time for a card.
    expect(cardNumbersIn('card 4929 4212 3460 0821, 5434849999999951')).toHaveLength(2);
    expect(cardNumbersIn('{"number": "378282246310005"}')).toHaveLength(1);
    expect(cardNumbersIn('1795961926753 26030112XX00YY00ZZ00AAA 4929421234600820')).toEqual([]);
  });
});
