/**
 * The journal of requests: collected in memory and written in batches after the answers have gone
 * out. What a crash loses here is a few lines of log, never a change.
 */
import type { Tenant, Writer } from '@/db/scope';
import { insertAll, type NewRequestLog } from './store';

const EVERY_MS = 500;
const BATCH = 500;
/** Beyond this the database does not keep up, and the log gives way, not the payments. */
const HELD_MAX = 20_000;

export interface Journal {
  note(tenant: Tenant, row: () => NewRequestLog): void;
  flush(): Promise<void>;
  stop(): Promise<void>;
}

export interface JournalParts {
  readonly transactionOf: (
    tenant: Tenant,
  ) => (work: (writer: Writer) => Promise<void>) => Promise<void>;
  readonly onFailure: (error: unknown) => void;
}

interface Held {
  readonly tenant: Tenant;
  readonly rows: (() => NewRequestLog)[];
}

export function startJournal({ transactionOf, onFailure }: JournalParts): Journal {
  let held = new Map<string, Held>();
  let count = 0;
  let flushing: Promise<void> = Promise.resolve();

  async function write(batch: ReadonlyMap<string, Held>): Promise<void> {
    for (const { tenant, rows } of batch.values()) {
      for (let start = 0; start < rows.length; start += BATCH) {
        const some = rows.slice(start, start + BATCH).map((row) => row());
        await transactionOf(tenant)(async (writer) => {
          // A log line that a power cut loses is no loss, and needs no flush of its own.
          writer.write('set local synchronous_commit = off', []);
          insertAll(writer, some);
        }).catch(onFailure);
      }
    }
  }

  function flush(): Promise<void> {
    const batch = held;
    held = new Map();
    count = 0;
    flushing = flushing.then(() => write(batch));
    return flushing;
  }

  const timer = setInterval(() => void flush(), EVERY_MS);
  timer.unref();
  return {
    note(tenant, row) {
      if (count >= HELD_MAX) return;
      count += 1;
      const key = `${tenant.projectId}/${tenant.livemode}`;
      const known = held.get(key);
      if (known === undefined) held.set(key, { tenant, rows: [row] });
      else known.rows.push(row);
    },
    flush,
    stop() {
      clearInterval(timer);
      return flush();
    },
  };
}
