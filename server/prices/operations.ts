/**
 * Prices say for how much, and how often, a product is sold. What a price charges never changes:
 * one makes another and archives the first. https://docs.stripe.com/api/prices
 */
import { parametersExclusive, requestInvalid, resourceMissing } from '@/server/kernel/errors';
import { mergeMetadata } from '@/server/kernel/metadata';
import { command, query } from '@/server/kernel/operation';
import { toPage } from '@/server/kernel/page';
import { findProduct } from '@/server/products';
import { addPrice } from './add';
import { assertTaxBehavior, mergeOptions } from './amount';
import { assertNotDefault, change } from './change';
import { claimLookupKey } from './lookup';
import { toPrice } from './object';
import { existingProduct, newProduct } from './owner';
import { CreatePrice, ListPrices, PriceId, SearchPrices, UpdatePrice } from './params';
import * as store from './store';

export const create = command({
  route: 'POST /v1/prices',
  summary: 'Creates a price, and with `product_data` the product it belongs to.',
  input: CreatePrice,
  async run(tx, { product, product_data, ...fields }) {
    if (product !== undefined && product_data !== undefined) {
      throw parametersExclusive(['product', 'product_data']);
    }
    if (product !== undefined) {
      const owner = await existingProduct(tx, product);
      return toPrice(await addPrice(tx, fields, { product: owner }));
    }
    if (product_data === undefined) {
      throw requestInvalid(
        'You must specify either `product` or `product_data` when creating a price.',
      );
    }
    const owner = await newProduct(tx, product_data);
    return toPrice(await addPrice(tx, fields, { product: owner }));
  },
});

export const retrieve = query({
  route: 'GET /v1/prices/:id',
  summary: 'Retrieves a price.',
  input: PriceId,
  async run(scope, { id }) {
    const row = await store.find(scope, id);
    if (row === null) throw resourceMissing('price', id);
    return toPrice(row);
  },
});

export const update = command({
  route: 'POST /v1/prices/:id',
  summary: 'Updates a price, except for what it charges.',
  input: UpdatePrice,
  async run(tx, { id, metadata, currency_options, transfer_lookup_key, ...fields }) {
    const before = await store.lock(tx, id);
    if (before === null) throw resourceMissing('price', id);
    if (fields.active === false) await assertNotDefault(tx, before, 'archived', 'active');
    assertTaxBehavior(before.tax_behavior, fields.tax_behavior);
    if (typeof fields.lookup_key === 'string') {
      await claimLookupKey(tx, fields.lookup_key, id, transfer_lookup_key);
    }
    const row = await change(tx, before, {
      ...fields,
      metadata: mergeMetadata(before.metadata, metadata),
      ...(currency_options === undefined
        ? {}
        : { currency_options: changedOptions(before, currency_options) }),
    });
    return toPrice(row);
  },
});

type GivenOptions = Parameters<typeof mergeOptions>[1];

const changedOptions = (before: store.PriceRow, given: GivenOptions | null) =>
  given === null
    ? null
    : mergeOptions(before.currency_options, given, {
        scheme: before.billing_scheme,
        currency: before.currency,
        place: null,
      });

export const list = query({
  route: 'GET /v1/prices',
  summary: 'Lists prices, the newest first.',
  input: ListPrices,
  async run(scope, params) {
    const { product } = params;
    if (product !== undefined && (await findProduct(scope, product)) === null) {
      throw resourceMissing('product', product, 'product');
    }
    return toPage(await store.page(scope, params), toPrice);
  },
});

export const search = query({
  route: 'GET /v1/prices/search',
  summary: 'Searches prices by lookup key, product, currency, type, metadata and activity.',
  input: SearchPrices,
  run: store.search,
});
