import { Ajv2020, type AnySchemaObject, type ErrorObject } from 'ajv/dist/2020';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openapi } from '@/server/api/openapi';
import { mint } from '@/server/api_keys';
import { newId } from '@/server/kernel/ids';
import { addProcessorAccount, STRAY_SETTLEMENT } from '@/server/testing/accounts';
import { createApi, type Api, type Reply } from '@/server/testing/api';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { requests, type FuzzedRequest, type Matter } from '@/server/testing/requests';

/**
 * Requests in all; `FUZZ_RUNS` asks for more. The seed is fixed, so that a change is judged by what
 * it did; `FUZZ_SEED` explores another.
 */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 20_000);
const SEED = Number(process.env['FUZZ_SEED'] ?? 248_700_844);

/** Requests that are under way together: rows are locked, keys are used twice. */
const TOGETHER = 8;

const STATUSES: Readonly<Record<string, readonly number[]>> = {
  authentication_error: [401],
  card_error: [402],
  idempotency_error: [400, 409],
  invalid_request_error: [400, 403, 404, 413, 415, 429],
  permission_error: [403],
};

describe('whatever is asked', () => {
  let world: TestWorld;
  let api: Api;
  let matter: Matter;

  beforeAll(async () => {
    world = await createWorld();
    api = createApi(world);
    const [tenant, stranger] = [await world.project(), await world.project()];
    matter = {
      keys: await keysFor(world, tenant),
      ids: await seed(api, tenant),
      foreign: Object.values(await seed(api, stranger)).flat(),
    };
  });
  afterAll(() => world.close());

  it(`is answered as Stripe would, seed ${SEED}`, { timeout: 20 * 60_000 }, async () => {
    const counts = new Map<number, number>();
    const together = fc.array(requests(matter), { minLength: 1, maxLength: TOGETHER, size: 'max' });
    await fc.assert(
      fc.asyncProperty(together, async (batch) => {
        const replies = await Promise.all(batch.map((request) => ask(api, request)));
        replies.forEach((reply, index) => expectWellFormed(reply, batch[index]!, matter));
        for (const { status } of replies) counts.set(status, (counts.get(status) ?? 0) + 1);
      }),
      { numRuns: Math.ceil(RUNS / TOGETHER) * 2, seed: SEED },
    );
    // Were hardly any request good enough to be carried out, this would prove little.
    expect(counts.get(200)).toBeGreaterThan(RUNS / 10);
    await expectSoundBooks(world);
  });
});

interface Documented {
  readonly operationId: string;
  readonly responses: Readonly<
    Record<string, { readonly content: { 'application/json': Answer } }>
  >;
}
type Answer = { readonly schema: AnySchemaObject };

const ajv = new Ajv2020({ strict: false });
ajv.addSchema({ $id: 'openapi', ...openapi() });
const answers = new Map(
  Object.values(openapi()['paths'] as Record<string, Record<string, Documented>>)
    .flatMap((methods) => Object.values(methods))
    .map(({ operationId, responses }) => [
      operationId,
      responses['200']?.content['application/json'].schema ?? {},
    ]),
);

/** In what an answer differs from the OpenAPI document. */
function undocumented(operation: string, body: unknown): readonly ErrorObject[] {
  const schema = JSON.stringify(answers.get(operation)).replaceAll('"#/', '"openapi#/');
  const validate =
    ajv.getSchema(operation) ?? ajv.compile({ $id: operation, ...JSON.parse(schema) });
  return validate(body) === true ? [] : (validate.errors ?? []);
}

