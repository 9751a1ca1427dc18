/**
 * Every endpoint, asked for what belongs to somebody else. The cases come out of the table of
 * resources: each path parameter, and each parameter that takes an id, gets the id of another
 * project's object, and of the same project's in the other mode. A new endpoint is asked on the day
 * it is added; one that these tables do not know how to ask fails.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { endpoints, type Endpoint } from '@/server/api/endpoints';
import { mint } from '@/server/api_keys';
import { newId, PREFIX, type IdKind } from '@/server/kernel/ids';
import type { Expandable } from '@/server/kernel/resource';
import { createApi, type Api, type Reply } from '@/server/testing/api';
import { addProcessorAccount, STRAY_SETTLEMENT } from '@/server/testing/accounts';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';

/** What is asked about. Where one of a kind will not do for everything, there are two. */
type Kind = Expandable | 'account_tax_id' | 'one_time_price' | 'open_invoice';

/** One object of each kind, by id. An `invoice` is a draft, with a line. */
type Belongings = { [kind in Kind]?: string };

/** The kinds whose ids say so. A coupon's is chosen, and the others are of a kind that is there. */
const prefixOf = (kind: Kind): string => (kind in PREFIX ? PREFIX[kind as IdKind] : kind);

/** What a part of a path holds. */
const SEGMENTS: Readonly<Record<string, Kind>> = {
  accounts: 'account',
  api_keys: 'api_key',
  'customers/balance_transactions': 'customer_balance_transaction',
  sources: 'card',
  balance_transactions: 'balance_transaction',
  cards: 'card',
  charges: 'charge',
  confirmation_tokens: 'confirmation_token',
  coupons: 'coupon',
  credit_notes: 'credit_note',
  'credit_notes/lines': 'credit_note_line_item',
  'credit_notes/preview/lines': 'credit_note_line_item',
  customers: 'customer',
  disputes: 'dispute',
  early_fraud_warnings: 'early_fraud_warning',
  // A summary is of its meter, and its id says so.
  event_summaries: 'meter',
  events: 'event',
  invoice_payments: 'invoice_payment',
  invoiceitems: 'invoiceitem',
  invoices: 'invoice',
  'invoices/lines': 'invoice_line_item',
  mandates: 'mandate',
  meters: 'meter',
  payment_intents: 'payment_intent',
  payment_methods: 'payment_method',
  payouts: 'payout',
  plans: 'price',
  prices: 'price',
  products: 'product',
  promotion_codes: 'promotion_code',
  reconciliation_items: 'reconciliation_item',
  refunds: 'refund',
  settlement_files: 'settlement_file',
  setup_attempts: 'setup_attempt',
  setup_intents: 'setup_intent',
  subscription_items: 'subscription_item',
  subscription_schedules: 'subscription_schedule',
  subscriptions: 'subscription',
  tax_ids: 'tax_id',
  tax_rates: 'tax_rate',
  test_clocks: 'test_clock',
  tokens: 'token',
  webhook_deliveries: 'webhook_delivery',
  webhook_endpoints: 'webhook_endpoint',
};

/**
 * What a parameter names by its id, or by several. One that is called as a kind of id must be here;
 * one that is called as others are, with what it is in.
 */
