import type { Tx } from '@/server/kernel/context';
import { lifecycle } from '@/server/kernel/lifecycle';
import { unix } from '@/server/kernel/object';
import { update, type ReconciliationItemRow } from './store';

/** Stripe knows of no differences with a processor, and so of no event for them. */
export const reconciliationItem = lifecycle<ReconciliationItemRow['status'], 'resolve'>(
  'reconciliation_item',
  ['open'],
  { open: { resolve: ['resolved', null] }, resolved: {} },
);

type Resolution = Partial<Pick<ReconciliationItemRow, 'resolved_by' | 'note'>> & {
  readonly resolution: NonNullable<ReconciliationItemRow['resolution']>;
};

export function move(
  tx: Tx,
  row: ReconciliationItemRow,
  action: 'resolve',
  changes: Resolution,
): ReconciliationItemRow {
  const step = reconciliationItem.step(row.status, action);
  if (step === null) throw new Error(`${row.id} is ${row.status}: it cannot ${action}.`);
  const [status] = step;
  return update(tx, row, { ...changes, status, resolved_at: unix(tx.wallClock) });
}
