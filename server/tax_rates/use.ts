/** How other folders come by the tax rates that something is billed with. */
import type { Scope } from '@/server/kernel/context';
import { parameterInvalid, resourceMissing } from '@/server/kernel/errors';
import { findAll, type TaxRateRow } from './store';

/** Of an invoice, a subscription, or a line: https://docs.stripe.com/invoicing/taxes/tax-rates */
const RATES_MAX = 5;

/** Those that exist, archived or not, in the order of the ids. */
export async function findRates(scope: Scope, ids: readonly string[]): Promise<TaxRateRow[]> {
  const found = new Map((await findAll(scope, ids)).map((row) => [row.id, row]));
  return ids.flatMap((id) => found.get(id) ?? []);
}

/**
 * Those that something new is to be billed with, in the order of the ids.
 *
 * @param param names the list, for errors.
 * @throws ApiError 400 for a rate that does not exist or was archived, one that is named twice, and
 *   more than five.
 */
export async function requireRates(
  scope: Scope,
  ids: readonly string[],
  param: string,
): Promise<TaxRateRow[]> {
  if (ids.length > RATES_MAX) {
    throw parameterInvalid(`You can apply at most ${RATES_MAX} tax rates.`, param);
  }
  const rates = await findRates(scope, ids);
  for (const [index, id] of ids.entries()) {
    const rate = rates.find((one) => one.id === id);
    const place = `${param}[${index}]`;
    if (rate === undefined) throw resourceMissing('tax_rate', id, place);
    if (ids.indexOf(id) !== index) {
      throw parameterInvalid(`The tax rate ${id} is given more than once.`, place);
    }
    if (rate.status !== 'active') {
      throw parameterInvalid(
        `The tax rate ${id} is archived. Only active tax rates can be applied.`,
        place,
      );
    }
  }
  return rates;
}
