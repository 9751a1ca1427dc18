import { desc, getTableColumns, inArray, lte, sql } from 'drizzle-orm';
import { rowsOf, whenGiven } from '@/db/rows';
import { payment_intents } from '@/db/schema/payment_intents';
import { refunds } from '@/db/schema/refunds';
import type { Scope } from '@/server/kernel/context';
import { pageOf, within } from '@/server/kernel/page';
import type { ListRefunds } from './params';

export type RefundRow = typeof refunds.$inferSelect;

const rows = rowsOf(refunds);
export const { insert, find, findAll, lock, update } = rows;

/** In the order in which they were made, whatever became of them. */
export const ofCharge = rows.findBy('charge');

/** All refunds of the payments, whatever became of them. */
export const ofIntents = (scope: Scope, ids: readonly string[]): Promise<RefundRow[]> =>
  scope.db
    .select()
    .from(refunds)
    .where(inArray(refunds.payment_intent, [...ids]))
    .orderBy(refunds.id);

/** The newest `each` refunds of each of the charges, whatever became of them; the newest first. */
export async function newestOf(
  scope: Scope,
  charges: readonly string[],
  each: number,
): Promise<RefundRow[]> {
  if (charges.length === 0) return [];
  const place = sql`row_number() over (partition by ${refunds.charge} order by ${refunds.id} desc)`;
  const ranked = scope.db
    .select({ ...getTableColumns(refunds), place: place.mapWith(Number).as('place') })
    .from(refunds)
    .where(inArray(refunds.charge, [...charges]))
    .as('ranked');
  const found = await scope.db
    .select()
    .from(ranked)
    .where(lte(ranked.place, each))
    .orderBy(desc(ranked.id));
  return found.map(({ place: _, ...row }) => row);
}

const intents = rowsOf(payment_intents);

export const page = (scope: Scope, params: ListRefunds) =>
  pageOf<RefundRow>(
    scope,
    { table: refunds, rows, object: 'refund' },
    params,
    whenGiven(refunds.charge, params.charge),
    whenGiven(refunds.payment_intent, params.payment_intent),
    within(refunds.created, params.created),
  );

/** Whether there is such an intent: payment intents are a higher domain, their table is not. */
export const intentExists = async (scope: Scope, id: string): Promise<boolean> =>
  (await intents.find(scope, id)) !== null;
