import { jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import type Stripe from 'stripe';
import { idText, owned, reference, tenancy, unixTime } from './_columns';
import { payment_methods } from './payment_methods';

/** What a payer's page has collected, for a server to confirm with: once. */
export const confirmation_tokens = pgTable(
  'confirmation_tokens',
  {
    ...owned(),
    payment_method: idText('payment_method').notNull(),
    return_url: text('return_url'),
    setup_future_usage: text('setup_future_usage', { enum: ['off_session', 'on_session'] }),
    shipping: jsonb('shipping').$type<Stripe.ConfirmationToken.Shipping>(),
    /** What was confirmed with it; both are null until then. */
    payment_intent: idText('payment_intent'),
    setup_intent: idText('setup_intent'),
    expires_at: unixTime('expires_at').notNull(),
    created: unixTime('created').notNull(),
  },
  (table) => [
    ...tenancy('confirmation_tokens', table),
    reference('confirmation_tokens', table, table.payment_method, () => payment_methods),
  ],
);
