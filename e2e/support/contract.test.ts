import { Stripe } from 'stripe';
import { describe, expect, it } from 'vitest';
import { contractViolations, expectContract, requiredFields } from './contract';
import { generateContract } from './contract-generate';

const customer = {
  id: 'cus_1',
  object: 'customer',
  address: null,
  balance: 0,
  created: 1_700_000_000,
  currency: 'gbp',
  default_source: null,
  delinquent: false,
  description: null,
  discount: null,
  email: 'ada@example.com',
  invoice_prefix: 'ADA1',
  invoice_settings: {
    custom_fields: null,
    default_payment_method: null,
    footer: null,
    rendering_options: null,
  },
  livemode: false,
  metadata: { plan: 'pro' },
  name: 'Ada Lovelace',
  phone: null,
  preferred_locales: ['en-GB'],
  shipping: null,
  tax_exempt: 'none',
  test_clock: null,
};

const deletedCustomer = { id: 'cus_2', object: 'customer', deleted: true };

const refund = {
  id: 're_1',
  object: 'refund',
  amount: 500,
  balance_transaction: 'txn_1',
  charge: 'ch_1',
  created: 1_700_000_000,
  currency: 'gbp',
  customer: 'cus_1',
  customer_account: null,
  metadata: {},
  payment_intent: 'pi_1',
  payment_method: null,
  reason: null,
  receipt_number: null,
  source_transfer_reversal: null,
  status: 'succeeded',
  transfer_reversal: null,
};

const price = {
  id: 'price_1',
  object: 'price',
  active: true,
  billing_scheme: 'per_unit',
  created: 1_700_000_000,
  currency: 'gbp',
  custom_unit_amount: null,
  livemode: false,
  lookup_key: null,
  metadata: {},
  nickname: null,
  product: 'prod_1',
  recurring: null,
  tax_behavior: null,
  tiers_mode: null,
  transform_quantity: null,
  type: 'one_time',
  unit_amount: null,
  unit_amount_decimal: '12.5',
};

const feedbackOption = {
  id: 'fbo_1',
  object: 'billing.feedback_option',
  description: 'Too expensive',
  livemode: false,
  status: 'active',
  status_transitions: { deactivated_at: null },
};

const event = {
  id: 'evt_1',
  object: 'event',
  api_version: '2026-10-28.endive',
  created: 1_700_000_000,
  data: { object: customer, previous_attributes: { email: null, metadata: { plan: null } } },
  livemode: false,
  pending_webhooks: 0,
  request: { id: 'req_1', idempotency_key: null },
  type: 'customer.updated',
};

const list = (data: unknown[]) => ({ object: 'list', data, has_more: false, url: '/v1/customers' });

