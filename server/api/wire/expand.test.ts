import { describe, expect, it } from 'vitest';
import { expandableFields } from '@/e2e/support/contract';
import { endpoints } from '@/server/api/endpoints';
import type { ApiError } from '@/server/kernel/errors';
import type { Scope } from '@/server/kernel/context';
import type { ApiObject } from '@/server/kernel/object';
import type { Expandable, Expansions, Loader, Resource } from '@/server/kernel/resource';
import { resources } from '@/server/resources';
import { expand, REFERENCES } from './expand';

/** What can be loaded by its id, as `object` names it. */
const LOADED = new Set(
  Object.values<Resource>(resources).flatMap(({ object, load }) =>
    load === undefined ? [] : [object],
  ),
);

/** What has no endpoint of its own, and is in lists of what has. */
const NESTED = ['credit_note_line_item', 'line_item'];

/** In no answer of ours: payment methods of other kinds, and parts of what is refused by name. */
const ABSENT =
  /bancontact|billing_schedules|card_present|default_account_tax_ids|generated_from|ideal|sofort|sepa_debit|us_bank_account/;

describe('the table of references', () => {
  it('has every field that the SDK expects to be expandable and that we can load', () => {
    const expected: Record<string, string[]> = {};
    for (const object of new Set([...endpoints.map((endpoint) => endpoint.object), ...NESTED])) {
      for (const [path, kinds] of expandableFields(object)) {
        if (ABSENT.test(path)) continue;
        if (!kinds.some((kind) => LOADED.has(kind))) continue;
        const steps = path.split('.');
        const field = steps.pop() ?? '';
        (expected[[object, ...steps].join('.')] ??= []).push(field);
      }
    }
    for (const fields of Object.values(expected)) fields.sort();
    expect(REFERENCES).toEqual(expected);
  });
});

const SECRET = { publishable: false, rights: null } as unknown as Scope;
const BROWSER = { publishable: true, rights: null } as unknown as Scope;

/** Loaders of objects that refer to each other in a ring, and what was asked of them. */
function ring(): { asked: string[]; expansions: Expansions } {
  const asked: string[] = [];
  const loader = (resource: string, make: (id: string) => ApiObject): Loader => ({
    resource,
    async load(_, ids) {
      asked.push(`${resource} ${ids.join(' ')}`);
      return ids.filter((id) => !id.endsWith('gone')).map(make);
    },
  });
  const loaders = new Map<Expandable, Loader>([
    [
      'charge',
      loader('charges', (id) => charge(id, { payment_intent: 'pi_1', customer: 'cus_1' })),
    ],
    [
      'payment_intent',
      loader('payment_intents', (id) => ({ id, object: 'payment_intent', latest_charge: 'ch_1' })),
    ],
    ['customer', loader('customers', (id) => ({ id, object: 'customer' }))],
    ['payment_method', loader('payment_methods', (id) => method(id))],
    [
      'discount',
      loader('discounts', (id) => ({ id, object: 'discount', promotion_code: 'promo_1' })),
    ],
    ['promotion_code', loader('promotion_codes', (id) => ({ id, object: 'promotion_code' }))],
    ['price', loader('prices', (id) => ({ id, object: 'price' }))],
  ]);
  const tiers = async (_: Scope, ids: readonly string[]) =>
    new Map(ids.map((id) => [id, [{ up_to: null }]]));
  return { asked, expansions: { loaders, includes: new Map([['price', { tiers }]]) } };
}

const charge = <Fields extends object>(id: string, fields: Fields) => ({
  id,
  object: 'charge',
  ...fields,
});
const method = (id: string) => ({ id, object: 'payment_method', customer: 'cus_1' });
const page = (...data: object[]) => ({ object: 'list', data });

async function refusal(scope: Scope, object: object, path: string): Promise<ApiError> {
  return expand(scope, object, [path], ring().expansions).then(
    () => Promise.reject(new Error(`${path} was expanded.`)),
    (error: ApiError) => error,
  );
}