/** Whatever was asked, in whatever order: no payment was taken twice, and none given back twice. */
async function expectSoundBooks({ admin }: TestWorld): Promise<void> {
  const paidTwice = await admin`select payment_intent from charges where status = 'succeeded'
    group by payment_intent having count(*) > 1`;
  expect([...paidTwice]).toEqual([]);
  // What was authorized and not captured counts as refunded, though there is no refund of it.
  const misrefunded = await admin`
    select c.id from charges c left join refunds r on r.charge = c.id and r.status <> 'failed'
    group by c.id, c.amount, c.amount_captured, c.amount_refunded
    having coalesce(sum(r.amount), 0) <>
      case c.amount_captured when 0 then 0 else c.amount_captured - (c.amount - c.amount_refunded) end`;
  expect([...misrefunded]).toEqual([]);
  // The simulated bank always answers; the gateway of the matter's account cannot be reached.
  const open =
    await admin`select kind, outcome, inquiries, inquire_at, processor_token, payment_intent
    from processor_attempts where status = 'pending' and processor = 'simulator'`;
  expect([...open]).toEqual([]);
}

const ask = (api: Api, { body, operation: _, ...request }: FuzzedRequest): Promise<Reply> =>
  api({ ...request, body: body ?? undefined });

function expectWellFormed(reply: Reply, request: FuzzedRequest, { foreign }: Matter): void {
  const { status, headers, body, text } = reply;
  const context = JSON.stringify({ request, status, text: text.slice(0, 1_000) });
  expect(status, context).toBeLessThan(500);
  expect(headers.get('request-id'), context).toMatch(/^req_/);
  if (status === 204 || request.method === 'HEAD') return;
  expect(headers.get('content-type'), context).toBe('application/json');
  if (status < 300) {
    for (const id of foreign) expect(text.includes(`"id":"${id}"`), context).toBe(false);
    // A browser is shown less.
    if (request.operation === null || request.key?.startsWith('pk_') === true) return;
    expect(undocumented(request.operation, body), context).toEqual([]);
    return;
  }
  const { type, message, ...rest } = body.error;
  expect(STATUSES[type], context).toContain(status);
  expect(message, context).toMatch(/\S/);
  for (const field of ['code', 'param', 'decline_code', 'doc_url'] as const) {
    if (rest[field] !== undefined) expect(rest[field], context).toMatch(/./s);
  }
}

/** The one with all rights most often, beside all that are refused something. */
async function keysFor(world: TestWorld, tenant: TestTenant): Promise<(string | null)[]> {
  const add = async (type: 'secret' | 'restricted', livemode: boolean): Promise<string> => {
    const { key, hash, prefix, last4 } = mint(type, livemode);
    await world.admin.begin(async (tx) => {
      await tx`select set_config('calmony.project_id', ${String(tenant.projectId)}, true),
        set_config('calmony.livemode', ${String(livemode)}, true)`;
      await tx`insert into api_keys (id, type, name, hash, prefix, last4, status, created, rights)
        values (${newId('api_key')}, ${type}, 'Fuzz', ${hash}, ${prefix}, ${last4}, 'active', 1,
          ${type === 'restricted' ? tx.json({ customers: 'write', payment_intents: 'read' }) : null})`;
    });
    return key;
  };
  const [live, restricted] = [await add('secret', true), await add('restricted', false)];
  const rare = [live, restricted, tenant.publishableKey, null, 'sk_test_nonsense', '\u{e9}'];
  return [...Array.from({ length: 30 }, () => tenant.secretKey), ...rare];
}