describe('contractViolations', () => {
  it.each(Object.entries({ customer, deletedCustomer, refund, price, feedbackOption, event }))(
    'finds nothing in a %s as the SDK has it',
    (_, body) => {
      expect(contractViolations(body)).toEqual([]);
    },
  );

  it('names a required field that is missing, and what it should have been', () => {
    const { email: _, ...body } = customer;
    expect(contractViolations(body)).toEqual(['$.email: expected string or null, found nothing']);
  });

  it('names a field that the SDK does not know', () => {
    expect(contractViolations({ ...customer, project_id: 'proj_1' })).toEqual([
      '$.project_id: expected no such field in Stripe.Customer, found "proj_1"',
    ]);
  });

  it('lets an optional field be absent, but not be of another type', () => {
    const { name: _, ...body } = customer;
    expect(contractViolations(body)).toEqual([]);
    expect(contractViolations({ ...body, name: false })).toEqual([
      '$.name: expected string or null, found false',
    ]);
  });

  it('reports every violation, not only the first', () => {
    expect(contractViolations({ ...customer, balance: '0', livemode: null })).toEqual([
      '$.balance: expected number, found "0"',
      '$.livemode: expected boolean, found null',
    ]);
  });

  it('names the path to a wrong value inside a nested object', () => {
    const invoice_settings = { ...customer.invoice_settings, footer: 7, header: 'Hello' };
    expect(contractViolations({ ...customer, invoice_settings }).sort()).toEqual([
      '$.invoice_settings.footer: expected string or null, found 7',
      '$.invoice_settings.header: expected no such field in Stripe.Customer.InvoiceSettings, found "Hello"',
    ]);
    expect(contractViolations({ ...customer, invoice_settings: null })).toEqual([
      '$.invoice_settings: expected Stripe.Customer.InvoiceSettings, found null',
    ]);
  });

  it('names the element of an array that is wrong', () => {
    expect(contractViolations({ ...customer, preferred_locales: ['en', 5] })).toEqual([
      '$.preferred_locales[1]: expected string, found 5',
    ]);
  });

  it('holds a closed enum to its values and lets an open one be any string', () => {
    expect(contractViolations({ ...feedbackOption, status: 'paused' })).toEqual([
      '$.status: expected "active" or "inactive", found "paused"',
    ]);
    expect(contractViolations({ ...refund, status: 'a_status_of_next_year' })).toEqual([]);
    expect(contractViolations({ ...refund, status: 5 })).toEqual([
      '$.status: expected string or null, found 5',
    ]);
  });

  it('takes any name in metadata, and nothing but strings as its values', () => {
    const metadata = { object: 'charge', 'a/b~c': 'd', '6735': 'e' };
    expect(contractViolations({ ...customer, metadata })).toEqual([]);
    expect(contractViolations({ ...customer, metadata: { 'a/b~c': 1 } })).toEqual([
      '$.metadata.a/b~c: expected string, found 1',
    ]);
  });

  it('wants decimals as strings, and takes what the SDK made of them', () => {
    expect(contractViolations({ ...price, unit_amount_decimal: 12.5 })).toHaveLength(1);
    expect(contractViolations({ ...price, unit_amount_decimal: '12,5' })).toHaveLength(1);
    const unit_amount_decimal = Stripe.Decimal.from('12.5');
    expect(contractViolations({ ...price, unit_amount_decimal })).toEqual([]);
  });

  describe('of an expandable field', () => {
    it('takes the id, and the object in full or deleted', () => {
      for (const expanded of ['cus_1', customer, deletedCustomer, null]) {
        expect(contractViolations({ ...refund, customer: expanded })).toEqual([]);
      }
    });

    it('checks the object by its own type', () => {
      const expanded = { ...customer, balance: null, nickname: 'Ada' };
      expect(contractViolations({ ...refund, customer: expanded }).sort()).toEqual([
        '$.customer.balance: expected number, found null',
        '$.customer.nickname: expected no such field in Stripe.Customer, found "Ada"',
      ]);
    });

    it('refuses an object of another kind', () => {
      expect(contractViolations({ ...refund, customer: price })).toEqual([
        '$.customer: expected string, Stripe.Customer, Stripe.DeletedCustomer or null, found {"object":"price","type":"one_time"}',
      ]);
      expect(contractViolations({ ...refund, customer: { id: 'cus_1' } })).toHaveLength(1);
      expect(contractViolations({ ...refund, customer: 5 })).toEqual([
        '$.customer: expected string, Stripe.Customer, Stripe.DeletedCustomer or null, found 5',
      ]);
    });
  });

  describe('of a deleted object', () => {
    it('wants the stub and no more', () => {
      expect(contractViolations({ ...deletedCustomer, email: null })).toEqual([
        '$.email: expected no such field in Stripe.DeletedCustomer, found null',
      ]);
    });

    it('refuses `deleted` on an object that is not', () => {
      expect(contractViolations({ ...customer, deleted: false })).toEqual([
        '$: expected any object of the SDK, found {"object":"customer","deleted":false}',
      ]);
    });
  });

  describe('of a list', () => {
    it('checks each element by its own `object`', () => {
      expect(contractViolations(list([customer, deletedCustomer, price]))).toEqual([]);
      expect(contractViolations(list([price, { ...customer, email: 5 }]))).toEqual([
        '$.data[1].email: expected string or null, found 5',
      ]);
    });

    it('checks the envelope, of a search also', () => {
      expect(contractViolations({ ...list([]), has_more: 'no', total: 3 }).sort()).toEqual([
        '$.has_more: expected boolean, found "no"',
        '$.total: expected no such field in Stripe.ApiList, found 3',
      ]);
      const search = { ...list([customer]), object: 'search_result' };
      expect(contractViolations({ ...search, next_page: null })).toEqual([]);
      expect(contractViolations(search)).toEqual([
        '$.next_page: expected string or null, found nothing',
      ]);
    });

    it('holds a list inside an object to one kind of element', () => {
      expect(contractViolations({ ...customer, subscriptions: list([price]) })).toEqual([
        '$.subscriptions.data[0]: expected Stripe.Subscription, found {"object":"price","type":"one_time"}',
      ]);
    });
  });

  describe('of an event', () => {
    it('checks `data.object`, which must be of the kind that the type announces', () => {
      expect(contractViolations({ ...event, data: { object: { ...customer, phone: 5 } } })).toEqual(
        ['$.data.object.phone: expected string or null, found 5'],
      );
      expect(contractViolations({ ...event, data: { object: refund } })).toEqual([
        '$.data.object: expected Stripe.Customer, found {"object":"refund"}',
      ]);
    });

    it('lets previous attributes be partial, and knows their names', () => {
      const data = { object: customer, previous_attributes: { e_mail: 'ada@example.com' } };
      expect(contractViolations({ ...event, data })).toEqual([
        '$.data.previous_attributes.e_mail: expected no such field in Partial<Customer>, found "ada@example.com"',
      ]);
    });

    it('refuses a type that Stripe does not send', () => {
      expect(contractViolations({ ...event, type: 'customer.renamed' })).toEqual([
        '$: expected any object of the SDK, found {"object":"event","type":"customer.renamed"}',
      ]);
    });
  });

  it('refuses what is no object of the SDK', () => {
    for (const body of [null, undefined, 'customer', [customer], {}, { object: 'toString' }]) {
      expect(contractViolations(body)).toEqual([
        expect.stringMatching(/^\$: expected any object of the SDK, found /),
      ]);
    }
  });
});

