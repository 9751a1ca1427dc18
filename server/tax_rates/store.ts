import { eq } from 'drizzle-orm';
import { rowsOf, whenGiven } from '@/db/rows';
import { tax_rates } from '@/db/schema/tax_rates';
import type { Scope } from '@/server/kernel/context';
import { pageOf, within } from '@/server/kernel/page';
import type { ListTaxRates } from './params';

export type TaxRateRow = typeof tax_rates.$inferSelect;

const rows = rowsOf(tax_rates);
export const { insert, find, findAll, lock, update } = rows;

export const page = (scope: Scope, params: ListTaxRates) =>
  pageOf<TaxRateRow>(
    scope,
    { table: tax_rates, rows, object: 'tax_rate' },
    params,
    params.active === undefined
      ? undefined
      : eq(tax_rates.status, params.active ? 'active' : 'inactive'),
    whenGiven(tax_rates.inclusive, params.inclusive),
    within(tax_rates.created, params.created),
  );