/** One or more of everything, by the names of the parameters that ask for it. */
async function seed(api: Api, tenant: TestTenant): Promise<Record<string, string[]>> {
  const key = tenant.secretKey;
  const post = async (path: string, body: unknown = {}): Promise<string> => {
    const reply = await api({ key, method: 'POST', path: `/v1/${path}`, body });
    if (reply.status >= 300 && reply.status !== 402) throw new Error(`${path}: ${reply.text}`);
    return reply.status === 402
      ? (reply.body.error['payment_intent'] as { id: string }).id
      : reply.body.id;
  };
  const first = async (path: string): Promise<string[]> =>
    (await api({ key, path: `/v1/${path}` })).body.data.map(({ id }) => id);
  const pay = { amount: 2_000, currency: 'gbp' };
  const card = { payment_method: 'pm_card_visa', confirm: true };

  const customer = await post('customers', { email: 'ada@example.com', metadata: { a: 'b' } });
  const bare = await post('customers');
  const saved = await post('payment_methods', { type: 'card', card: { token: 'tok_visa' } });
  await post(`payment_methods/${saved}/attach`, { customer });
  const product = await post('products', { name: 'Tea' });
  const intents = [
    await post('payment_intents', pay),
    await post('payment_intents', { ...pay, customer, payment_method: saved }),
    await post('payment_intents', { ...pay, ...card }),
    await post('payment_intents', { ...pay, ...card }),
    await post('payment_intents', { ...pay, ...card, capture_method: 'manual' }),
    await post('payment_intents', { ...pay, ...card, payment_method: 'pm_card_chargeDeclined' }),
  ];
  const setups = [
    await post('setup_intents'),
    await post('setup_intents', { customer, payment_method: saved }),
    await post('setup_intents', { ...card, customer }),
    await post('setup_intents', {
      confirm: true,
      payment_method: 'pm_card_authenticationRequired',
      mandate_data: { customer_acceptance: { type: 'offline' } },
    }),
  ];
  const refund = await post('refunds', { payment_intent: intents[2], amount: 500 });
  await post('webhook_endpoints', { url: 'https://example.com/hook', enabled_events: ['*'] });
  await post('customers', { name: 'Grace' });
  const clock = await post('test_helpers/test_clocks', { frozen_time: 1_800_000_000 });
  const monthly = await post('plans', { amount: 900, currency: 'gbp', interval: 'month', product });
  const meter = await post('billing/meters', {
    display_name: 'Calls',
    event_name: 'calls',
    default_aggregation: { formula: 'sum' },
  });
  const usage = { stripe_customer_id: customer, value: '5' };
  await post('billing/meter_events', { event_name: 'calls', payload: usage });
  const billed = await seedBilling(api, key, { customer, product, saved });
  const account = await addProcessorAccount(tenant);
  const stray = { processor_account: account, content: STRAY_SETTLEMENT };
  const file = await post('settlement_files', stray);
  const ids: Record<string, string[]> = {
    ...billed,
    account: [(await api({ key, path: '/v1/account' })).body.id],
    api_key: [await post('api_keys', { type: 'secret', name: 'Spare' })],
    balance_transaction: await first('balance_transactions'),
    card: [await post(`customers/${customer}/sources`, { source: 'tok_visa' })],
    charge: await first('charges'),
    confirmation_token: [
      await post('test_helpers/confirmation_tokens', { payment_method: 'pm_card_visa' }),
    ],
    customer: [customer, bare],
    customer_balance_transaction: [
      await post(`customers/${customer}/balance_transactions`, { amount: -100, currency: 'gbp' }),
    ],
    event: await first('events'),
    mandate: [String((await api({ key, path: `/v1/setup_intents/${setups[3]}` })).body.mandate)],
    'billing.meter': [meter],
    meter: [meter],
    payment_intent: intents,
    payment_method: [saved],
    plan: [monthly],
    price: [...(billed['price'] ?? []), monthly],
    processor_account: [account],
    product: [product],
    reconciliation_item: await first('reconciliation_items'),
    refund: [refund],
    settlement_file: [file],
    setup_attempt: await first(`setup_attempts?setup_intent=${setups[2]}`),
    setup_intent: setups,
    tax_id: [await post(`customers/${customer}/tax_ids`, { type: 'gb_vat', value: 'GB123456789' })],
    test_clock: [clock],
    'test_helpers.test_clock': [clock],
    token: [
      await post('tokens', { card: { number: '4242424242424242', exp_month: 12, exp_year: 2030 } }),
    ],
    webhook_delivery: await first('webhook_deliveries'),
    webhook_endpoint: await first('webhook_endpoints'),
  };
  const none = Object.keys(ids).filter((name) => ids[name]?.length === 0);
  if (none.length > 0) throw new Error(`There is no ${none.join(', ')}.`);
  const cursors = Object.values(ids).flat();
  return { ...ids, starting_after: cursors, ending_before: cursors };
}

