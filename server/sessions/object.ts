import { unix } from '@/server/kernel/object';
import type { SessionRow } from './store';

export interface Session {
  readonly id: string;
  readonly object: 'session';
  /** Unix seconds. */
  readonly created: number;
  /** Whether it is the one that asks. */
  readonly current: boolean;
  readonly expires_at: number;
  readonly ip: string | null;
  /** A minute late at most. */
  readonly last_seen_at: number;
  readonly method: SessionRow['method'];
  readonly user_agent: string | null;
}

export const toSession = (row: SessionRow, current: string): Session => ({
  id: row.id,
  object: 'session',
  created: row.created,
  current: row.id === current,
  expires_at: unix(row.expires_at),
  ip: row.ip,
  last_seen_at: unix(row.last_seen_at),
  method: row.method,
  user_agent: row.user_agent,
});