const PARAMETERS: Readonly<Record<string, Kind>> = {
  mandate: 'mandate',
  account_tax_ids: 'account_tax_id',
  charge: 'charge',
  confirmation_token: 'confirmation_token',
  coupon: 'coupon',
  customer: 'customer',
  default_payment_method: 'payment_method',
  default_price: 'price',
  default_source: 'card',
  default_tax_rates: 'tax_rate',
  discount: 'discount',
  endpoint: 'webhook_endpoint',
  event: 'event',
  from_subscription: 'subscription',
  ids: 'product',
  invoice: 'invoice',
  invoice_item: 'invoiceitem',
  invoice_line_item: 'invoice_line_item',
  invoiceitem: 'invoiceitem',
  'items.id': 'subscription_item',
  'lines.id': 'invoice_line_item',
  meter: 'meter',
  payment_intent: 'payment_intent',
  payment_method: 'payment_method',
  payout: 'payout',
  plan: 'price',
  price: 'price',
  processor_account: 'processor_account',
  product: 'product',
  products: 'product',
  promotion_code: 'promotion_code',
  refund: 'refund',
  related_object: 'customer',
  schedule: 'subscription_schedule',
  settlement_file: 'settlement_file',
  setup_intent: 'setup_intent',
  subscription: 'subscription',
  tax_rates: 'tax_rate',
  test_clock: 'test_clock',
  token: 'token',
  webhook_endpoint: 'webhook_endpoint',
};

/** Older words, which mean what the resource they are said to means by them. */
const SOURCES: Readonly<Record<string, Kind>> = {
  customers: 'token',
  customer_sources: 'token',
  payment_intents: 'token',
  balance_transactions: 'charge',
};

/** Called as a kind of id, and none: the number that a tax office gave. */
const NO_IDS = ['tax_id'];

/** What an endpoint cannot do without, beside the parameter that is asked about. */
const REQUIRED: Readonly<Record<string, (own: Belongings) => Record<string, unknown>>> = {
  'GET /v1/billing/meters/:id/event_summaries': (own) => ({
    customer: own.customer,
    end_time: 60,
    start_time: 0,
  }),
  'GET /v1/charges/search': () => ({ query: 'amount>0' }),
  'GET /v1/credit_notes/preview': (own) => ({ invoice: own.open_invoice, amount: 1 }),
  'GET /v1/credit_notes/preview/lines': (own) => ({ invoice: own.open_invoice, amount: 1 }),
  'GET /v1/customers/search': () => ({ query: 'created>0' }),
  'GET /v1/invoices/search': () => ({ query: 'total>0' }),
  'GET /v1/payment_intents/search': () => ({ query: 'amount>0' }),
  'GET /v1/prices/search': () => ({ query: 'currency:"gbp"' }),
  'GET /v1/products/search': () => ({ query: 'active:"true"' }),
  'GET /v1/setup_attempts': (own) => ({ setup_intent: own.setup_intent }),
  'GET /v1/subscription_items': (own) => ({ subscription: own.subscription }),
  'GET /v1/subscriptions/search': () => ({ query: 'created>0' }),
  'GET /v1/tax_ids': () => ({ owner: { type: 'self' } }),
  'POST /v1/charges': () => ({ amount: 1000, currency: 'gbp', source: 'tok_visa' }),
  'POST /v1/coupons': () => ({ percent_off: 10 }),
  'POST /v1/credit_notes': (own) => ({ invoice: own.open_invoice, amount: 1 }),
  'POST /v1/customers/:id/discount': (own) => ({ coupon: own.coupon }),
  'POST /v1/customers/:customer/balance_transactions': () => ({ amount: 100, currency: 'gbp' }),
  'POST /v1/customers/:customer/cards': () => ({ source: 'tok_visa' }),
  'POST /v1/customers/:customer/sources': () => ({ source: 'tok_visa' }),
  'POST /v1/customers/:customer/tax_ids': () => ({ type: 'eu_vat', value: 'DE123456789' }),
  'POST /v1/disputes': (own) => ({ charge: own.charge, reason: 'general' }),
  'POST /v1/disputes/:id/decide': () => ({ decision: 'lose' }),
  'POST /v1/invoiceitems': (own) => ({ customer: own.customer, amount: 100, currency: 'gbp' }),
  'POST /v1/invoices': (own) => ({ customer: own.customer }),
  'POST /v1/invoices/create_preview': (own) => ({ subscription: own.subscription }),
  'POST /v1/invoices/:id/add_lines': () => ({ lines: [{ amount: 100 }] }),
  'POST /v1/invoices/:id/attach_payment': (own) => ({ payment_intent: own.payment_intent }),
  'POST /v1/invoices/:id/remove_lines': (own) => ({
    lines: [{ behavior: 'unassign', id: own.invoice_line_item }],
  }),
  'POST /v1/invoices/:id/update_lines': (own) => ({ lines: [{ id: own.invoice_line_item }] }),
  'POST /v1/payment_intents': () => ({ amount: 1000, currency: 'gbp' }),
  'POST /v1/payment_intents/:id/increment_authorization': () => ({ amount: 2000 }),
  'POST /v1/payment_methods': () => ({ type: 'card' }),
  'POST /v1/payment_methods/:id/attach': (own) => ({ customer: own.customer }),
  'POST /v1/payouts/:id/report': () => ({ status: 'paid' }),
  'POST /v1/plans': () => ({
    amount: 100,
    currency: 'gbp',
    interval: 'month',
    product: { name: 'Boat' },
  }),
  'POST /v1/prices': () => ({
    currency: 'gbp',
    product_data: { name: 'Boat' },
    unit_amount: 100,
  }),
  'POST /v1/promotion_codes': (own) => ({
    promotion: { type: 'coupon', coupon: own.coupon },
  }),
  'POST /v1/reconciliation_items/:id/resolve': () => ({ resolution: 'acknowledged' }),
  'POST /v1/settlement_files': (own) => ({
    content: STRAY_SETTLEMENT,
    processor_account: own.processor_account,
  }),
  'POST /v1/subscription_items': (own) => ({ price: own.price, subscription: own.subscription }),
  'POST /v1/subscription_schedules/:id': (own) => ({
    phases: [{ items: [{ price: own.price }], start_date: 'now' }],
  }),
  'POST /v1/subscription_schedules': (own) => ({
    customer: own.customer,
    phases: [{ items: [{ price: own.price }] }],
  }),
  'POST /v1/subscriptions': (own) => ({
    collection_method: 'send_invoice',
    customer: own.customer,
    days_until_due: 30,
    items: [{ price: own.price }],
  }),
  'POST /v1/subscriptions/:id/migrate': () => ({ billing_mode: { type: 'flexible' } }),
  'POST /v1/test_helpers/test_clocks': () => ({ frozen_time: 1 }),
  'POST /v1/test_helpers/test_clocks/:id/advance': () => ({ frozen_time: 2 }),
  'POST /v1/tax_ids': () => ({ type: 'eu_vat', value: 'DE123456789' }),
};

