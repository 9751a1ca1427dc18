import { and, eq, gt, isNull, lte, or, type SQL } from 'drizzle-orm';
import type { Pool } from '@/db/client';
import { rowsOf, whenGiven } from '@/db/rows';
import type { Writer } from '@/db/scope';
import { api_keys } from '@/db/schema/api_keys';
import { look } from '@/db/system';
import type { Scope } from '@/server/kernel/context';
import { pageOf } from '@/server/kernel/page';
import type { ListApiKeys } from './params';

export type ApiKeyRow = typeof api_keys.$inferSelect;

const rows = rowsOf(api_keys);
export const { insert, find, lock, update } = rows;

export const page = (scope: Scope, params: ListApiKeys) =>
  pageOf<ApiKeyRow>(
    scope,
    { table: api_keys, rows, object: 'api_key' },
    params,
    whenGiven(api_keys.type, params.type),
    params.status === undefined ? undefined : hasStatus(params.status, scope.now),
  );

/** That a key expired is not stored: it is a matter of time. */
function hasStatus(status: NonNullable<ListApiKeys['status']>, now: Date): SQL | undefined {
  const { expires_at } = api_keys;
  if (status === 'revoked') return eq(api_keys.status, 'revoked');
  const inTime =
    status === 'expired' ? lte(expires_at, now) : or(isNull(expires_at), gt(expires_at, now));
  return and(eq(api_keys.status, 'active'), inTime);
}

/** A key as the finder sees it: in the columns' own names and types. */
export interface FoundKey extends Pick<
  ApiKeyRow,
  'id' | 'livemode' | 'type' | 'rights' | 'status'
> {
  readonly project_id: number;
  readonly expires_at: string | null;
}

const FIND_BY_HASH = `select id, project_id, livemode, type, rights, status, expires_at
  from api_keys where hash = $1`;

/** Of any tenant: it is the key that says whose it is. */
export async function findByHash(pool: Pool, hash: string): Promise<FoundKey | undefined> {
  const [found] = await look<FoundKey>(pool, FIND_BY_HASH, [hash]);
  return found;
}

const RECORD_USES = `update api_keys set last_used_at = used.at
  from (select id, at::timestamptz from unnest($1::text[], $2::text[]) as u (id, at)) as used
  where api_keys.id = used.id and (last_used_at is null or last_used_at < used.at)`;

/** When keys were used, by id. Never puts one back: another process may know of a later use. */
export function recordUses(writer: Writer, uses: ReadonlyMap<string, Date>): void {
  const times = [...uses.values()].map((time) => time.toISOString());
  writer.write(RECORD_USES, [[...uses.keys()], times]);
}
