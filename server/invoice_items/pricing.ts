/**
 * What an item costs, however it was asked for: an amount, an amount a unit, a price, or a price
 * that is made for it alone.
 */
import type { Tx } from '@/server/kernel/context';
import { fromScaled, ONE, toScaled } from '@/server/kernel/decimal';
import {
  parameterInvalid,
  parameterMissing,
  parametersExclusive,
  resourceMissing,
} from '@/server/kernel/errors';
import { AMOUNT_MAX, roundHalfUp, toSafe } from '@/server/kernel/money';
import { nested } from '@/server/kernel/rename';
import {
  addPrice,
  costOf,
  findPrice,
  isOffered,
  requirePrice,
  type PriceRow,
} from '@/server/prices';
import { addProduct, holdProduct, toProduct } from '@/server/products';
import type { LineFields } from './params';
import type { InvoiceItemRow } from './store';

export type Pricing = Pick<
  InvoiceItemRow,
  | 'amount'
  | 'currency'
  | 'price'
  | 'product'
  | 'quantity'
  | 'quantity_decimal'
  | 'unit_amount_decimal'
>;

export type GivenPricing = Pick<
  LineFields,
  'amount' | 'price_data' | 'pricing' | 'quantity' | 'quantity_decimal'
> & { readonly unit_amount_decimal?: string | undefined };

interface Terms {
  /** Asked for, or the invoice's; null takes the price's, and `fallback` where there is none. */
  readonly currency: string | null;
  readonly fallback: string;
  /** Where the parameters stand, for errors: `lines[0]`, or the top. */
  readonly place?: string;
  /** What names the price, where it is not `pricing[price]`. */
  readonly priceParam?: string;
  /** Whether the price was accepted before, and may be archived since. */
  readonly isArchivable?: boolean;
}

/**
 * Of a new item.
 *
 * @throws ApiError 400 for none or more than one way to say it, for a price that does not exist, is
 *   archived, recurs or has no amount in the currency, and for an amount over eight digits.
 */
export async function pricingOf(tx: Tx, given: GivenPricing, terms: Terms): Promise<Pricing> {
  assertOneWay(given, terms);
  const quantity = quantityOf(given);
  if (given.amount !== undefined) {
    const currency = terms.currency ?? terms.fallback;
    return {
      ...NO_PRICE,
      ...quantity,
      amount: given.amount,
      currency,
      unit_amount_decimal: String(given.amount),
    };
  }
  if (given.unit_amount_decimal !== undefined) {
    const currency = terms.currency ?? terms.fallback;
    return { ...NO_PRICE, ...byUnit(quantity, given.unit_amount_decimal, terms), currency };
  }
  return byPrice(await priceOf(tx, given, terms), quantity, terms);
}

/** Of an item that changes: what is not said stays, and a quantity alone is of the same price. */
export async function pricingAfter(
  tx: Tx,
  before: Pricing,
  given: GivenPricing,
  terms: Omit<Terms, 'fallback'>,
): Promise<Pricing> {
  const { amount, price_data, pricing, unit_amount_decimal } = given;
  const isPriced = [amount, price_data, pricing?.price, unit_amount_decimal].some(
    (way) => way !== undefined,
  );
  const asked = { ...terms, currency: before.currency, fallback: before.currency };
  const isCounted = given.quantity !== undefined || given.quantity_decimal !== undefined;
  if (isPriced) {
    const kept = isCounted || amount !== undefined ? {} : { quantity_decimal: exactly(before) };
    return pricingOf(tx, { ...kept, ...given }, asked);
  }
  if (!isCounted) return only(before);
  const quantity = quantityOf(given);
  const price = before.price === null ? null : await findPrice(tx, before.price);
  if (price !== null) return byPrice(price, quantity, asked);
  const unit = before.unit_amount_decimal ?? String(before.amount);
  return { ...only(before), ...byUnit(quantity, unit, asked) };
}

/** Of an item or a line, what it costs and nothing else. */
const only = (asked: Pricing): Pricing => ({
  amount: asked.amount,
  currency: asked.currency,
  price: asked.price,
  product: asked.product,
  quantity: asked.quantity,
  quantity_decimal: asked.quantity_decimal,
  unit_amount_decimal: asked.unit_amount_decimal,
});

const NO_PRICE = { price: null, product: null };

const exactly = ({ quantity, quantity_decimal }: Pricing): string =>
  quantity_decimal ?? String(quantity);

const named = (param: string, { place }: Pick<Terms, 'place'>): string =>
  place === undefined ? param : nested(place, param);