/** A tree of parameters: in lists, each stands for the element at its place. */
type Tree = { readonly [name: string]: unknown };

/**
 * What a parameter needs beside it, merged in where the first part of its name is. A name may be
 * that of what the parameter is in, and may start at the resource: `/prices.product`. In place of
 * what is required, not beside it, is what makes that undefined. Later ones go before earlier.
 */
const COMPANIONS: Readonly<Record<string, (own: Belongings) => Tree>> = {
  add_invoice_items: (own) => ({ add_invoice_items: [{ price: own.one_time_price }] }),
  from_invoice: () => ({ customer: undefined, from_invoice: { action: 'revision' } }),
  from_subscription: () => ({ customer: undefined, phases: undefined }),
  invoice_items: () => ({ invoice_items: [{ amount: 100, currency: 'gbp' }] }),
  'invoice_items.invoiceitem': () => ({ invoice_items: [{ currency: undefined }] }),
  'invoice_items.price': () => ({ invoice_items: [{ amount: undefined }] }),
  'lines.invoice_item': () => ({ lines: [{ amount: undefined }] }),
  meter: () => ({ usage_type: 'metered' }),
  'owner.customer': () => ({ owner: { type: 'customer' } }),
  'payment.payment_intent': () => ({ payment: { type: 'payment_intent' } }),
  'payment_method_data.card.token': () => ({ payment_method_data: { type: 'card' } }),
  phases: (own) => ({ phases: [{ items: [{ price: own.price }] }] }),
  pricing: () => ({ amount: undefined }),
  product: () => ({ product_data: undefined }),
  promotion_code: () => ({ coupon: undefined }),
  'recurring.meter': () => ({ recurring: { interval: 'month' } }),
  refunds: () => ({ refunds: [{ amount_refunded: 1 }] }),
  schedule: () => ({ subscription: undefined }),
  schedule_details: (own) => ({ customer: own.customer, subscription: undefined }),
  'subscription_details.items': (own) => ({
    subscription_details: { items: [{ price: own.price }] },
  }),
  '/credit_notes.lines': () => ({
    '/credit_notes': {
      amount: undefined,
      lines: [{ description: 'Late', quantity: 1, type: 'custom_line_item', unit_amount: 1 }],
    },
  }),
  'lines.invoice_line_item': () => ({
    lines: [
      {
        amount: 1,
        description: undefined,
        quantity: undefined,
        type: 'invoice_line_item',
        unit_amount: undefined,
      },
    ],
  }),
  '/invoice_previews.customer': () => ({ '/invoice_previews': { subscription: undefined } }),
  '/promotion_codes.coupon': () => ({ '/promotion_codes': { promotion: undefined } }),
  '/subscriptions.items': (own) => ({ '/subscriptions': { items: [{ price: own.price }] } }),
  plan: () => ({ price: undefined }),
  price_data: () => ({
    amount: undefined,
    price: undefined,
    price_data: { currency: 'gbp', unit_amount: 100 },
  }),
  'items.price_data': () => ({ items: [{ price_data: { recurring: { interval: 'month' } } }] }),
  '/subscription_items.price_data': () => ({
    '/subscription_items': { price_data: { recurring: { interval: 'month' } } },
  }),
};

