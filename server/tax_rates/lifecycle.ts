/**
 * A tax rate that is archived is not taken for anything new; what has it keeps it. There and back:
 * https://docs.stripe.com/billing/taxes/tax-rates
 */
import type { Tx } from '@/server/kernel/context';
import { lifecycle } from '@/server/kernel/lifecycle';
import { toTaxRate } from './object';
import * as store from './store';

const UPDATED = 'tax_rate.updated';

export const taxRate = lifecycle<store.TaxRateRow['status'], 'archive' | 'restore'>(
  'tax_rate',
  ['active', 'inactive'],
  {
    active: { archive: ['inactive', UPDATED] },
    inactive: { restore: ['active', UPDATED] },
  },
);

type Changes = Omit<Parameters<typeof store.update>[2], 'status'> & {
  readonly active?: boolean | undefined;
};

/** The one door to `status`, and to the words beside it: one event tells of all of them. */
export async function change(
  tx: Tx,
  before: store.TaxRateRow,
  { active, ...words }: Changes,
): Promise<store.TaxRateRow> {
  const action = active === undefined ? null : active ? 'restore' : 'archive';
  const step = action === null ? null : taxRate.step(before.status, action);
  const row = store.update(tx, before, { ...words, ...(step === null ? {} : { status: step[0] }) });
  await tx.announce(UPDATED, toTaxRate(row), toTaxRate(before));
  return row;
}
