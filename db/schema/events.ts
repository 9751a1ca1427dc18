import { index, json, pgTable, text } from 'drizzle-orm/pg-core';
import { filterIndex, idText, owned, tenancy, unixTime } from './_columns';

/**
 * What happened, written in the transaction of the change it reports. The application's role may
 * insert and read, nothing else. The table is partitioned by id, whose body is the time, so that a
 * look-up by id meets one partition and retention drops whole ones (the migration spells that out:
 * the schema language cannot).
 */
export const events = pgTable(
  'events',
  {
    ...owned(),
    type: text('type').notNull(),
    api_version: text('api_version').notNull(),
    /**
     * `{ object, previous_attributes? }`, with the wire form of the object at that moment. Of type
     * json, not jsonb: it is never searched, and the text stays as it was.
     */
    data: json('data').$type<EventData>().notNull(),
    /** The id of the object that the event is about. */
    related_object: idText('related_object'),
    request: idText('request'),
    idempotency_key: text('idempotency_key'),
    created: unixTime('created').notNull(),
  },
  (table) => [
    ...tenancy('events', table),
    filterIndex('events', table, table.type),
    filterIndex('events', table, table.related_object),
    index('events_created_idx').using('brin', table.created),
  ],
);

export interface EventData {
  object: Record<string, unknown>;
  previous_attributes?: Record<string, unknown>;
}