/** Which of one's own a path is about, where not any will do. */
const PLACES: Readonly<Record<string, (own: Belongings) => Record<string, string | undefined>>> = {
  'POST /v1/invoices/:id/attach_payment': (own) => ({ id: own.open_invoice }),
  'POST /v1/invoices/:id/pay': (own) => ({ id: own.open_invoice }),
};

const nameOf = ({ method, path }: Endpoint): string => `${method} ${path}`;

/** The parts of a path after `/v1/`. */
const partsOf = ({ path }: Endpoint): string[] => path.split('/').slice(2);

/** The kind of id that stands at a part of the path, or that a list at the end of it holds. */
function kindAt(endpoint: Endpoint, index: number): Kind {
  const fixed = partsOf(endpoint)
    .slice(0, index)
    .filter((part) => !part.startsWith(':'));
  const kind = SEGMENTS[fixed.join('/')] ?? SEGMENTS[fixed.at(-1) ?? ''];
  if (kind === undefined)
    throw new Error(`${nameOf(endpoint)}: say in SEGMENTS whose ids these are.`);
  return kind;
}

interface Schema {
  readonly type?: string;
  readonly enum?: unknown;
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
}

/** The names of all free text in a schema, dotted; of a list, that of its first element. */
function textsOf(schema: Schema, at: readonly string[] = []): string[] {
  const { type, properties = {}, items, anyOf = [], oneOf = [], allOf = [] } = schema;
  const isText = type === 'string' && schema.enum === undefined && schema.const === undefined;
  return [
    ...(isText ? [at.join('.')] : []),
    ...[...anyOf, ...oneOf, ...allOf].flatMap((one) => textsOf(one, at)),
    ...(items === undefined ? [] : textsOf(items, [...at, '0'])),
    ...Object.entries(properties).flatMap(([name, one]) => textsOf(one, [...at, name])),
  ];
}

