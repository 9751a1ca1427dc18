import { inArray } from 'drizzle-orm';
import { rowsOf, whenGiven } from '@/db/rows';
import { payment_intents } from '@/db/schema/payment_intents';
import { refunds } from '@/db/schema/refunds';
import type { Scope } from '@/server/kernel/context';
import { pageOf, within } from '@/server/kernel/page';
import type { ListRefunds } from './params';

export type RefundRow = typeof refunds.$inferSelect;

const rows = rowsOf(refunds);
export const { insert, find, findAll, lock, update } = rows;

/** All refunds of the payments, whatever became of them. */
export const ofIntents = (scope: Scope, ids: readonly string[]): Promise<RefundRow[]> =>
  scope.db
    .select()
    .from(refunds)
    .where(inArray(refunds.payment_intent, [...ids]))
    .orderBy(refunds.id);

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
