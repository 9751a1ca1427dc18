/**
 * What work is given that nobody asked for: it became due. It looks for such work across tenants,
 * which finds and nothing more, and then does it as each tenant in turn.
 */
import type { Pool } from '@/db/client';
import type { Tenant } from '@/db/scope';
import type { Logger } from 'pino';
import type { Ctx } from './context';

export interface System {
  /** To look, with `db/system.ts`. */
  readonly pool: Pool;
  readonly clock: () => Date;
  readonly log: Logger;
  /** To act as a tenant. Made anew at each use, because it holds the time. */
  ctxOf(tenant: Tenant): Ctx;
}
