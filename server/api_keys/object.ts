import type { Right } from '@/server/kernel/context';
import { unix } from '@/server/kernel/object';
import type { KeyType } from './key';
import type { ApiKeyRow } from './store';

/** Ours: Stripe has keys in its dashboard only. */
export interface ApiKey {
  readonly id: string;
  readonly object: 'api_key';
  readonly created: number;
  /** Refused from this time on, in unix seconds. */
  readonly expires_at: number | null;
  /** Some seconds late: see `usage.ts`. */
  readonly last_used_at: number | null;
  readonly livemode: boolean;
  readonly name: string | null;
  /** The whole key where it is publishable, and so no secret. */
  readonly publishable: string | null;
  /** Enough of the key to recognise it. */
  readonly redacted: string;
  /** The key that took this one's place. */
  readonly replaced_by: string | null;
  /** By resource, of a restricted key; what is not named is `none`. */
  readonly rights: Readonly<Record<string, Right>> | null;
  /** The whole key, in the answer that made it and in no other. */
  readonly secret?: string;
  readonly status: 'active' | 'expired' | 'revoked';
  readonly type: KeyType;
}

export interface DeletedApiKey {
  readonly id: string;
  readonly object: 'api_key';
  readonly deleted: true;
}

export const toApiKey = (row: ApiKeyRow, now: Date): ApiKey => ({
  id: row.id,
  object: 'api_key',
  created: row.created,
  expires_at: row.expires_at === null ? null : unix(row.expires_at),
  last_used_at: row.last_used_at === null ? null : unix(row.last_used_at),
  livemode: row.livemode,
  name: row.name,
  publishable: row.publishable,
  redacted: `${row.prefix}...${row.last4}`,
  replaced_by: row.replaced_by,
  rights: row.rights,
  status: isExpired(row, now) && row.status === 'active' ? 'expired' : row.status,
  type: row.type,
});

export const isExpired = ({ expires_at }: ApiKeyRow, now: Date): boolean =>
  expires_at !== null && expires_at <= now;
