/** How everybody comes by a test clock, and by the time that it shows. */
import type { Scope, Tx } from '@/server/kernel/context';
import { resourceMissing, testClockAdvancing } from '@/server/kernel/errors';
import { find, lock, type TestClockRow } from './store';

/**
 * The scope with the clock's time as its `now`; the scope itself where `clock` is null, without a
 * query. Every rule about what is billed takes its time from a scope that went through here with
 * the customer's clock. What such a scope announces still happens at the wall clock's time.
 */
export async function onClock<S extends Scope | Tx>(scope: S, clock: string | null): Promise<S> {
  if (clock === null) return scope;
  const row = await find(scope, clock);
  // Also after it was deleted: what names it has a foreign key.
  if (row === null) throw new Error(`Test clock ${clock} does not exist.`);
  return { ...scope, now: new Date(row.frozen_time * 1000) };
}

/**
 * The clock, unless it was deleted.
 *
 * @param param names the id in the error: `id` when it is in the path, and then the status is 404.
 * @throws ApiError `resource_missing`.
 */
export const requireClock = async (scope: Scope, id: string, param = 'id'): Promise<TestClockRow> =>
  expectFound(await find(scope, id), id, param);

/**
 * As `requireClock`, for a request that is about to change something that lives by the clock. While
 * time moves there, only what becomes due does.
 *
 * @throws ApiError 429 while the clock advances.
 */
export const requireStillClock = async (
  scope: Scope,
  id: string,
  param = 'id',
): Promise<TestClockRow> => expectStill(await requireClock(scope, id, param));

/** As `requireStillClock`, and the clock stays so until this transaction ends. */
export const lockStillClock = async (tx: Tx, id: string, param = 'id'): Promise<TestClockRow> =>
  expectStill(expectFound(await lock(tx, id), id, param));

/** Stripe's errors call a test clock by this name. */
const NAME = 'billingclock';

function expectFound(row: TestClockRow | null, id: string, param: string): TestClockRow {
  if (row === null || row.status === 'deleted') throw resourceMissing(NAME, id, param);
  return row;
}

function expectStill(row: TestClockRow): TestClockRow {
  if (row.status === 'advancing') throw testClockAdvancing(row.id);
  return row;
}