/** The parameters of an endpoint that take ids, dotted, beside those in its path. */
function idParametersOf(endpoint: Endpoint): { name: string; kind: Kind }[] {
  const schema = z.toJSONSchema(endpoint.operation.input, { io: 'input', unrepresentable: 'any' });
  return [...new Set(textsOf(schema as Schema))].flatMap((name) => {
    const words = name.split('.').filter((part) => part !== '0');
    const last = words.at(-1) ?? '';
    if (endpoint.path.includes(`:${name}`) || NO_IDS.includes(last)) return [];
    if (last === 'starting_after' || last === 'ending_before') {
      return [{ name, kind: kindAt(endpoint, partsOf(endpoint).length) }];
    }
    const kind =
      last === 'source'
        ? SOURCES[endpoint.resource]
        : (PARAMETERS[words.slice(-2).join('.')] ?? PARAMETERS[last]);
    if (kind !== undefined) return [{ name, kind }];
    if (last in PREFIX || last.replace(/s$/, '') in PREFIX)
      throw new Error(`${nameOf(endpoint)}: say in PARAMETERS what ${name} takes.`);
    return [];
  });
}

const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null;

/** Both, all the way down; where they differ, as `over` has it. Lists are merged by place. */
function merged(under: unknown, over: unknown): unknown {
  if (!isTree(under) || !isTree(over)) return over;
  const copy: Record<string, unknown> = Array.isArray(under)
    ? Object.assign([], under)
    : { ...under };
  for (const [key, value] of Object.entries(over)) copy[key] = merged(copy[key], value);
  return copy;
}

/** `value` at a path, where `0` is the first of a list. */
const planted = (path: readonly string[], value: unknown): unknown =>
  path.reduceRight((inner, part) => (part === '0' ? [inner] : { [part]: inner }), value);

/** The parameters that ask about `name`: what is required, what goes with it, and the value. */
function parametersFor(endpoint: Endpoint, name: string, own: Belongings, value: string): Tree {
  const root = `/${endpoint.resource}`;
  const path = [root, ...name.split('.')];
  const companions = Object.entries(COMPANIONS).flatMap(([key, beside]) => {
    // Where the words of the key are in the path, whatever the places in lists between them.
    const wanted = key.split('.').join('(?:\\.0)?\\.');
    const at = `.${path.join('.')}.`.search(new RegExp(`\\.${wanted}\\.`));
    if (at === -1) return [];
    const before = path.join('.').slice(0, Math.max(at - 1, 0));
    return [planted(before === '' ? [] : before.split('.'), beside(own))];
  });
  const required = { [root]: REQUIRED[nameOf(endpoint)]?.(own) ?? {} };
  const whole = [...companions, planted(path, value)].reduce(merged, required) as Tree;
  return whole[root] as Tree;
}

const bracketed = (name: string): string =>
  name
    .split('.')
    .map((part, index) => (index === 0 ? part : `[${part}]`))
    .join('');

/** As the flat parameters of a query string. */
const flat = (value: unknown, at: string): [string, string][] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, one]) => flat(one, at === '' ? key : `${at}[${key}]`))
    : value === undefined
      ? []
      : [[at, String(value)]];

let world: TestWorld;
let api: Api;
let victim: { tenant: TestTenant; has: Belongings };
const strangers: Record<string, { key: string; has: Belongings }> = {};
let before: string;

type Post = (path: string, body?: unknown) => Promise<Reply['body']>;

/** Makes things as a client would. */
const posting =
  (key: string): Post =>
  async (path, body = {}) => {
    const reply = await api({ key, method: 'POST', path, body });
    if (reply.status !== 200) throw new Error(`${path}: ${reply.text}`);
    return reply.body;
  };

