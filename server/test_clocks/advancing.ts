/**
 * What takes a clock to where it was sent: step by step, from one thing that is due to the next.
 * What those things are is not known here; whoever does know takes the clock up, moves it to the
 * time of the next one, does it, and goes on until nothing is due before the target.
 *
 * One worker at a time has a clock, so that things happen in their order. It holds it by putting off
 * `advance_at`, from step to step, and not by a lock, because a step may wait for the processor
 * between its transactions. When the worker dies, that time comes, and another goes on from the step
 * that was last committed.
 */
import type { Tx } from '@/server/kernel/context';
import { move } from './lifecycle';
import { lock, update, type TestClockRow } from './store';

/** A clock that a worker has. */
export interface AdvancingClock extends TestClockRow {
  readonly target_time: number;
  /** Until when nobody else takes it up. Names the holder when it takes the clock again. */
  readonly advance_at: Date;
}

/**
 * Takes a clock up, or keeps it: at each step anew. It stays locked until the transaction ends.
 * `tx` is on the wall clock.
 *
 * @param until when another worker may take it, unless this one has kept it; `tx.now` lets it go.
 * @param held the `advance_at` of the clock as this worker last had it; null to take it up.
 * @returns null where the clock does not advance, or another worker has it.
 */
export async function takeAdvancing(
  tx: Tx,
  id: string,
  until: Date,
  held: Date | null = null,
): Promise<AdvancingClock | null> {
  const row = await lock(tx, id);
  if (row === null || row.advance_at === null) return null;
  const isMine = held !== null && row.advance_at.getTime() === held.getTime();
  if (!isMine && row.advance_at > tx.now) return null;
  return expectAdvancing(update(tx, row, { advance_at: until }));
}

/** Moves a clock to `time`, in unix seconds: not before where it is, and not past its target. */
export function stepTo(tx: Tx, clock: AdvancingClock, time: number): AdvancingClock {
  if (time < clock.frozen_time || time > clock.target_time) {
    throw new RangeError(
      `Test clock ${clock.id} cannot step from ${clock.frozen_time} to ${time} on its way to ${clock.target_time}.`,
    );
  }
  return time === clock.frozen_time ? clock : update(tx, clock, { frozen_time: time });
}

/** The clock is where it was sent, and nothing that was due before is left. */
export const finish = (tx: Tx, clock: AdvancingClock): Promise<TestClockRow> =>
  move(tx, clock, 'arrive', {
    frozen_time: clock.target_time,
    target_time: null,
    advance_at: null,
  });

/** Something on the way cannot be done. The clock stays where it is, and can only be deleted. */
export const fail = (tx: Tx, clock: AdvancingClock, message: string): Promise<TestClockRow> =>
  move(tx, clock, 'fail', { target_time: null, advance_at: null, failure: { message } });

function expectAdvancing(row: TestClockRow): AdvancingClock {
  const { target_time, advance_at } = row;
  if (target_time === null || advance_at === null) {
    throw new Error(`Test clock ${row.id} advances without a target.`);
  }
  return { ...row, target_time, advance_at };
}