describe('expectContract', () => {
  it('is silent about a body that keeps the contract', () => {
    expect(() => expectContract(list([customer]))).not.toThrow();
  });

  it('throws with every violation on a line', () => {
    expect(() => expectContract({ ...customer, email: 5, phone: 6 })).toThrow(
      /\n {2}\$\.email: .*\n {2}\$\.phone: /,
    );
  });
});

describe('requiredFields', () => {
  it('lists what a live object always has, and not what it may lack', () => {
    expect(requiredFields('customer')).toEqual(
      expect.arrayContaining(['id', 'object', 'email', 'metadata', 'shipping']),
    );
    expect(requiredFields('customer')).not.toContain('name');
    expect(requiredFields('customer')).not.toContain('deleted');
  });

  it('lists what all types of event have', () => {
    expect(requiredFields('event')).toEqual(expect.arrayContaining(['id', 'type', 'data']));
  });

  it('refuses an object that the SDK does not have', () => {
    expect(() => requiredFields('project')).toThrow('no object "project"');
  });
});

describe('generateContract', () => {
  const contract = generateContract();

  it('gives the same contract each time', { timeout: 120_000 }, () => {
    expect(JSON.stringify(generateContract())).toBe(JSON.stringify(contract));
  });

  it('knows every object of the SDK, live and deleted, and none of API v2', () => {
    expect(contract.resources).toMatchObject({
      'checkout.session': ['Checkout.Session'],
      payment_intent: ['PaymentIntent'],
      webhook_endpoint: ['WebhookEndpoint', 'DeletedWebhookEndpoint'],
      list: ['ApiList'],
    });
    expect(Object.keys(contract.resources).length).toBeGreaterThan(150);
    expect(Object.keys(contract.resources).filter((name) => name.startsWith('v2.'))).toEqual([]);
  });

  it('defines every type that it refers to', () => {
    const refs = JSON.stringify(contract).matchAll(/"\$ref":"#\/\$defs\/([^"]+)"/g);
    const names = new Set([...refs].map(([, name]) => name));
    expect([...names].filter((name = '') => !(name in contract.$defs))).toEqual([]);
    expect(names.size).toBeGreaterThan(1000);
  });
});