/** One of each that needs no card, which is all that can be had in live mode. */
async function furnishBilling(post: Post): Promise<Belongings> {
  const make = async (path: string, body?: unknown): Promise<string> => (await post(path, body)).id;
  const customer = await make('/v1/customers', { name: 'Ada' });
  const product = await make('/v1/products', { name: 'Boat' });
  const pounds = { product, currency: 'gbp', unit_amount: 1_000 };
  const price = await make('/v1/prices', { ...pounds, recurring: { interval: 'month' } });
  const coupon = await make('/v1/coupons', { duration: 'forever', percent_off: 10 });
  const later = { customer, collection_method: 'send_invoice', days_until_due: 30 };
  const subscription = await post('/v1/subscriptions', {
    ...later,
    items: [{ price }],
    discounts: [{ coupon }],
  });
  const schedule = { customer, phases: [{ items: [{ price }] }] };
  const draft = await make('/v1/invoices', later);
  const item = { customer, amount: 1_000, currency: 'gbp' };
  const invoiceitem = await make('/v1/invoiceitems', { ...item, invoice: draft });
  const open = await make('/v1/invoices', later);
  await post('/v1/invoiceitems', { ...item, invoice: open });
  await post(`/v1/invoices/${open}/finalize`);
  const note = await post('/v1/credit_notes', { invoice: open, amount: 100 });
  const vat = { type: 'eu_vat', value: 'DE123456789' };
  return {
    account_tax_id: await make('/v1/tax_ids', vat),
    coupon,
    credit_note: note.id,
    credit_note_line_item: firstOf(note['lines']),
    customer,
    discount: (subscription['discounts'] as readonly string[])[0] ?? '',
    invoice: draft,
    invoice_line_item: firstOf((await post(`/v1/invoices/${draft}`))['lines']),
    invoiceitem,
    setup_intent: await make('/v1/setup_intents'),
    payment_intent: await make('/v1/payment_intents', { amount: 1_000, currency: 'gbp' }),
    one_time_price: await make('/v1/prices', pounds),
    open_invoice: open,
    price,
    product,
    promotion_code: await make('/v1/promotion_codes', { promotion: { type: 'coupon', coupon } }),
    subscription: subscription.id,
    subscription_item: firstOf(subscription['items']),
    subscription_schedule: await make('/v1/subscription_schedules', schedule),
    tax_id: await make(`/v1/customers/${customer}/tax_ids`, vat),
    tax_rate: await make('/v1/tax_rates', {
      display_name: 'VAT',
      inclusive: false,
      percentage: 20,
    }),
  };
}

const firstOf = (list: unknown): string => (list as Reply['body']).data[0]?.id ?? '';

