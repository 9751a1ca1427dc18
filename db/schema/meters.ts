import { sql } from 'drizzle-orm';
import { index, jsonb, numeric, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { idText, owned, reference, tenancy, unixTime } from './_columns';

/** What usage is counted in. */
export const meters = pgTable(
  'meters',
  {
    ...owned(),
    status: text('status', { enum: ['active', 'inactive'] }).notNull(),
    display_name: text('display_name').notNull(),
    event_name: text('event_name').notNull(),
    event_time_window: text('event_time_window', { enum: ['day', 'hour'] }),
    aggregation: text('aggregation', { enum: ['count', 'last', 'sum'] }).notNull(),
    customer_key: text('customer_key').notNull(),
    value_key: text('value_key').notNull(),
    deactivated_at: unixTime('deactivated_at'),
    updated: unixTime('updated').notNull(),
    created: unixTime('created').notNull(),
  },
  (table) => [
    ...tenancy('meters', table),
    uniqueIndex('meters_event_name_key')
      .on(table.projectId, table.livemode, table.event_name)
      .where(sql`status = 'active'`),
  ],
);

/** Usage as it was reported. Ids sort by when it was: of events at the same second, the last is last. */
export const meter_events = pgTable(
  'meter_events',
  {
    ...owned(),
    meter: idText('meter').notNull(),
    event_name: text('event_name').notNull(),
    customer: idText('customer').notNull(),
    /** The reporter's own word for it: what is reported again under the same counts once. */
    identifier: idText('identifier').notNull(),
    payload: jsonb('payload').$type<Record<string, string>>().notNull(),
    /** Exact: usage may be reported with decimals. */
    value: numeric('value').notNull(),
    timestamp: unixTime('timestamp').notNull(),
    /** When it was taken back; unix seconds. It counts for nothing from then on. */
    canceled_at: unixTime('canceled_at'),
    created: unixTime('created').notNull(),
  },
  (table) => [
    ...tenancy('meter_events', table),
    uniqueIndex('meter_events_identifier_key').on(
      table.projectId,
      table.livemode,
      table.identifier,
    ),
    index('meter_events_usage_idx').on(
      table.projectId,
      table.livemode,
      table.meter,
      table.customer,
      table.timestamp,
    ),
    reference('meter_events', table, table.meter, () => meters),
  ],
);
