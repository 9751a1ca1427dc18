/** Key to holder, and whether the holder may. https://docs.stripe.com/api/authentication */
import { mask, type KeyHolder } from '@/server/api_keys';
import type { Endpoint } from './endpoints';
import type { Holder } from './holder';
import {
  apiKeyExpired,
  apiKeyInvalid,
  authenticationRequired,
  rightMissing,
  roleForbids,
  secretKeyRequired,
} from '@/server/kernel/errors';
import type { Operation } from '@/server/kernel/operation';
import { mayCall } from '@/server/members';

export type FindKey = (key: string, now: number) => Promise<KeyHolder | null>;

/** The holder of the request's key. Throws 401 for none, an unknown, a revoked or an expired one. */
export async function authenticate(
  authorization: string | undefined,
  findKey: FindKey,
  now: Date,
): Promise<KeyHolder> {
  const key = keyIn(authorization);
  if (key === null) throw authenticationRequired();
  const holder = await findKey(key, now.getTime());
  // An unknown and a revoked key are told apart by nothing.
  if (holder === null || holder.status === 'revoked') throw apiKeyInvalid(mask(key));
  if (holder.expiresAt !== null && holder.expiresAt <= now) throw apiKeyExpired(mask(key));
  return holder;
}

/** `Bearer key`, or `Basic base64(key:)` as curl's `-u key:` sends it. */
function keyIn(authorization: string | undefined): string | null {
  const [scheme, credentials] = (authorization ?? '').split(' ', 2);
  if (credentials === undefined || credentials === '') return null;
  switch (scheme?.toLowerCase()) {
    case 'bearer':
      return credentials;
    case 'basic': {
      const [user] = Buffer.from(credentials, 'base64').toString('utf8').split(':', 1);
      return user === undefined || user === '' ? null : user;
    }
    default:
      return null;
  }
}

/** What a restricted key needs to call the operation. */
export const rightNeeded = (operation: Operation): 'read' | 'write' =>
  operation.kind === 'query' ? 'read' : 'write';

/** Throws 403 when the key, or the member's role, does not allow the operation. */
export function assertMay(
  holder: Holder,
  { resource, name, operation }: Pick<Endpoint, 'resource' | 'name' | 'operation'>,
): void {
  if (holder.member !== undefined) {
    const { role } = holder.member;
    if (mayCall(role, resource, operation.kind === 'query' ? null : name)) return;
    throw roleForbids(role, `${resource}.${name}`);
  }
  switch (holder.type) {
    case 'secret':
      return;
    case 'publishable':
      if (operation.publishable !== true) throw secretKeyRequired();
      return;
    case 'restricted': {
      const needed = rightNeeded(operation);
      const has = holder.rights?.[resource] ?? 'none';
      if (has === 'write' || has === needed) return;
      throw rightMissing(needed, resource);
    }
  }
}