/** One of each. */
async function furnish(tenant: TestTenant): Promise<Belongings> {
  const key = tenant.secretKey;
  const post = posting(key);
  const first = async (path: string): Promise<string> => firstOf((await api({ key, path })).body);
  const endpoint = await post('/v1/webhook_endpoints', {
    url: 'https://example.com/hook',
    enabled_events: ['*'],
  });
  const billing = await furnishBilling(post);
  const { customer = '' } = billing;
  const method = await post('/v1/payment_methods/pm_card_visa/attach', { customer });
  const card = await post(`/v1/customers/${customer}/sources`, { source: 'tok_visa' });
  const token = await post('/v1/tokens', {
    card: { number: '4242424242424242', exp_month: 12, exp_year: 2030, cvc: '123' },
  });
  const pay = (payment_method: string, amount = 1000) =>
    post('/v1/payment_intents', {
      amount,
      currency: 'gbp',
      payment_method,
      confirm: true,
      automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
    });
  const paid = await pay('pm_card_visa');
  const charge = String(paid.latest_charge);
  await pay('pm_card_createDispute');
  await pay('pm_card_createIssuerFraudRecord');
  await pay('pm_card_bypassPending', 5000);
  const saved = await post('/v1/setup_intents', {
    payment_method: 'pm_card_visa',
    confirm: true,
    mandate_data: { customer_acceptance: { type: 'offline' } },
  });
  const refund = await post('/v1/refunds', { charge, amount: 100 });
  const balance = { amount: 100, currency: 'gbp' };
  const bill = await post('/v1/invoices', { customer });
  await post('/v1/invoiceitems', { customer, amount: 100, currency: 'gbp', invoice: bill.id });
  await post(`/v1/invoices/${bill.id}/pay`, { payment_method: method.id });
  const processor_account = await addProcessorAccount(tenant);
  const file = await post('/v1/settlement_files', { processor_account, content: STRAY_SETTLEMENT });
  return {
    ...billing,
    account: (await api({ key, path: '/v1/account' })).body.id,
    api_key: (await post('/v1/api_keys', { type: 'secret' })).id,
    balance_transaction: await first('/v1/balance_transactions'),
    card: card.id,
    charge,
    customer_balance_transaction: (
      await post(`/v1/customers/${customer}/balance_transactions`, balance)
    ).id,
    confirmation_token: (
      await post('/v1/test_helpers/confirmation_tokens', { payment_method: 'pm_card_visa' })
    ).id,
    dispute: await first('/v1/disputes'),
    early_fraud_warning: await first('/v1/radar/early_fraud_warnings'),
    event: await first('/v1/events'),
    invoice_payment: await first(`/v1/invoice_payments?invoice=${bill.id}`),
    meter: (
      await post('/v1/billing/meters', {
        display_name: 'Calls',
        event_name: 'calls',
        default_aggregation: { formula: 'sum' },
      })
    ).id,
    payment_method: method.id,
    payout: (await post('/v1/payouts', { amount: 100, currency: 'gbp' })).id,
    mandate: String(saved.mandate),
    processor_account,
    reconciliation_item: await first('/v1/reconciliation_items'),
    refund: refund.id,
    settlement_file: file.id,
    setup_attempt: String(saved.latest_attempt),
    test_clock: (await post('/v1/test_helpers/test_clocks', { frozen_time: 1 })).id,
    token: token.id,
    webhook_delivery: await first('/v1/webhook_deliveries'),
    webhook_endpoint: endpoint.id,
  };
}

/** A live key of the same project: everything in test mode is another's to it. */
async function liveKeyOf({ projectId }: TestTenant): Promise<string> {
  const { key, hash, prefix, last4 } = mint('secret', true);
  await world.admin`insert into api_keys
    (project_id, livemode, id, type, hash, prefix, last4, status, created)
    values (${projectId}, true, ${newId('api_key')}, 'secret', ${hash}, ${prefix}, ${last4}, 'active', 1)`;
  return key;
}

/** All that the victim has, as it sees it. */
async function inventory(): Promise<string> {
  const lists = endpoints.filter(({ method, path }) => method === 'GET' && !path.includes(':'));
  const seen = await Promise.all(
    lists
      .filter((endpoint) => REQUIRED[nameOf(endpoint)] === undefined)
      .map(({ path }) => api({ key: victim.tenant.secretKey, path })),
  );
  return seen.map(({ text }) => text).join('\n');
}

/** Asks with `values` in the path and `body` in the query or the body, as the method has it. */
function ask(
  key: string,
  endpoint: Endpoint,
  values: Readonly<Record<string, string>>,
  body: Tree,
): Promise<Reply> {
  const { method } = endpoint;
  const path = endpoint.path.replaceAll(/:(\w+)/g, (_whole, name: string) => values[name] ?? '');
  if (method === 'POST') return api({ key, method, path, body });
  const query = new URLSearchParams(flat(body, '')).toString();
  return api({ key, method, path: query === '' ? path : `${path}?${query}` });
}

/** Values for the path: the stranger's own where it has one. */
function ownValues(endpoint: Endpoint, own: Belongings): Record<string, string> {
  const places = PLACES[nameOf(endpoint)]?.(own) ?? {};
  return Object.fromEntries(
    partsOf(endpoint).flatMap((part, index) => {
      if (!part.startsWith(':')) return [];
      const kind = kindAt(endpoint, index);
      const name = part.slice(1);
      return [[name, places[name] ?? own[kind] ?? `${prefixOf(kind)}_none`]];
    }),
  );
}

