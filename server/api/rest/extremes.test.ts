/**
 * Well-formed requests whose values are at the edge of what there is. Each of them was once answered
 * with a 500, because nobody between the schema and the database had thought of it.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApi, type Api } from '@/server/testing/api';
import { createWorld, type TestWorld } from '@/server/testing/context';

let world: TestWorld;
let api: Api;
let key: string;
/** What the requests name: `{customer}` and the like in a body become these ids. */
const ids: Record<string, string> = {};

const post = (path: string, body: string) =>
  api({
    key,
    method: 'POST',
    path: `/v1/${path}`,
    body: body.replaceAll(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? ''),
  });

const AMOUNT_MAX = 99_999_999;

beforeAll(async () => {
  world = await createWorld();
  api = createApi(world);
  ({ secretKey: key } = await world.project());
  const make = async (name: string, path: string, body: string) => {
    const made = await post(path, body);
    expect([name, made.status]).toEqual([name, 200]);
    ids[name] = made.body.id;
  };
  await make('customer', 'customers', 'payment_method=pm_card_visa');
  await make('product', 'products', 'name=Gold');
  const price = `product={product}&currency=gbp&unit_amount=${AMOUNT_MAX}`;
  await make('huge', 'prices', `${price}&recurring[interval]=month`);
  await make('once', 'prices', price);
  await make('item', 'invoiceitems', 'customer={customer}&currency=gbp&amount=100');
});
afterAll(() => world.close());

/** The most that may be asked for of one thing: times the price, more than a number holds exactly. */
const QUANTITY = 999_999_999;
const PREVIEW = 'invoices/create_preview';
const MONTHLY = 'customer={customer}&items[0][price_data][recurring][interval]=month';
const INLINE = `${MONTHLY}&items[0][price_data][product]={product}&items[0][price_data][currency]=gbp`;
const FEE = 'customer={customer}&price_data[product]={product}&price_data[currency]=gbp';
const DETAILS = 'customer={customer}&subscription_details[items][0]';
const ITEM = 'customer={customer}&currency=gbp&amount=1';
const LINE = 'customer={customer}&invoice_items[0]';

/** Where it is sent, what, and the `param` and the `code` that are answered. */
const TABLE: readonly (readonly [string, string, string, string | undefined])[] = [
  // A huge price, a huge number of times.
  [
    'subscriptions',
    `customer={customer}&items[0][price]={huge}&items[0][quantity]=${QUANTITY}`,
    'quantity',
    'amount_too_large',
  ],
  [
    PREVIEW,
    `${DETAILS}[price]={huge}&subscription_details[items][0][quantity]=${QUANTITY}`,
    'quantity',
    'amount_too_large',
  ],
  [
    'invoiceitems',
    `customer={customer}&pricing[price]={once}&quantity=${QUANTITY}`,
    'quantity',
    'amount_too_large',
  ],
  // Periods that end before they begin, and times beyond every calendar.
  ['invoiceitems', `${ITEM}&period[start]=20&period[end]=10`, 'period[end]', undefined],
  [
    PREVIEW,
    `${LINE}[amount]=1&invoice_items[0][currency]=gbp&invoice_items[0][period][start]=20&invoice_items[0][period][end]=10`,
    'invoice_items[0][period][end]',
    undefined,
  ],
  [
    'subscriptions',
    'customer={customer}&items[0][price]={huge}&trial_end=99999999999999',
    'trial_end',
    undefined,
  ],
  [
    'subscriptions',
    'customer={customer}&items[0][price]={huge}&billing_cycle_anchor=99999999999999',
    'billing_cycle_anchor',
    undefined,
  ],
  // An item that is there, and the currency of another.
  [
    PREVIEW,
    `${LINE}[invoiceitem]={item}&invoice_items[0][currency]=usd`,
    'invoice_items[0][currency]',
    undefined,
  ],
  // Prices that are described as negative, or as nothing.
  [
    'subscriptions',
    `${INLINE}&items[0][price_data][unit_amount]=-1`,
    'items[0][price_data][unit_amount]',
    'parameter_invalid_integer',
  ],
  ['subscriptions', INLINE, 'items[0][price_data][unit_amount]', 'parameter_missing'],
  ['subscriptions', MONTHLY, 'items[0][price_data][currency]', 'parameter_missing'],
  [
    'invoiceitems',
    `${FEE}&price_data[unit_amount]=-1`,
    'price_data[unit_amount]',
    'parameter_invalid_integer',
  ],
  ['invoiceitems', FEE, 'price_data[unit_amount]', 'parameter_missing'],
  [
    'prices',
    'product={product}&currency=gbp&recurring[interval]=month',
    'unit_amount',
    'parameter_missing',
  ],
];

describe('a request at the edge', () => {
  it.each(TABLE)('is refused for what is wrong with it: %s %s', async (path, body, param, code) => {
    const reply = await post(path, body);
    expect(reply.status, reply.text).toBe(400);
    expect(reply.body.error).toMatchObject({ type: 'invalid_request_error', param });
    expect(reply.body.error.code).toBe(code);
  });
});
