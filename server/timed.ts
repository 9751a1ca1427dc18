/**
 * Does what has become due by a `due_at`: renewals, ends of trials, drafts to finalize, retries. On
 * the wall clock any number of workers share the rows out among them; on a test clock one worker
 * goes from one due time to the next.
 *
 * A row's work is a transaction, several rows' one transaction where nothing goes wrong, and what it
 * awaits of the processor is settled after the commit. A process that dies in between leaves an
 * attempt that the schedule concludes.
 */
import { claimDue, dueOn, earliestOn, findDue, isOnClocks, putOff } from '@/db/due';
import { byTenant } from '@/db/system';
import { settleAll } from '@/server/conclusions';
import { allOf } from '@/server/kernel/all';
import type { Ctx, Tx } from '@/server/kernel/context';
import type { System, Timed } from '@/server/kernel/due';
import { inLanes } from '@/server/kernel/lanes';
import { unix } from '@/server/kernel/object';
import type { AttemptRow } from '@/server/kernel/operation';
import { expire, findExpiring } from '@/server/payment_intents';
import {
  fail,
  findAdvancing,
  finish,
  stepTo,
  takeAdvancing,
  type AdvancingClock,
} from '@/server/test_clocks';

/** Rows of a transaction: enough to share its cost, few enough to do again one by one. */
const BATCH = 25;

/**
 * Batches under way at once: while the database works on one, we work on another. More would only
 * take connections from the requests.
 */
const LANES = 2;

/** Rows looked up at once. More than a batch, so that several workers seldom reach for the same. */
const FOUND = 8 * BATCH;

/** When a row is tried again that could not be done, in seconds. */
const PUT_OFF_SECONDS = 60;

/** Looks for what is due in a table on the wall clock, does it, and answers how much it was. */
export const runTimed =
  (timed: Timed, random: () => number) =>
  async (system: System): Promise<number> => {
    const at = unix(system.clock());
    const found = await findDue(system.pool, timed.table, at, FOUND);
    let done = 0;
    for (const { tenant, ids } of byTenant(found)) {
      await inLanes(LANES, batchesOf(ids, random), async (batch) => {
        const ctx = system.ctxOf(tenant);
        const { claimed, failed } = await doDue(ctx, timed, batch, ctx.now);
        done += claimed;
        for (const { id, error } of failed) {
          system.log.error({ err: error, due: timed.table, id }, 'a due row could not be done');
        }
      });
    }
    return done;
  };

/** In an order of its own for each worker, so that several seldom reach for the same rows. */
function batchesOf(ids: readonly string[], random: () => number): string[][] {
  const order = ids
    .map((id) => ({ id, at: random() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ id }) => id);
  const batches: string[][] = [];
  for (let from = 0; from < order.length; from += BATCH)
    batches.push(order.slice(from, from + BATCH));
  return batches;
}

interface Done {
  readonly claimed: number;
  readonly failed: readonly { readonly id: string; readonly error: unknown }[];
}

/**
 * Does what is due with these rows at `now`, the time they live in: together, and where that fails
 * each alone. `ctx` is on the wall clock, by which events are told.
 */
async function doDue(ctx: Ctx, timed: Timed, ids: readonly string[], now: Date): Promise<Done> {
  const failed: { id: string; error: unknown }[] = [];
  let claimed = 0;
  const together = await doTogether(ctx, timed, ids, now).catch(() => null);
  if (together !== null) {
    claimed = together.claimed;
    await settleAll(ctx, together.awaiting);
    return { claimed, failed };
  }
  for (const id of ids) {
    try {
      const alone = await doTogether(ctx, timed, [id], now);
      claimed += alone.claimed;
      await settleAll(ctx, alone.awaiting);
    } catch (error) {
      claimed += 1;
      failed.push({ id, error });
      await ctx.transaction(async (tx) => putOff(tx, timed.table, id, unix(now) + PUT_OFF_SECONDS));
    }
  }
  return { claimed, failed };
}

function doTogether(
  ctx: Ctx,
  { table, run }: Timed,
  ids: readonly string[],
  now: Date,
): Promise<{ claimed: number; awaiting: AttemptRow[] }> {
  return ctx.transaction(async (tx) => {
    const claimed = await claimDue(tx, table, ids, unix(now));
    const results = await allOf(claimed.map((id) => run({ ...tx, now }, id)));
    const awaiting = results.flatMap((result) => (result === null ? [] : [result.attempt]));
    return { claimed: claimed.length, awaiting };
  });
}

