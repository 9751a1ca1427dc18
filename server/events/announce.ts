/**
 * Events are written in the transaction of the change they report: there is never the one without
 * the other. https://docs.stripe.com/api/events
 */
import { isDeepStrictEqual } from 'node:util';
import type { EventData } from '@/db/schema/events';
import type { Caller } from '@/server/kernel/context';
import type { Writer } from '@/db/scope';
import { newId } from '@/server/kernel/ids';
import { unix, type ApiObject, type EventName } from '@/server/kernel/object';
import { API_VERSION } from '@/server/kernel/version';
import { insert } from './store';

/** What was announced, as the reactions see it. */
export interface Announced {
  readonly id: string;
  readonly type: EventName;
  readonly object: ApiObject;
  /** Of a change, what it changed, with the values it had before: `previous_attributes`. */
  readonly previous?: Readonly<Record<string, unknown>>;
}

/** Writes the event. `previous` is the object before the change. */
export function record(
  tx: Writer & Caller,
  type: EventName,
  object: ApiObject,
  previous?: ApiObject,
): Announced {
  const data: EventData = { object: object as unknown as Record<string, unknown> };
  if (previous !== undefined) data.previous_attributes = changedFrom(previous, object);
  const { id } = insert(tx, {
    id: newId('event'),
    type,
    api_version: API_VERSION,
    data,
    related_object: object.id ?? null,
    request: tx.request?.id ?? null,
    idempotency_key: tx.request?.idempotency_key ?? null,
    created: unix(tx.wallClock),
  });
  const { previous_attributes } = data;
  return {
    id,
    type,
    object,
    ...(previous_attributes === undefined ? {} : { previous: previous_attributes }),
  };
}

/**
 * What `after` changed, with the values it had before. Nested objects are compared field by field,
 * lists as a whole, as Stripe does; a field that is new was null.
 */
export function changedFrom(before: object, after: object): Record<string, unknown> {
  const was = before as Record<string, unknown>;
  const is = after as Record<string, unknown>;
  const changes: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(was), ...Object.keys(is)])) {
    const old = was[key];
    const now = is[key];
    if (isDeepStrictEqual(old, now)) continue;
    changes[key] = isFields(old) && isFields(now) ? changedFrom(old, now) : (old ?? null);
  }
  return changes;
}

const isFields = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
