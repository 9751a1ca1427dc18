/** What a subscription is to bill for at a later date, accepted today. */
import type { CustomerRow } from '@/server/customers';
import type { Tx } from '@/server/kernel/context';
import { parameterMissing } from '@/server/kernel/errors';
import type { PriceRow } from '@/server/prices';
import { assertDistinct, assertIntervals, assertOffered, pricesOf, quantityOf } from './given';
import { currencyOf } from './opening';
import type { CreateSubscription } from './params';
import type { SubscriptionRow } from './store';

export interface AcceptTerms {
  readonly customer: CustomerRow;
  readonly billing_mode: SubscriptionRow['billing_mode'];
  /** Undefined leaves it to the customer and the prices. */
  readonly currency: string | undefined;
  /** The parameter that the items are in. */
  readonly list: string;
}

export interface Accepted {
  readonly currency: string;
  /** In the order of the items that were given. */
  readonly items: readonly { readonly price: PriceRow; readonly quantity: number | null }[];
}

/**
 * Prices that are brought along are made.
 *
 * @throws ApiError 400 for what cannot be agreed on.
 */
export async function acceptItems(
  tx: Tx,
  given: CreateSubscription['items'],
  { customer, billing_mode, currency: asked, list }: AcceptTerms,
): Promise<Accepted> {
  const prices = (await pricesOf(tx, given, { list })).map((price, index) => {
    if (price === null) throw parameterMissing(`${list}[${index}][price]`);
    return price;
  });
  assertDistinct(prices);
  assertIntervals(billing_mode, prices);
  const currency = currencyOf(asked === undefined ? {} : { currency: asked }, customer, prices);
  const items = prices.map((price, index) => {
    assertOffered(price, currency, `${list}[${index}][price]`);
    const quantity = quantityOf(price, given[index]?.quantity, `${list}[${index}][quantity]`);
    return { price, quantity };
  });
  return { currency, items };
}
