/**
 * Runs the schedule until told to stop. Each line has a loop of its own, so that a slow or failing
 * one holds up no other. Any number of workers may run against one database.
 */
import { ctxOf, type Runtime } from '@/server/context';
import type { System } from '@/server/kernel/due';
import type { EventName } from '@/server/kernel/object';
import type { Due } from '@/server/schedule';

export interface Worker {
  /** What was announced may have made something due: to be called after every commit. */
  wake(announced: ReadonlySet<EventName>): void;
  /** Starts nothing more, and resolves when what is under way has ended. */
  stop(): Promise<void>;
}

/**
 * The least time between two runs, in milliseconds, where the first found nothing. Changes come in
 * bursts, and one look finds what a whole burst made due. Where they keep coming and nothing is found,
 * nobody listens: twice as long each time, up to the most.
 */
const GAP_MS = 10;
const GAP_MOST_MS = 80;

/** After a run that failed: twice as long each time, up to a minute. In milliseconds. */
const RETRY_FIRST_MS = 100;
const RETRY_MOST_MS = 60_000;

export function startWorker(runtime: Runtime, schedule: readonly Due[]): Worker {
  const system: Runtime & System = { ...runtime, ctxOf: (tenant) => ctxOf(runtime, tenant) };
  const loops = schedule.map((due) => ({ due, ...startLoop(system, due) }));
  const woken = loops.flatMap(({ due: { wokenBy }, wake }) =>
    wokenBy === undefined ? [] : [{ wokenBy, wake }],
  );
  return {
    wake(announced) {
      for (const { wokenBy, wake } of woken) {
        if (wokenBy === '*' || announced.has(wokenBy)) wake();
      }
    },
    async stop() {
      await Promise.all(
        loops.map(async ({ due, stop }) => {
          await stop();
          await due.drain?.();
        }),
      );
    },
  };
}

interface Loop {
  wake(): void;
  stop(): Promise<void>;
}

function startLoop(system: Runtime & System, due: Due): Loop {
  let isStopped = false;
  let isWoken = false;
  const rests = newRest();
  const rest = async (ms: number, kind: 'wakeful' | 'deaf'): Promise<void> =>
    isStopped ? undefined : rests.for(ms, kind);

  const wake = (): void => {
    isWoken = true;
    rests.end('wake');
  };

  async function loop(): Promise<void> {
    let failures = 0;
    let inVain = 0;
    for (;;) {
      if (isStopped) return;
      isWoken = false;
      try {
        const done = await due.run(system, wake);
        failures = 0;
        if (done > 0) {
          inVain = 0;
          continue;
        }
        await rest(Math.min(GAP_MOST_MS, GAP_MS * 2 ** inVain), 'deaf');
        inVain += 1;
        if (isWoken) continue;
        inVain = 0;
        await rest(due.everyMs, 'wakeful');
      } catch (error) {
        system.log.error({ err: error, due: due.name }, 'due work failed');
        await rest(Math.min(RETRY_MOST_MS, RETRY_FIRST_MS * 2 ** failures), 'deaf');
        failures += 1;
      }
    }
  }

  const ended = loop();
  return {
    wake,
    async stop() {
      isStopped = true;
      rests.end('stop');
      await ended;
    },
  };
}

const nothing = (): void => undefined;

/** A pause that ends early: a wakeful one for a wake, any for the stop. */
function newRest() {
  let finish: (by: 'wake' | 'stop') => void = nothing;
  return {
    for: (ms: number, kind: 'wakeful' | 'deaf') =>
      new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, ms);
        finish = (by) => {
          if (by === 'wake' && kind === 'deaf') return;
          clearTimeout(timer);
          resolve();
        };
      }),
    end: (by: 'wake' | 'stop') => finish(by),
  };
}
