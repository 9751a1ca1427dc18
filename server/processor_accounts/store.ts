import type { Pool } from '@/db/client';
import { rowsOf } from '@/db/rows';
import { processor_accounts } from '@/db/schema/processor_accounts';
import { look, type Found } from '@/db/system';
import type { Question } from '@/db/scope';
import type { Scope, Tx } from '@/server/kernel/context';

export type ProcessorAccountRow = typeof processor_accounts.$inferSelect;

const rows = rowsOf(processor_accounts);
export const { insert, find, lock, update } = rows;

/** All of the scope's, the newest first: there are few. */
export const all = (scope: Scope): Promise<ProcessorAccountRow[]> =>
  scope
    .lookUp(`select ${rows.columns} from processor_accounts order by id desc`, [])
    .then((found) => found.map(rows.toRow));

const CURRENT = `select ${rows.columns} from processor_accounts
  where status = 'active' order by id desc limit 1`;

/** The newest of the scope's that is active. */
export async function findCurrent(scope: Scope): Promise<ProcessorAccountRow | null> {
  const [values] = await scope.lookUp(CURRENT, [], 'processor_accounts');
  return values === undefined ? null : rows.toRow(values);
}

const OF_CARDS: Question = {
  text: `select card, ${rows.columns}
    from (select id as card, processor_account from payment_methods where id = any($1)) kept
    join processor_accounts on id = processor_account`,
  column: 0,
  table: 'payment_methods',
};

/**
 * Finds the account that keeps a card by the card's id, so that it can be asked for at the same moment
 * as the card. Whoever then expects it to be active need not wait for it.
 */
export async function foresee(tx: Tx, payment_method: string): Promise<void> {
  const [values] = await tx.lookUpEach(OF_CARDS, payment_method);
  if (values === undefined) return;
  const row = rows.toRow(values.slice(1));
  tx.held?.rows.set(FORESEEN, new Map([[row.id, row]]));
}

/** Apart from rows that are locked: whoever locks the account is not to take this for one. */
const FORESEEN = 'processor_accounts, foreseen';

/** As `find`, without a look where it was foreseen. */
export const findForeseen = async (scope: Scope, id: string): Promise<ProcessorAccountRow | null> =>
  (scope.held?.rows.get(FORESEEN)?.get(id) as ProcessorAccountRow | undefined) ?? find(scope, id);

const BY_CALLBACK_TOKEN = `select project_id, livemode, id from processor_accounts
  where callback_token = $1`;

const REMEMBERED = 10_000;

/** Finds among all tenants: it is the token that says whose it is. That never changes. */
export function callbackFinder(pool: Pool): (token: string) => Promise<Found | null> {
  const memory = new Map<string, Found>();
  return async (token) => {
    const known = memory.get(token);
    if (known !== undefined) return known;
    const [found] = await look<Found>(pool, BY_CALLBACK_TOKEN, [token]);
    if (found === undefined) return null;
    if (memory.size >= REMEMBERED) memory.clear();
    memory.set(token, found);
    return found;
  };
}
