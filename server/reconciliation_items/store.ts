import { rowsOf, whenGiven } from '@/db/rows';
import { reconciliation_items } from '@/db/schema/reconciliation_items';
import type { Scope, Tx } from '@/server/kernel/context';
import { pageOf } from '@/server/kernel/page';
import type { ListReconciliationItems } from './params';

export type ReconciliationItemRow = typeof reconciliation_items.$inferSelect;
export type NewReconciliationItem = Omit<ReconciliationItemRow, 'projectId' | 'livemode'>;

const rows = rowsOf(reconciliation_items);
export const { insert, find, findAll, lock, update } = rows;

export const page = (scope: Scope, params: ListReconciliationItems) =>
  pageOf<ReconciliationItemRow>(
    scope,
    { table: reconciliation_items, rows, object: 'reconciliation_item' },
    params,
    whenGiven(reconciliation_items.status, params.status),
    whenGiven(reconciliation_items.kind, params.kind),
    whenGiven(reconciliation_items.settlement_file, params.settlement_file),
  );

const RAISED = `select ${rows.columns} from reconciliation_items where kind = $1 and subject = $2`;

/** The difference, if it was raised before; whoever raises holds what it is about. */
export async function findRaised(
  tx: Tx,
  kind: ReconciliationItemRow['kind'],
  subject: string,
): Promise<ReconciliationItemRow | null> {
  const [values] = await tx.lookUp(RAISED, [kind, subject], 'reconciliation_items');
  return values === undefined ? null : rows.toRow(values);
}

const OPEN_OF_ATTEMPT = `select ${rows.columns} from reconciliation_items
  where processor_attempt = $1 and status = 'open' for no key update`;

export async function lockOpenOf(tx: Tx, attempt: string): Promise<ReconciliationItemRow | null> {
  const [values] = await tx.lookUp(OPEN_OF_ATTEMPT, [attempt], 'reconciliation_items');
  return values === undefined ? null : rows.toRow(values);
}
