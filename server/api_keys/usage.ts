/**
 * When each key was last used. Written some seconds late and for many keys at once, since a write at
 * every request would cost as much as the request itself.
 */
import type { Tenant, Writer } from '@/db/scope';
import { recordUses } from './store';

/** Between two writes, in milliseconds. */
const EVERY_MS = 10_000;

export interface KeyUsage {
  /** Remembers the use. Only the latest of each key counts. */
  note(key: Tenant & { readonly id: string }, at: Date): void;
  /** Writes what is remembered, with one statement a tenant. What fails is remembered on. */
  flush(): Promise<void>;
  /** Writes for the last time. */
  stop(): Promise<void>;
}

export interface KeyUsageParts {
  /** Opens transactions of a tenant. */
  readonly transactionOf: (
    tenant: Tenant,
  ) => (work: (writer: Writer) => Promise<void>) => Promise<void>;
  readonly onFailure: (error: unknown) => void;
}

interface TenantUses {
  readonly tenant: Tenant;
  readonly uses: Map<string, Date>;
}

/** Starts to write every ten seconds, and keeps no process alive for it. */
export function createKeyUsage({ transactionOf, onFailure }: KeyUsageParts): KeyUsage {
  let remembered = new Map<string, TenantUses>();

  const note: KeyUsage['note'] = ({ id, projectId, livemode }, at) => {
    const key = `${projectId}/${livemode}`;
    const known = remembered.get(key) ?? { tenant: { projectId, livemode }, uses: new Map() };
    remembered.set(key, known);
    const before = known.uses.get(id);
    if (before === undefined || before < at) known.uses.set(id, at);
  };

  const write = async ({ tenant, uses }: TenantUses): Promise<void> => {
    try {
      await transactionOf(tenant)(async (writer) => recordUses(writer, uses));
    } catch (error) {
      onFailure(error);
      for (const [id, at] of uses) note({ ...tenant, id }, at);
    }
  };

  const flush = async (): Promise<void> => {
    const due = [...remembered.values()];
    remembered = new Map();
    // One after the other: nobody waits for it, and requests want the connections.
    for (const one of due) await write(one);
  };

  const timer = setInterval(() => void flush(), EVERY_MS);
  timer.unref();

  return {
    note,
    flush,
    stop() {
      clearInterval(timer);
      return flush();
    },
  };
}