/** What is billed, in each of its states, and what it is billed by. */
async function seedBilling(
  api: Api,
  key: string,
  { customer, product, saved }: { customer: string; product: string; saved: string },
): Promise<Record<string, string[]>> {
  const post = async (path: string, body: unknown = {}): Promise<Reply['body']> => {
    const reply = await api({ key, method: 'POST', path: `/v1/${path}`, body });
    if (reply.status >= 300) throw new Error(`${path}: ${reply.text}`);
    return reply.body;
  };
  const first = async (path: string): Promise<string[]> =>
    (await api({ key, path: `/v1/${path}` })).body.data.map(({ id }) => id);
  const bill = async (amount: number): Promise<string> => {
    const { id } = await post('invoices', { ...later, auto_advance: false });
    await post('invoiceitems', { customer, amount, currency: 'gbp', invoice: id });
    return id;
  };
  const later = { customer, collection_method: 'send_invoice', days_until_due: 30 };
  const pounds = { product, currency: 'gbp', unit_amount: 900 };
  const once = (await post('prices', pounds)).id;
  const monthly = (await post('prices', { ...pounds, recurring: { interval: 'month' } })).id;
  const coupon = (await post('coupons', { duration: 'forever', percent_off: 10 })).id;
  const promotion = { type: 'coupon', coupon };
  const tax = { display_name: 'VAT', inclusive: false, percentage: 20 };
  const tax_rate = (await post('tax_rates', tax)).id;
  const sent = await post('subscriptions', {
    ...later,
    items: [{ price: monthly }],
    discounts: [{ coupon }],
  });
  const charged = await post('subscriptions', {
    customer,
    default_payment_method: saved,
    items: [{ price: monthly, tax_rates: [tax_rate] }],
  });
  const planned = await post('subscription_schedules', {
    customer,
    start_date: 1_900_000_000,
    phases: [{ items: [{ price: monthly }] }],
  });
  const running = await post('subscription_schedules', { from_subscription: sent.id });
  const [draft, open, paid, gone] = [
    await bill(500),
    await bill(700),
    await bill(900),
    await bill(600),
  ];
  await post(`invoices/${open}/finalize`);
  await post(`invoices/${paid}/pay`, { payment_method: saved });
  await post(`invoices/${gone}/finalize`);
  await post(`invoices/${gone}/void`);
  await post('invoiceitems', { customer, amount: 300, currency: 'gbp' });
  const credits = [
    (await post('credit_notes', { invoice: open, amount: 100 })).id,
    (await post('credit_notes', { invoice: paid, amount: 100, credit_amount: 100 })).id,
  ];
  const lines = [
    ...(await first(`invoices/${draft}/lines`)),
    ...(await first(`invoices/${open}/lines`)),
  ];
  const invoice = [draft, open, paid, gone, ...(await first('invoices?limit=2'))];
  const subscription = [sent.id, charged.id];
  const items = [
    ...(await first(`subscription_items?subscription=${sent.id}`)),
    ...(await first(`subscription_items?subscription=${charged.id}`)),
  ];
  const schedule = [planned.id, running.id];
  const invoiceitem = await first('invoiceitems');
  return {
    account_tax_ids: [(await post('tax_ids', { type: 'gb_vat', value: 'GB123456789' })).id],
    coupon: [coupon],
    credit_note: credits,
    default_tax_rates: [tax_rate],
    discount: sent['discounts'] as string[],
    from_subscription: subscription,
    invoice,
    invoice_item: invoiceitem,
    invoice_line_item: lines,
    invoice_payment: await first('invoice_payments'),
    invoiceitem,
    'items.id': items,
    line_item: lines,
    line_item_id: lines,
    'lines.id': lines,
    price: [once, monthly],
    promotion_code: [(await post('promotion_codes', { promotion })).id],
    schedule,
    subscription,
    subscription_item: items,
    subscription_schedule: schedule,
    tax_rate: [tax_rate],
    tax_rates: [tax_rate],
  };
}