/** The victim's id, which must be there: a kind that nobody made proves nothing. */
function foreign(kind: Kind): string {
  const id = victim.has[kind];
  if (id === undefined || id === '') throw new Error(`Make a ${kind} in furnish().`);
  return id;
}

beforeAll(async () => {
  world = await createWorld();
  api = createApi(world);
  const tenant = await world.project();
  victim = { tenant, has: await furnish(tenant) };
  const other = await world.project();
  strangers['another project'] = { key: other.secretKey, has: await furnish(other) };
  const key = await liveKeyOf(tenant);
  strangers['the other mode'] = { key, has: await furnishBilling(posting(key)) };
  before = await inventory();
});

afterAll(() => world.close());

const names = ['another project', 'the other mode'] as const;

describe.each(names)('%s', (stranger) => {
  const { is } = { is: () => strangers[stranger]! };

  for (const endpoint of endpoints) {
    const name = nameOf(endpoint);
    const required = REQUIRED[name] ?? (() => ({}));

    for (const [index, part] of partsOf(endpoint).entries()) {
      if (!part.startsWith(':')) continue;
      it(`finds no ${part} of mine by ${name}`, async () => {
        const { key, has } = is();
        const kind = kindAt(endpoint, index);
        const values = { ...ownValues(endpoint, has), [part.slice(1)]: foreign(kind) };
        const reply = await ask(key, endpoint, values, required(has));
        if (kind === 'account') {
          // A project is the same in both modes; another's is refused as a key's reach is.
          const mine = stranger === 'the other mode';
          expect([reply.status, reply.body.error?.code]).toEqual(
            mine ? [200, undefined] : [403, 'account_invalid'],
          );
          return;
        }
        expect(reply.body.error).toMatchObject({ code: 'resource_missing' });
        expect(reply.status).toBe(404);
      });
    }

    for (const { name: param, kind } of idParametersOf(endpoint)) {
      it(`cannot give mine as ${param} to ${name}`, async () => {
        const { key, has } = is();
        const body = parametersFor(endpoint, param, has, foreign(kind));
        const reply = await ask(key, endpoint, ownValues(endpoint, has), body);
        const isFilter = endpoint.method === 'GET' && !/starting_after|ending_before/.test(param);
        if (isFilter && reply.status === 200) {
          expect(reply.body.data).toEqual([]);
          return;
        }
        expect(reply.body.error).toMatchObject({ code: 'resource_missing' });
        // In the other mode there is nothing of one's own to do it to.
        if (reply.status === 404 && stranger === 'the other mode') return;
        expect([reply.status, reply.body.error.param]).toEqual([400, bracketed(param)]);
      });
    }

    if (endpoint.method === 'GET' && !endpoint.path.includes(':')) {
      it(`sees nothing of mine in ${name}`, async () => {
        const { key, has } = is();
        const reply = await ask(key, endpoint, {}, required(has));
        expect(reply.status).toBe(200);
        for (const [kind, id] of Object.entries(victim.has)) {
          if (kind !== 'account') expect(reply.text).not.toContain(id);
        }
      });
    }
  }
});

describe('what is mine', () => {
  it('is there to be found, for me', async () => {
    for (const endpoint of endpoints) {
      if (endpoint.method !== 'GET' || !endpoint.path.includes(':')) continue;
      const own = ownValues(endpoint, victim.has);
      const required = REQUIRED[nameOf(endpoint)]?.(victim.has) ?? {};
      const reply = await ask(victim.tenant.secretKey, endpoint, own, required);
      expect({ endpoint: nameOf(endpoint), status: reply.status }).toEqual({
        endpoint: nameOf(endpoint),
        status: 200,
      });
    }
  });

  it('is as it was before they asked', async () => {
    expect(await inventory()).toBe(before);
  });
});
