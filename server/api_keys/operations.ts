/**
 * API keys, as their owner manages them. Stripe has this in its dashboard only; the routes are
 * ours. A key is shown once, when it is made. A key that was revoked stays as a record of itself.
 *
 * A restricted key manages only keys that may do no more than it may: else it could give itself,
 * by making or rolling a key, the rights it was denied.
 */
import type { Tenant, Writer } from '@/db/scope';
import type { Tx } from '@/server/kernel/context';
import {
  parameterInvalid,
  parameterMissing,
  permissionDenied,
  requestInvalid,
  resourceMissing,
} from '@/server/kernel/errors';
import { newId } from '@/server/kernel/ids';
import { unix } from '@/server/kernel/object';
import { command, query } from '@/server/kernel/operation';
import { toPage } from '@/server/kernel/page';
import { mint } from './key';
import { isExpired, toApiKey, type ApiKey, type DeletedApiKey } from './object';
import { ApiKeyId, CreateApiKey, ListApiKeys, RollApiKey, UpdateApiKey } from './params';
import { isWithin, rightsOf, type Limited } from './rights';
import * as store from './store';

export const create = command({
  route: 'POST /v1/api_keys',
  confidential: true,
  summary: 'Creates an API key. The key itself is in this answer and in no other.',
  input: CreateApiKey,
  async run(tx, { type, name = null, expires_at = null, ...given }) {
    if (type === 'restricted' && given.rights === undefined) throw parameterMissing('rights');
    if (type !== 'restricted' && given.rights !== undefined) {
      throw parameterInvalid('Only a restricted key has `rights`.', 'rights');
    }
    const rights = given.rights ?? null;
    assertWithin(tx, { type, rights });
    return addKey(tx, { type, name, rights, expires_at: toExpiry(tx, expires_at) });
  },
});

export const retrieve = query({
  route: 'GET /v1/api_keys/:id',
  summary: 'Retrieves an API key, without the key itself.',
  input: ApiKeyId,
  async run(scope, { id }) {
    const row = await store.find(scope, id);
    if (row === null) throw resourceMissing('api_key', id);
    return toApiKey(row, scope.now);
  },
});

export const update = command({
  route: 'POST /v1/api_keys/:id',
  summary: 'Renames an API key, or changes when it expires.',
  input: UpdateApiKey,
  async run(tx, { id, name, expires_at }) {
    const before = await lockUsable(tx, id);
    const row = store.update(tx, before, {
      ...(name === undefined ? {} : { name }),
      ...(expires_at === undefined ? {} : { expires_at: toExpiry(tx, expires_at) }),
    });
    return toApiKey(row, tx.now);
  },
});

export const roll = command({
  route: 'POST /v1/api_keys/:id/roll',
  confidential: true,
  summary: 'Replaces an API key by a new one, shown in this answer only; the old one expires.',
  input: RollApiKey,
  async run(tx, { id, expires_in = 0 }) {
    const before = await lockUsable(tx, id);
    const { type, name, rights, expires_at } = before;
    const replacement = addKey(tx, { type, name, rights, expires_at });
    const end = new Date(tx.now.getTime() + expires_in * 1000);
    store.update(tx, before, {
      expires_at: expires_at !== null && expires_at < end ? expires_at : end,
      replaced_by: replacement.id,
    });
    return replacement;
  },
});

export const remove = command({
  route: 'DELETE /v1/api_keys/:id',
  summary: 'Revokes an API key. Within a second no server takes it any more.',
  input: ApiKeyId,
  async run(tx, { id }): Promise<DeletedApiKey> {
    const before = await store.lock(tx, id);
    if (before === null) throw resourceMissing('api_key', id);
    assertWithin(tx, before);
    store.update(tx, before, { status: 'revoked' });
    return { id, object: 'api_key', deleted: true };
  },
});

export const list = query({
  route: 'GET /v1/api_keys',
  summary: 'Lists API keys, the newest first.',
  input: ListApiKeys,
  run: async (scope, params) =>
    toPage(await store.page(scope, params), (row) => toApiKey(row, scope.now)),
});

type NewKey = Pick<store.ApiKeyRow, 'type' | 'name' | 'rights' | 'expires_at'>;

/** The new key with its secret, which is not stored. */
export function addKey(tx: Writer & Tenant & Pick<Tx, 'now'>, given: NewKey): ApiKey {
  const { key, hash, prefix, last4 } = mint(given.type, tx.livemode);
  const row = store.insert(tx, {
    ...given,
    id: newId('api_key'),
    hash,
    prefix,
    last4,
    publishable: given.type === 'publishable' ? key : null,
    status: 'active',
    last_used_at: null,
    replaced_by: null,
    created: unix(tx.now),
  });
  return { ...toApiKey(row, tx.now), secret: key };
}

/** A key that the caller may manage, and that is neither revoked nor replaced. */
async function lockUsable(tx: Tx, id: string): Promise<store.ApiKeyRow> {
  const row = await store.lock(tx, id);
  if (row === null) throw resourceMissing('api_key', id);
  assertWithin(tx, row);
  if (row.status === 'revoked') throw requestInvalid('This API key has been revoked.');
  if (row.replaced_by !== null) {
    throw requestInvalid(`This API key has been replaced by \`${row.replaced_by}\`.`);
  }
  if (isExpired(row, tx.now)) throw requestInvalid('This API key has expired.');
  return row;
}

function assertWithin({ rights }: Tx, key: Limited): void {
  if (isWithin(rightsOf(key), rights)) return;
  throw permissionDenied('A restricted key can only manage keys that have no more rights than it.');
}

function toExpiry({ now }: Tx, expires_at: number | null): Date | null {
  if (expires_at === null) return null;
  const date = new Date(expires_at * 1000);
  if (date > now) return date;
  throw parameterInvalid('This value must be in the future.', 'expires_at');
}
