/** A price as it is typed, and as it is then asked for. */
import type { Inputs } from '@/components/api/queries';
import { amountOf } from '@/components/object/form';

export type Model = 'standard' | 'graduated' | 'volume';

export interface TypedTier {
  /** Where it ends; empty for the last, which has no end. */
  readonly upTo: string;
  readonly unit: string;
  readonly flat: string;
}

export interface TypedPrice {
  /** Null until one is chosen: the project's own. */
  readonly currency: string | null;
  readonly amount: string;
  /** How often it is asked for: `once`, or a unit of time. */
  readonly interval: 'once' | 'day' | 'week' | 'month' | 'year';
  readonly count: string;
  readonly model: Model;
  readonly tiers: readonly TypedTier[];
  readonly nickname: string;
}

export const FIRST_PRICE: TypedPrice = {
  currency: null,
  amount: '',
  interval: 'month',
  count: '1',
  model: 'standard',
  tiers: [
    { upTo: '10', unit: '', flat: '' },
    { upTo: '', unit: '', flat: '' },
  ],
  nickname: '',
};

/** Where a price is part of the request for a product, its fields are inside of this one. */
export type Place = 'default_price_data' | null;

/** The name of a field on the wire: `unit_amount`, `default_price_data[unit_amount]`. */
export const paramOf = (place: Place, ...path: readonly string[]): string => {
  const [first = '', ...rest] = place === null ? path : [place, ...path];
  return first + rest.map((name) => `[${name}]`).join('');
};

/** The fields that show what is wrong with them. */
export const priceParams = (place: Place): string[] => [
  paramOf(place, 'currency'),
  paramOf(place, 'unit_amount'),
  paramOf(place, 'recurring', 'interval_count'),
  paramOf(place, 'tiers'),
];

/** What every price says. Throws FieldError for what is no amount. */
export function askedTerms(price: TypedPrice, currency: string, place: Place) {
  return {
    currency,
    ...recurringOf(price),
    unit_amount: amountOf(price.amount, currency, paramOf(place, 'unit_amount')),
  };
}

/** The whole price, which may have tiers. Throws FieldError for what is no amount. */
export function askedPrice(price: TypedPrice, currency: string): Inputs['prices']['create'] {
  const named = price.nickname === '' ? {} : { nickname: price.nickname };
  if (price.model === 'standard') return { ...named, ...askedTerms(price, currency, null) };
  const inMinor = (text: string): number => amountOf(text, currency, 'tiers');
  return {
    ...named,
    currency,
    ...recurringOf(price),
    billing_scheme: 'tiered',
    tiers_mode: price.model,
    tiers: price.tiers.map(({ upTo, unit, flat }) => ({
      up_to: upTo === '' ? ('inf' as const) : Number(upTo),
      ...(unit === '' ? {} : { unit_amount: inMinor(unit) }),
      ...(flat === '' ? {} : { flat_amount: inMinor(flat) }),
    })),
  };
}

const recurringOf = ({ interval, count }: TypedPrice) =>
  interval === 'once' ? {} : { recurring: { interval, interval_count: Number(count) } };
