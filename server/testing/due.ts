/** Lets the worker's time pass in a test: what is due is done once, in the order of the schedule. */
import { ctxOf } from '@/server/context';
import { scheduleFor, timed } from '@/server/schedule';
import { runTimed } from '@/server/timed';
import type { TestWorld } from './context';

/** Does what is due at `world.now`, which it first moves by so many seconds. */
export async function pass(world: TestWorld, seconds = 0): Promise<void> {
  world.now = new Date(world.now.getTime() + seconds * 1000);
  const system = {
    ...world.runtime,
    ctxOf: (one: Parameters<typeof ctxOf>[1]) => ctxOf(world.runtime, one),
  };
  for (const one of timed) await runTimed(one, () => 0)(system);
}

/** Lets clocks that were told to advance do so. */
export async function advanceClocks(world: TestWorld): Promise<void> {
  const system = {
    ...world.runtime,
    ctxOf: (one: Parameters<typeof ctxOf>[1]) => ctxOf(world.runtime, one),
  };
  const line = scheduleFor({ eventsKeptDays: 1, random: () => 0 }).find(
    ({ name }) => name === 'test_clocks.advancing',
  );
  while ((await line?.run(system, () => undefined)) !== 0);
}