function assertOneWay(given: GivenPricing, terms: Terms): void {
  const ways = [
    ['amount', given.amount],
    ['price_data', given.price_data],
    ['pricing', given.pricing?.price],
    ['unit_amount_decimal', given.unit_amount_decimal],
  ].flatMap(([param, value]) => (value === undefined ? [] : [named(String(param), terms)]));
  if (ways.length === 0) throw parameterMissing(named('amount', terms));
  if (ways.length > 1) throw parametersExclusive(ways);
  const counts = (['quantity', 'quantity_decimal'] as const).filter(
    (param) => given[param] !== undefined,
  );
  if (counts.length > 1) throw parametersExclusive(counts.map((param) => named(param, terms)));
  // An amount is of everything together: how many of what is not said with it.
  if (counts.length > 0 && given.amount !== undefined) {
    throw parametersExclusive(['amount', ...counts].map((param) => named(param, terms)));
  }
}

type Quantity = Pick<Pricing, 'quantity' | 'quantity_decimal'>;

function quantityOf({ quantity = 1, quantity_decimal }: GivenPricing): Quantity {
  if (quantity_decimal === undefined) return { quantity, quantity_decimal: null };
  const units = toScaled(quantity_decimal);
  return {
    quantity: toSafe(units / ONE),
    quantity_decimal: units % ONE === 0n ? null : fromScaled(units),
  };
}

const inUnits = ({ quantity, quantity_decimal }: Quantity): bigint =>
  toScaled(quantity_decimal ?? String(quantity));

function byUnit(quantity: Quantity, unit: string, terms: Terms) {
  const exact = roundHalfUp(inUnits(quantity) * toScaled(unit), ONE * ONE);
  return { ...quantity, amount: bounded(exact, terms), unit_amount_decimal: unit };
}

function byPrice(price: PriceRow, quantity: Quantity, terms: Terms): Pricing {
  const currency = terms.currency ?? price.currency;
  const units = quantity.quantity_decimal ?? quantity.quantity;
  // A one-time price is not tiered, so it is one line.
  const cost = costOf(price, units, currency)[0];
  return {
    ...quantity,
    amount: bounded(BigInt(cost?.amount ?? 0), terms),
    currency,
    price: price.id,
    product: price.product,
    unit_amount_decimal: cost?.unit_amount_decimal ?? null,
  };
}

function bounded(amount: bigint, terms: Terms): number {
  if (amount >= -AMOUNT_MAX && amount <= AMOUNT_MAX) return toSafe(amount);
  throw parameterInvalid(
    `The amount of an invoice item must be no more than ${AMOUNT_MAX}.`,
    named('quantity', terms),
    'amount_too_large',
  );
}

async function priceOf(tx: Tx, given: GivenPricing, terms: Terms): Promise<PriceRow> {
  const { price_data } = given;
  if (price_data !== undefined) {
    const place = named('price_data', terms);
    const { product, product_data, ...fields } = price_data;
    assertCurrency(price_data.currency, terms, `${place}[currency]`);
    const owner = await productOf(tx, { product, product_data }, place);
    // Archived from the start: it is for this item alone.
    return addPrice(tx, { ...fields, active: false }, { product: owner, place });
  }
  const param = named(terms.priceParam ?? 'pricing[price]', terms);
  const price = await requirePrice(tx, given.pricing?.price ?? '', param);
  assertUsable(price, terms, param);
  return price;
}

type GivenProduct = Pick<NonNullable<GivenPricing['price_data']>, 'product' | 'product_data'>;

/** The id of the product that the new price is for. */
async function productOf(
  tx: Tx,
  { product, product_data }: GivenProduct,
  place: string,
): Promise<string> {
  const params = ['product', 'product_data'].map((param) => `${place}[${param}]`);
  if (product !== undefined) {
    if (product_data !== undefined) throw parametersExclusive(params);
    if ((await holdProduct(tx, product)) !== null) return product;
    throw resourceMissing('product', product, params[0]);
  }
  if (product_data === undefined) throw parameterMissing(`${place}[product]`);
  const added = await addProduct(tx, product_data);
  await tx.announce('product.created', toProduct(added));
  return added.id;
}

function assertCurrency(currency: string, terms: Terms, param: string): void {
  if (terms.currency === null || terms.currency === currency) return;
  throw parameterInvalid(
    `The currency must be \`${terms.currency}\`, as that of the invoice or of the item.`,
    param,
  );
}

function assertUsable(price: PriceRow, terms: Terms, param: string): void {
  if (!price.active && terms.isArchivable !== true) {
    throw parameterInvalid(
      'The price specified is inactive. This field only accepts active prices.',
      param,
    );
  }
  if (price.type === 'recurring') {
    throw parameterInvalid(
      'The price specified is set to `type=recurring` but this field only accepts prices with `type=one_time`.',
      param,
    );
  }
  if (terms.currency !== null && !isOffered(price, terms.currency)) {
    throw parameterInvalid(
      `The price specified only supports \`${price.currency}\`. This doesn't match the expected currency: \`${terms.currency}\`.`,
      param,
    );
  }
  if (price.custom_unit_amount !== null) {
    throw parameterInvalid(
      'The price specified has a `custom_unit_amount`, which only a customer at checkout can fill in.',
      param,
    );
  }
}