describe('expand', () => {
  it('leaves what was deleted as it is, and expands the others', async () => {
    const deleted = { id: 'cus_2', object: 'customer', deleted: true };
    const there = charge('ch_1', { customer: 'cus_1' });
    const { expansions } = ring();
    expect(await expand(SECRET, deleted, ['subscriptions', 'sources'], expansions)).toEqual(
      deleted,
    );
    expect(await expand(SECRET, page(deleted, there), ['data.customer'], expansions)).toEqual(
      page(deleted, charge('ch_1', { customer: { id: 'cus_1', object: 'customer' } })),
    );
  });

  it('puts objects in the place of ids, and leaves its argument alone', async () => {
    const object = charge('ch_1', { customer: 'cus_1', payment_intent: null });
    const full = await expand(SECRET, object, ['customer'], ring().expansions);
    expect(full).toEqual({ ...object, customer: { id: 'cus_1', object: 'customer' } });
    expect(object.customer).toBe('cus_1');
  });

  it('goes four levels deep, and below a list four', async () => {
    const path = 'payment_intent.latest_charge.payment_intent.latest_charge';
    const object = charge('ch_1', { payment_intent: 'pi_1' });
    const full = await expand(SECRET, object, [path], ring().expansions);
    expect(full).toHaveProperty(`${path}.id`, 'ch_1');
    const list = await expand(SECRET, page(object), [`data.${path}`], ring().expansions);
    expect(list).toHaveProperty(['data', 0, ...path.split('.'), 'id'], 'ch_1');
    const error = await refusal(SECRET, object, `${path}.payment_intent`);
    expect(error.message).toBe(
      `You cannot expand more than 4 levels of a property (${path}.payment_intent).`,
    );
  });

  it('puts objects in the place of ids in a list, and leaves those that are gone', async () => {
    const object = { object: 'subscription', discounts: ['di_1', 'di_gone'] };
    const full = await expand(SECRET, object, ['discounts.promotion_code'], ring().expansions);
    expect(full.discounts).toEqual([
      {
        id: 'di_1',
        object: 'discount',
        promotion_code: { id: 'promo_1', object: 'promotion_code' },
      },
      'di_gone',
    ]);
  });

  it('knows what a merchant named by the place it is in', async () => {
    const object = { object: 'line_item', pricing: { price_details: { price: 'gold-monthly' } } };
    const full = await expand(SECRET, object, ['pricing.price_details.price'], ring().expansions);
    expect(full).toHaveProperty('pricing.price_details.price.id', 'gold-monthly');
  });

  it('asks once a level, however many have the same customer', async () => {
    const { asked, expansions } = ring();
    const charges = Array.from({ length: 50 }, (_, n) =>
      charge(`ch_${n}`, { customer: `cus_${n % 2}` }),
    );
    await expand(SECRET, page(...charges), ['data.customer'], expansions);
    expect(asked).toEqual(['customers cus_0 cus_1']);
  });

  it('lets two paths share their beginning', async () => {
    const object = charge('ch_1', { payment_intent: 'pi_1', customer: 'cus_1' });
    const paths = ['payment_intent', 'payment_intent.latest_charge.customer', 'customer'];
    const full = await expand(SECRET, object, paths, ring().expansions);
    expect(full).toHaveProperty('payment_intent.latest_charge.customer.id', 'cus_1');
    expect(full).toHaveProperty('customer.id', 'cus_1');
  });

  it('includes a field that is there only when asked for', async () => {
    const price = { id: 'price_1', object: 'price' };
    const full = await expand(SECRET, page(price), ['data.tiers'], ring().expansions);
    expect(full).toHaveProperty('data.0.tiers', [{ up_to: null }]);
  });

  it('leaves null, and what no longer exists, as it is', async () => {
    const object = charge('ch_1', { customer: null, payment_intent: 'pi_gone' });
    const paths = ['customer', 'payment_intent'];
    expect(await expand(SECRET, object, paths, ring().expansions)).toEqual(object);
  });

  it.each([
    'id',
    'object',
    'amount',
    'nothing',
    'description',
    'metadata',
    'metadata.customer',
    '__proto__',
    'constructor',
    'toString.name',
    'customer.nothing',
    'data.customer',
    '',
  ])('refuses %s', async (path) => {
    const object = charge('ch_1', {
      amount: 1,
      customer: 'cus_1',
      description: 'cus_1',
      metadata: { object: 'charge', customer: 'cus_1' },
    });
    expect(await refusal(SECRET, object, path)).toMatchObject({
      status: 400,
      message: `This property cannot be expanded (${path}).`,
      details: { code: 'property_cannot_be_expanded' },
    });
  });

  it('takes the right to read what is expanded', async () => {
    const scope = { ...SECRET, rights: { charges: 'read' } } as Scope;
    const object = charge('ch_1', { customer: 'cus_1' });
    expect(await refusal(scope, object, 'customer')).toMatchObject({ status: 403 });
    const entitled = { ...SECRET, rights: { charges: 'read', customers: 'read' } } as Scope;
    const full = await expand(entitled, object, ['customer'], ring().expansions);
    expect(full).toHaveProperty('customer.object', 'customer');
  });

  it('shows a browser the card it pays with, and nothing else', async () => {
    const intent = {
      id: 'pi_1',
      object: 'payment_intent',
      payment_method: 'pm_1',
      customer: 'cus_1',
    };
    const full = await expand(BROWSER, intent, ['payment_method'], ring().expansions);
    expect(full).toHaveProperty('payment_method.object', 'payment_method');
    for (const path of ['customer', 'payment_method.customer']) {
      expect((await refusal(BROWSER, intent, path)).details.code).toBe(
        'property_cannot_be_expanded',
      );
    }
  });
});
