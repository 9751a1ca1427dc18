/**
 * The audit log: who did what in the dashboard, written in the transaction of what was done, so that
 * there is never the one without the other. The table is append-only, for its owner too.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Tenant, Writer } from '@/db/scope';
import type { Actor, RequestIdentity } from '@/server/kernel/context';
import { newId } from '@/server/kernel/ids';
import { unix } from '@/server/kernel/object';
import { insert } from './store';

/** Who, when, and by which request. */
export interface By {
  readonly actor: Actor;
  readonly now: Date;
  readonly request: RequestIdentity | null;
}

export interface Act {
  /** Resource and verb, such as `members.update`. */
  readonly action: string;
  /** The id of what it was done to. */
  readonly object: string | null;
  /** Null for what concerns both modes. */
  readonly mode?: 'test' | 'live' | null;
  /** The object as it was, and as it is: of a change, only what differs is kept. No secrets. */
  readonly before?: object | null;
  readonly after?: object | null;
}

/** Writes an entry into the log of the writer's project. */
export function record(writer: Writer & Tenant, by: By, act: Act): void {
  const [before, after] = changed(act.before ?? null, act.after ?? null);
  insert(writer, {
    id: newId('audit_entry'),
    user: by.actor.user,
    email: by.actor.email,
    action: act.action,
    object: act.object,
    mode: act.mode ?? null,
    before,
    after,
    ip: by.request?.ip ?? null,
    request: by.request?.id ?? null,
    created: unix(by.now),
  });
}

type Fields = Record<string, unknown>;

/** Both as they are where one is null; else the fields in which they differ. */
export function changed(
  before: object | null,
  after: object | null,
): [before: Fields | null, after: Fields | null] {
  if (before === null || after === null) return [before as Fields | null, after as Fields | null];
  const [was, is] = [before as Fields, after as Fields];
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])].filter(
    (name) => !isDeepStrictEqual(was[name], is[name]),
  );
  const only = (fields: Fields): Fields =>
    Object.fromEntries(names.map((name) => [name, fields[name] ?? null]));
  return [only(was), only(is)];
}
