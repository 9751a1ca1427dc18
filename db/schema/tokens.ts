import { boolean, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import type Stripe from 'stripe';
import { idText, owned, reference, tenancy, unixTime } from './_columns';
import type { Agreements, StoredCard } from './payment_methods';
import { processor_accounts } from './processor_accounts';

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
    /** Where its card is kept; null is the simulator, which test cards come from. */
    processor_account: idText('processor_account'),
    /** The processor's transactions in which the cardholder agreed to something. */
    agreements: jsonb('agreements').$type<Agreements>(),
    client_ip: text('client_ip'),
    used: boolean('used').notNull(),
    created: unixTime('created').notNull(),
  },
  (table) => [
    ...tenancy('tokens', table),
    reference('tokens', table, table.processor_account, () => processor_accounts),
  ],
);
