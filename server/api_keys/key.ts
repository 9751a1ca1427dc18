/** How a key looks, and whose it is. */
import type { Pool } from '@/db/client';
import type { Right } from '@/server/kernel/context';
import { randomBase62 } from '@/server/kernel/ids';
import { sha256 } from '@/server/kernel/secrets';
import { findByHash, type FoundKey } from './store';

export type KeyType = 'secret' | 'publishable' | 'restricted';

const LETTERS: Record<KeyType, string> = { secret: 'sk', publishable: 'pk', restricted: 'rk' };

/** 24 characters of base62 hold 143 bits. */
const SECRET_LENGTH = 24;

const KEY = /^(sk|pk|rk)_(test|live)_[0-9A-Za-z]{24,}$/;

export interface MintedKey {
  /** Shown once, stored nowhere. */
  readonly key: string;
  readonly hash: string;
  readonly prefix: string;
  readonly last4: string;
}

/** A new key, or a row's worth of facts about the one given. */
export function mint(type: KeyType, livemode: boolean, given?: string): MintedKey {
  const prefix = `${LETTERS[type]}_${livemode ? 'live' : 'test'}_`;
  const key = given ?? `${prefix}${randomBase62(SECRET_LENGTH)}`;
  return { key, hash: sha256(key), prefix, last4: key.slice(-4) };
}

/** Stripe's way to name a key without telling it: the prefix, stars, the last four characters. */
export const mask = (key: string): string => {
  const prefix = /^(sk|pk|rk)_(test|live)_/.exec(key)?.[0] ?? '';
  const rest = key.slice(prefix.length);
  return rest.length <= 4
    ? `${prefix}${'*'.repeat(rest.length)}`
    : `${prefix}${'*'.repeat(Math.min(rest.length - 4, 24))}${rest.slice(-4)}`;
};

/** Who a key speaks for, and what it may. */
export interface KeyHolder {
  readonly id: string;
  readonly projectId: number;
  readonly livemode: boolean;
  readonly type: KeyType;
  readonly rights: Readonly<Record<string, Right>> | null;
  readonly status: 'active' | 'revoked';
  readonly expiresAt: Date | null;
}

/**
 * How long a key's standing is believed without asking again. A revocation reaches every process
 * within this time; under load it makes one look-up of thousands.
 */
const BELIEVED_MS = 500;
/** Unknown keys are remembered too, so the memory is bounded against a flood of them. */
const REMEMBERED = 10_000;

/** Looks keys up, with a short memory. `now` in milliseconds. */
export function keyFinder(pool: Pool): (key: string, now: number) => Promise<KeyHolder | null> {
  const memory = new Map<string, { holder: Promise<KeyHolder | null>; until: number }>();
  return async (key, now) => {
    if (!KEY.test(key)) return null;
    // The map is keyed by the digest: a secret stays in memory no longer than its request.
    const hash = sha256(key);
    const known = memory.get(hash);
    if (known !== undefined && now < known.until) return known.holder;
    if (memory.size >= REMEMBERED) memory.clear();
    const holder = findByHash(pool, hash).then(toHolder);
    memory.set(hash, { holder, until: now + BELIEVED_MS });
    holder.catch(() => memory.delete(hash));
    return holder;
  };
}

const toHolder = (found: FoundKey | undefined): KeyHolder | null =>
  found === undefined
    ? null
    : {
        id: found.id,
        projectId: found.project_id,
        livemode: found.livemode,
        type: found.type,
        rights: found.rights,
        status: found.status,
        expiresAt: found.expires_at === null ? null : new Date(found.expires_at),
      };
