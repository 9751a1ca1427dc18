/** What a key may do, as a whole: by resource, or null for everything. */
import type { Right } from '@/server/kernel/context';
import type { KeyType } from './key';

export type Rights = Readonly<Record<string, Right>>;

const RANK: Readonly<Record<Right, number>> = { none: 0, read: 1, write: 2 };

/** A publishable key has no right of its own: what it may call is said by each operation. */
export const rightsOf = ({ type, rights }: Limited): Rights | null =>
  type === 'secret' ? null : (rights ?? {});

export interface Limited {
  readonly type: KeyType;
  readonly rights: Rights | null;
}

/** Whether whoever has `own` may do all that `wanted` allows. */
export function isWithin(wanted: Rights | null, own: Rights | null): boolean {
  if (own === null) return true;
  if (wanted === null) return false;
  return Object.entries(wanted).every(
    ([resource, right]) => RANK[right] <= RANK[own[resource] ?? 'none'],
  );
}
