import { ne } from 'drizzle-orm';
import type { Pool } from '@/db/client';
import { rowsOf } from '@/db/rows';
import { test_clocks } from '@/db/schema/test_clocks';
import { look, type Found } from '@/db/system';
import type { Scope } from '@/server/kernel/context';
import { pageOf } from '@/server/kernel/page';
import type { ListTestClocks } from './params';

export type TestClockRow = typeof test_clocks.$inferSelect;

const rows = rowsOf(test_clocks);
export const { insert, find, findAll, lock, claim, update } = rows;

export const page = (scope: Scope, params: ListTestClocks) =>
  pageOf<TestClockRow>(
    scope,
    { table: test_clocks, rows, object: 'billingclock' },
    params,
    ne(test_clocks.status, 'deleted'),
  );

const FIND_ADVANCING = `
select project_id, livemode, id from test_clocks
where advance_at <= $1 order by advance_at limit $2`;

/** How many clocks are looked for at once. */
const FOUND_MAX = 20;

/** Clocks of any tenant that advance and that no worker has at `now`. */
export const findAdvancing = (pool: Pool, now: Date): Promise<Found[]> =>
  look(pool, FIND_ADVANCING, [now.toISOString(), FOUND_MAX]);

const FIND_OLD = `
select project_id, livemode, id from test_clocks
where status in ('internal_failure', 'ready') and deletes_after <= $1
order by deletes_after limit $2`;

/** Clocks of any tenant that nobody deleted in time, which is in unix seconds. */
export const findOld = (pool: Pool, now: number): Promise<Found[]> =>
  look(pool, FIND_OLD, [now, FOUND_MAX]);
