import { pgTable, text } from 'drizzle-orm/pg-core';
import { filterIndex, idText, money, owned, tenancy } from './_columns';

/**
 * What Home adds up, added up already: a row for each hour, day and all of time in which something
 * of a kind happened. The id is all of it, `day/2026-11-29/charge/gbp`, so that the primary key is
 * also the order in which a range of days is read.
 */
export const figures = pgTable(
  'figures',
  {
    ...owned(),
    /** `2026-11-29`, `2026-11-29T13` or `all`, in the zone of the mark. */
    period: text('period').notNull(),
    /** The type of a balance transaction, `customer`, `mrr`, `subscriber_gained` or `subscriber_lost`. */
    kind: text('kind').notNull(),
    /** ISO 4217, lower case; empty for what has none. */
    currency: text('currency').notNull(),
    amount: money('amount').notNull(),
    /** Of balance transactions: what is left of the amount after fees. */
    net: money('net').notNull(),
    /** How many there were. */
    occurrences: money('occurrences').notNull(),
  },
  (table) => [...tenancy('figures', table)],
);

/** How far the figures of a project and mode are, and in which zone their days are. One row each. */
export const figure_marks = pgTable(
  'figure_marks',
  {
    ...owned(),
    /** The body of an id: everything with a smaller one is in the figures. Empty at the beginning. */
    until: idText('until').notNull(),
    /** As in the IANA database. */
    time_zone: text('time_zone').notNull(),
  },
  (table) => [...tenancy('figure_marks', table)],
);

/** What each subscription brings in a month, as the figures have it. The id is the subscription's. */
export const subscription_values = pgTable(
  'subscription_values',
  {
    ...owned(),
    customer: idText('customer').notNull(),
    currency: text('currency').notNull(),
    /** In a month, in minor units; zero for one that is over, on trial or free. */
    mrr: money('mrr').notNull(),
  },
  (table) => [
    ...tenancy('subscription_values', table),
    filterIndex('subscription_values', table, table.customer),
  ],
);
