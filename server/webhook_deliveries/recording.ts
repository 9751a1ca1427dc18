/**
 * Writes down what became of deliveries, many in one transaction: one commit each would cost more
 * than the sending.
 */
import type { Tenant } from '@/db/scope';
import { setTimeout } from 'node:timers/promises';
import type { System } from '@/server/kernel/due';
import { inLanes } from '@/server/kernel/lanes';
import * as store from './store';

/** How long results are gathered, in milliseconds. Under load a commit takes as long anyway. */
const GATHER_MS = 5;
const BATCH_MAX = 500;
/** Tenants whose results are written at the same time: each needs a connection. */
const LANES = 2;

export interface Recording {
  add(system: System, tenant: Tenant, result: store.Result): void;
  /** Resolves when all that was added is written. */
  settled(): Promise<void>;
}

interface Entry {
  readonly tenant: Tenant;
  readonly result: store.Result;
}

export function newRecording(): Recording {
  let waiting: Entry[] = [];
  let writing: Promise<void> | null = null;

  async function writeAll(system: System): Promise<void> {
    while (waiting.length > 0) {
      await setTimeout(GATHER_MS);
      const batch = waiting.slice(0, BATCH_MAX);
      waiting = waiting.slice(BATCH_MAX);
      await inLanes(LANES, byTenant(batch), (group) => write(system, group));
    }
    writing = null;
  }

  return {
    add(system, tenant, result) {
      waiting.push({ tenant, result });
      writing ??= writeAll(system);
    },
    settled: async () => (await writing) ?? undefined,
  };
}

interface Group {
  readonly tenant: Tenant;
  readonly results: readonly store.Result[];
}

function byTenant(batch: readonly Entry[]): Group[] {
  const groups = new Map<string, { tenant: Tenant; results: store.Result[] }>();
  for (const { tenant, result } of batch) {
    const key = `${tenant.projectId}/${tenant.livemode}`;
    const group = groups.get(key) ?? { tenant, results: [] };
    groups.set(key, group);
    group.results.push(result);
  }
  return [...groups.values()];
}

/**
 * Never rejects. Should the database refuse a batch, each result gets its own chance; one that is
 * lost all the same costs a second sending when the lease has run out, and deliveries are at least
 * once.
 */
async function write(system: System, { tenant, results }: Group): Promise<void> {
  try {
    await system.ctxOf(tenant).transaction(async (tx) => store.record(tx, results));
  } catch (error) {
    if (results.length > 1) {
      for (const result of results) await write(system, { tenant, results: [result] });
    } else {
      system.log.error(
        { err: error, delivery: results[0]?.delivery },
        'webhook result not recorded',
      );
    }
  }
}
