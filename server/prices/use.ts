/** How other folders come by a price: one that exists, or one that is described inline. */
import type { Scope, Tx } from '@/server/kernel/context';
import { parameterInvalid, resourceMissing } from '@/server/kernel/errors';
import { addPrice } from './add';
import { paramIn } from './amount';
import { existingProduct } from './owner';
import type { InlinePrice } from './params';
import { find, type PriceRow } from './store';

/**
 * The price, archived or not.
 *
 * @param param names the id in the error.
 * @throws ApiError 400 `resource_missing` for a price that does not exist or was deleted.
 */
export async function requirePrice(scope: Scope, id: string, param = 'price'): Promise<PriceRow> {
  const row = await find(scope, id);
  if (row === null) throw resourceMissing('price', id, param);
  return row;
}

/**
 * The price, where something new is to be billed by it.
 *
 * @throws ApiError 400 as `requirePrice`, and for one that was archived.
 */
export async function requireActivePrice(
  scope: Scope,
  id: string,
  param = 'price',
): Promise<PriceRow> {
  const row = await requirePrice(scope, id, param);
  if (!row.active) {
    throw parameterInvalid(
      'The price specified is inactive. This field only accepts active prices.',
      param,
    );
  }
  return row;
}

/**
 * The price that `price_data` describes, added and announced. It is not active: whoever described it
 * uses it, and nobody else does.
 *
 * @param place the parameter that the description is in, such as `items[0][price_data]`.
 * @throws ApiError 400 for a product that does not exist and an amount that cannot be.
 */
export async function addInlinePrice(
  tx: Tx,
  { product, ...fields }: InlinePrice,
  place: string,
): Promise<PriceRow> {
  await existingProduct(tx, product, paramIn(place, 'product'));
  return addPrice(tx, { ...fields, active: false }, { product, place });
}
