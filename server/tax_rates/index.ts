import { resource } from '@/server/kernel/resource';
import { toTaxRate } from './object';
import { create, list, retrieve, update } from './operations';
import { findAll } from './store';

export const tax_rates = resource({
  object: 'tax_rate',
  expands: 'tax_rate',
  load: async (scope, ids) => (await findAll(scope, ids)).map(toTaxRate),
  operations: { create, retrieve, update, list },
});
export { taxOf, type TaxAmount, type TaxExempt } from './amounts';
export { toTaxRate } from './object';
export type { TaxRateRow } from './store';
export { findRates, requireRates } from './use';
