import { and, asc, eq, inArray, isNull, type SQL } from 'drizzle-orm';
import { rowsOf, whenGiven } from '@/db/rows';
import { subscription_schedules } from '@/db/schema/subscription_schedules';
import type { Scope, Tx } from '@/server/kernel/context';
import { pageOf, within } from '@/server/kernel/page';
import type { ListSchedules } from './params';

export type ScheduleRow = typeof subscription_schedules.$inferSelect;
export type Status = ScheduleRow['status'];

const rows = rowsOf(subscription_schedules);
/** Once it is there, a row is written by `amend.ts` and `lifecycle.ts` alone. */
export const { insert, find, findAll, lock, update } = rows;

export const page = (scope: Scope, params: ListSchedules) =>
  pageOf<ScheduleRow>(
    scope,
    { table: subscription_schedules, rows, object: 'subscription_schedule' },
    params,
    whenGiven(subscription_schedules.customer, params.customer),
    onClocks(params),
    params.scheduled === true ? eq(subscription_schedules.status, 'not_started') : undefined,
    within(subscription_schedules.canceled_at, params.canceled_at),
    within(subscription_schedules.completed_at, params.completed_at),
    within(subscription_schedules.created, params.created),
    within(subscription_schedules.released_at, params.released_at),
  );

/** Those on test clocks are listed only by their customer, as Stripe does. */
const onClocks = ({ customer }: ListSchedules): SQL | undefined =>
  customer === undefined ? isNull(subscription_schedules.test_clock) : undefined;

/** Of a customer, those that are not over, oldest first. */
export async function ongoingOf(tx: Tx, customer: string): Promise<string[]> {
  const found = await tx.db
    .select({ id: subscription_schedules.id })
    .from(subscription_schedules)
    .where(
      and(
        eq(subscription_schedules.customer, customer),
        inArray(subscription_schedules.status, ['active', 'not_started']),
      ),
    )
    .orderBy(asc(subscription_schedules.id));
  return found.map(({ id }) => id);
}
