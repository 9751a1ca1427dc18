import { listOf, toArray, toList } from '@/db/changes';
import { rowsOf } from '@/db/rows';
import { processor_callbacks } from '@/db/schema/processor_callbacks';
import type { Scope, Tx } from '@/server/kernel/context';
import type { AttemptRow } from '@/server/processor_attempts';

export type CallbackRow = typeof processor_callbacks.$inferSelect;
export type NewCallback = Omit<CallbackRow, 'projectId' | 'livemode'>;

const rows = rowsOf(processor_callbacks);

const INSERT = `insert into processor_callbacks (id, processor_account, reference, transaction, action,
    state, response_code, digest, fields, received_at)
  select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
    $7::text[], $8::text[], ${listOf('$9', 'jsonb')}, $10::timestamptz[])
  on conflict (project_id, livemode, processor_account, transaction, state, digest) do nothing
  returning id`;

/** The ids of those that are news: what was told before is not written again. */
export async function insertOnce(
  tx: Tx,
  callbacks: readonly NewCallback[],
): Promise<ReadonlySet<string>> {
  const column = (name: keyof NewCallback): string => toArray(callbacks.map((row) => row[name]));
  const written = await tx.lookUp(INSERT, [
    column('id'),
    column('processor_account'),
    column('reference'),
    column('transaction'),
    column('action'),
    column('state'),
    column('response_code'),
    column('digest'),
    toList(callbacks.map(({ fields }) => JSON.stringify(fields))),
    toArray(callbacks.map(({ received_at }) => received_at.toISOString())),
  ]);
  return new Set(written.map(([id]) => String(id)));
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
