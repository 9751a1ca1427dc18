import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Due } from '@/server/schedule';
import { createWorld, type TestWorld } from '@/server/testing/context';
import { startWorker } from './worker';

let world: TestWorld;

beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world.close());

/** Longer than any test: what runs again did not wait for it. */
const NEVER_MS = 1_000_000;

const nothing = (): void => undefined;

/** Due work that does as it is told, run by run, and then nothing; `reached` awaits a run. */
function work(runs: (() => number | Promise<number>)[], rest: Partial<Due> = {}) {
  let count = 0;
  let ran: () => void = nothing;
  const due: Due = {
    name: 'test.work',
    everyMs: NEVER_MS,
    async run() {
      count += 1;
      ran();
      return (runs.shift() ?? (() => 0))();
    },
    ...rest,
  };
  return {
    due,
    count: () => count,
    async reached(expected: number) {
      for (;;) {
        if (count >= expected) return;
        await new Promise<void>((resolve) => {
          ran = resolve;
        });
      }
    },
  };
}

const boom = () => {
  throw new Error('boom');
};

describe('startWorker', () => {
  it('runs again at once while there is something to do', async () => {
    const { due, count, reached } = work([() => 2, () => 1, () => 0]);
    const worker = startWorker(world.runtime, [due]);
    await reached(3);
    await worker.stop();
    expect(count()).toBe(3);
  });

  it('looks again at its own pace', async () => {
    const { due, reached } = work([], { everyMs: 1 });
    const worker = startWorker(world.runtime, [due]);
    await reached(3);
    await worker.stop();
  });

  it('runs at once when what can make something due was announced', async () => {
    const woken = work([], { wokenBy: '*' });
    const paid = work([], { wokenBy: 'invoice.paid' });
    const other = work([]);
    const worker = startWorker(world.runtime, [woken.due, paid.due, other.due]);
    await Promise.all([woken.reached(1), paid.reached(1), other.reached(1)]);
    worker.wake(new Set(['customer.created']));
    await woken.reached(2);
    expect(paid.count()).toBe(1);
    worker.wake(new Set(['customer.created', 'invoice.paid']));
    await paid.reached(2);
    await worker.stop();
    expect(other.count()).toBe(1);
  });

  it('does not lose a wake that comes during a run', async () => {
    const { due, reached } = work([], { wokenBy: '*' });
    const worker = startWorker(world.runtime, [
      {
        ...due,
        async run(system, again) {
          const done = await due.run(system, again);
          if (!woken) worker.wake(new Set(['customer.created']));
          woken = true;
          return done;
        },
      },
    ]);
    let woken = false;
    await reached(2);
    await worker.stop();
  });

  it('lets a run ask for another', async () => {
    let asked = false;
    const { due, reached } = work([]);
    const worker = startWorker(world.runtime, [
      {
        ...due,
        run(system, again) {
          if (!asked) setTimeout(again, 20);
          asked = true;
          return due.run(system, again);
        },
      },
    ]);
    await reached(2);
    await worker.stop();
  });

  it('tries again after a failure, and nothing else is disturbed', async () => {
    const failing = work([boom, boom]);
    const other = work([], { everyMs: 1 });
    const worker = startWorker(world.runtime, [failing.due, other.due]);
    await Promise.all([failing.reached(3), other.reached(10)]);
    await worker.stop();
  });

  it('finishes what is under way before it stops, and starts nothing more', async () => {
    const order: string[] = [];
    let finish: () => void = nothing;
    const { due, count, reached } = work([
      () =>
        new Promise((resolve) => {
          finish = () => {
            order.push('run');
            resolve(1);
          };
        }),
    ]);
    const worker = startWorker(world.runtime, [
      {
        ...due,
        async drain() {
          order.push('drain');
        },
      },
    ]);
    await reached(1);
    const stopped = worker.stop().then(() => order.push('stopped'));
    finish();
    await stopped;
    expect(order).toEqual(['run', 'drain', 'stopped']);
    expect(count()).toBe(1);
  });
});
