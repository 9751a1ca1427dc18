/** What a request changes of an invoice item, or of a line that no item is behind. */
import { attachDiscounts, type DiscountTarget } from '@/server/discounts';
import {
  isDiscountable,
  pricingAfter,
  type GivenPricing,
  type LineFields,
  type Pricing,
} from '@/server/invoice_items';
import type { Tx } from '@/server/kernel/context';
import { parameterInvalid } from '@/server/kernel/errors';
import { mergeMetadata, type Metadata } from '@/server/kernel/metadata';
import { requireRates } from '@/server/tax_rates';

/** What items and lines have in common. */
export interface Asked extends Pricing {
  readonly description: string | null;
  readonly discountable: boolean;
  readonly discounts: string[];
  readonly metadata: Metadata;
  readonly period_end: number;
  readonly period_start: number;
  readonly proration: boolean;
  readonly tax_rates: string[] | null;
}

type Given = Omit<LineFields, keyof GivenPricing> & GivenPricing;

/**
 * @param place where the fields stand in the request, for errors: `lines[0]`, or the top.
 * @throws ApiError 400 as `pricingAfter`, `requireRates` and `attachDiscounts`, and for a proration
 *   that is to be discounted.
 */
export async function amend(
  tx: Tx,
  before: Asked,
  given: Given,
  target: DiscountTarget,
  place?: string,
): Promise<Omit<Asked, 'proration'>> {
  const named = (param: string) => (place === undefined ? param : `${place}[${param}]`);
  const pricing = await pricingAfter(tx, before, given, {
    currency: before.currency,
    ...(place === undefined ? {} : { place }),
  });
  if (given.discountable === true && before.proration) {
    throw parameterInvalid('Prorations are never discountable.', named('discountable'));
  }
  const { discounts, tax_rates } = given;
  if (tax_rates) await requireRates(tx, tax_rates, named('tax_rates'));
  return {
    ...pricing,
    description: given.description ?? before.description,
    discountable: given.discountable ?? discountableAfter(before, pricing.amount),
    discounts:
      discounts === undefined
        ? before.discounts
        : await attachDiscounts(tx, discounts ?? [], target, {
            currency: pricing.currency,
            before: before.discounts,
            param: named('discounts'),
          }),
    metadata: mergeMetadata(before.metadata, given.metadata),
    period_end: given.period?.end ?? before.period_end,
    period_start: given.period?.start ?? before.period_start,
    tax_rates: tax_rates === undefined ? before.tax_rates : tax_rates,
  };
}

/** A charge that becomes a credit, or the reverse, goes by what is usual for what it becomes. */
const discountableAfter = ({ amount, discountable, proration }: Asked, after: number): boolean =>
  amount < 0 === after < 0 ? discountable : isDiscountable({ amount: after, proration });
