import { rowsOf } from '@/db/rows';
import { processor_callbacks } from '@/db/schema/processor_callbacks';
import type { Scope, Tx } from '@/server/kernel/context';
import type { AttemptRow } from '@/server/processor_attempts';

export type CallbackRow = typeof processor_callbacks.$inferSelect;
export type NewCallback = Omit<CallbackRow, 'projectId' | 'livemode'>;

const rows = rowsOf(processor_callbacks);

const INSERT = `insert into processor_callbacks (id, processor_account, reference, transaction, action,
    state, response_code, digest, fields, received_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
  on conflict (project_id, livemode, processor_account, transaction, state, digest) do nothing
  returning id`;

/** Whether it is news: what was told before is not written again. */
export async function insertOnce(tx: Tx, row: NewCallback): Promise<boolean> {
  const written = await tx.lookUp(INSERT, [
    row.id,
    row.processor_account,
    row.reference,
    row.transaction,
    row.action,
    row.state,
    row.response_code,
    row.digest,
    JSON.stringify(row.fields),
    row.received_at.toISOString(),
  ]);
  return written.length > 0;
}

const ABOUT = `select ${rows.columns} from processor_callbacks
  where processor_account = $1 and (reference = $2 or transaction = $3) order by id`;

/** What was told of a reference or a transaction, in the order in which it came. */
export const about = async (
  scope: Scope,
  account: string,
  { reference, transaction }: Pick<AttemptRow, 'transaction'> & { readonly reference: string },
): Promise<CallbackRow[]> =>
  (await scope.lookUp(ABOUT, [account, reference, transaction], 'processor_callbacks')).map(
    rows.toRow,
  );