/** Gives up authorizations that have expired, and answers how many were due. */
export async function expireAuthorizations(system: System): Promise<number> {
  const found = await findExpiring(system.pool, unix(system.clock()), FOUND);
  for (const { tenant, ids } of byTenant(found)) {
    await inLanes(LANES, ids, async (id) => {
      const ctx = system.ctxOf(tenant);
      try {
        const awaiting = await ctx.transaction((tx) => expire(tx, id));
        if (awaiting !== null) await settleAll(ctx, [awaiting.attempt]);
      } catch (error) {
        system.log.error({ err: error, id }, 'an authorization could not be given up');
      }
    });
  }
  return 0;
}

// Test clocks

/** How long a worker has a clock between two steps of it, in milliseconds. */
const HOLD_MS = 30_000;

/** So often may a row be due again at one and the same instant. */
const TIMES_MAX = 50;

/**
 * Takes clocks that advance to where they were sent, and answers how many. What lives by the wall
 * clock alone is left out.
 */
export const advanceClocks = (all: readonly Timed[]) => {
  const timed = all.filter(({ table }) => isOnClocks(table));
  return async (system: System): Promise<number> => {
    const found = await findAdvancing(system.pool, system.clock());
    const clocks = byTenant(found).flatMap(({ tenant, ids }) => ids.map((id) => ({ tenant, id })));
    for (const { tenant, id } of clocks) await advance(system, tenant, id, timed);
    return clocks.length;
  };
};

async function advance(
  system: System,
  tenant: Parameters<System['ctxOf']>[0],
  id: string,
  timed: readonly Timed[],
): Promise<void> {
  const tables = timed.map(({ table }) => table);
  let held: Date | null = null;
  let times = new Map<string, number>();
  for (;;) {
    const ctx = system.ctxOf(tenant);
    const until = new Date(ctx.now.getTime() + HOLD_MS);
    const step = await ctx.transaction((tx) => nextStep(tx, id, { until, held, tables }));
    if (step === null) return;
    held = step.advance_at;
    const failures = await doOnClock(system.ctxOf(tenant), step, timed);
    if (step.isNew) times = new Map();
    for (const row of step.due.flat()) times.set(row, (times.get(row) ?? 0) + 1);
    const restless = step.due.flat().find((row) => (times.get(row) ?? 0) > TIMES_MAX);
    const reason =
      failures[0]?.error ??
      (restless === undefined ? null : new Error(`${restless} is due again and again.`));
    if (reason === null) continue;
    system.log.error({ err: reason, clock: id }, 'a test clock could not advance');
    await system.ctxOf(tenant).transaction(async (tx) => {
      const clock = await takeAdvancing(tx, id, tx.now, held);
      if (clock !== null) await fail(tx, clock, 'Something that became due could not be done.');
    });
    return;
  }
}

interface Step extends AdvancingClock {
  /** Whether it is another time than at the step before. */
  readonly isNew: boolean;
  /** Rows that are due at it, table by table; there may be more. */
  readonly due: readonly (readonly string[])[];
}

/** Moves the clock to the time of what is due next; null where it has arrived or is not ours. */
async function nextStep(
  tx: Tx,
  id: string,
  {
    until,
    held,
    tables,
  }: { until: Date; held: Date | null; tables: Parameters<typeof earliestOn>[1] },
): Promise<Step | null> {
  const clock = await takeAdvancing(tx, id, until, held);
  if (clock === null) return null;
  const next = await earliestOn(tx, tables, id);
  if (next === null || next > clock.target_time) {
    await finish(tx, clock);
    return null;
  }
  const time = Math.max(next, clock.frozen_time);
  const due = await Promise.all(tables.map((table) => dueOn(tx, table, id, time, BATCH)));
  return { ...stepTo(tx, clock, time), isNew: time !== clock.frozen_time, due };
}

/** What the step found, table by table, in the order of the schedule. */
async function doOnClock(
  ctx: Ctx,
  { frozen_time, due }: Step,
  timed: readonly Timed[],
): Promise<Done['failed']> {
  const failed: Done['failed'][number][] = [];
  const now = new Date(frozen_time * 1000);
  for (const [index, one] of timed.entries()) {
    const ids = due[index] ?? [];
    if (ids.length > 0) failed.push(...(await doDue(ctx, one, ids, now)).failed);
  }
  return failed;
}
