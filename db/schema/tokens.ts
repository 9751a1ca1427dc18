import { boolean, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import type Stripe from 'stripe';
import { owned, tenancy, unixTime } from './_columns';
import type { StoredCard } from './payment_methods';

/** A card that a browser handed in, to be used once. */
export const tokens = pgTable(
  'tokens',
  {
    ...owned(),
    type: text('type', { enum: ['card'] }).notNull(),
    card: jsonb('card').$type<StoredCard>().notNull(),
    billing_details: jsonb('billing_details')
      .$type<Stripe.PaymentMethod.BillingDetails>()
      .notNull(),
    processor_token: text('processor_token').notNull(),
    client_ip: text('client_ip'),
    used: boolean('used').notNull(),
    created: unixTime('created').notNull(),
  },
  (table) => [...tenancy('tokens', table)],
);
