/**
 * What work is given that nobody asked for: it became due. It looks for such work across tenants,
 * which finds and nothing more, and then does it as each tenant in turn.
 */
import type { Pool } from '@/db/client';
import type { DueTable } from '@/db/due';
import type { Tenant } from '@/db/scope';
import type { Logger } from 'pino';
import type { Ctx, Tx } from './context';
import type { Awaiting } from './operation';

export interface System {
  /** To look, with `db/system.ts`. */
  readonly pool: Pool;
  readonly clock: () => Date;
  readonly log: Logger;
  /** To act as a tenant. Made anew at each use, because it holds the time. */
  ctxOf(tenant: Tenant): Ctx;
}

/** Rows that become due by their `due_at`, on the wall clock or on a test clock. */
export interface Timed {
  readonly table: DueTable;
  /**
   * Does the one next thing that is due with the row at `tx.now`, which is the time that the row
   * lives in, and sets when it is due again. Two workers may come to one row: the lock decides.
   * What it awaits of the processor is settled after the commit.
   */
  readonly run: (tx: Tx, id: string) => Promise<Awaiting | null>;
}
