/** The record of what happened, as integrators read it. https://docs.stripe.com/api/events */
import type { Scope } from '@/server/kernel/context';
import { parametersExclusive, resourceMissing } from '@/server/kernel/errors';
import { query } from '@/server/kernel/operation';
import { toPage } from '@/server/kernel/page';
import { toEvent, type Event } from './object';
import { EventId, ListEvents } from './params';
import * as store from './store';

export const retrieve = query({
  route: 'GET /v1/events/:id',
  summary: 'Retrieves an event.',
  input: EventId,
  async run(scope, { id }) {
    const [event] = await load(scope, [id]);
    if (event === undefined) throw resourceMissing('event', id);
    return event;
  },
});

export const list = query({
  route: 'GET /v1/events',
  summary: 'Lists events, the newest first.',
  input: ListEvents,
  async run(scope, params) {
    if (params.type !== undefined && params.types !== undefined) {
      throw parametersExclusive(['type', 'types']);
    }
    const page = await store.page(scope, params);
    const pending = await store.pendingWebhooks(
      scope,
      page.rows.map(({ id }) => id),
    );
    return toPage(page, (row) => toEvent(row, pending.get(row.id) ?? 0));
  },
});

/** Events by id, as on the wire at this moment. */
export async function load(scope: Scope, ids: readonly string[]): Promise<Event[]> {
  const rows = await store.findAll(scope, ids);
  const pending = await store.pendingWebhooks(scope, ids);
  return rows.map((row) => toEvent(row, pending.get(row.id) ?? 0));
}
