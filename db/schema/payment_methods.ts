import { jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import type Stripe from 'stripe';
import {
  filterIndex,
  idText,
  metadataColumn,
  owned,
  reference,
  tenancy,
  unixTime,
} from './_columns';
import { customers } from './customers';
import { processor_accounts } from './processor_accounts';

/** Cards on file: the processor's token and what may be shown of the card, never its number. */
export const payment_methods = pgTable(
  'payment_methods',
  {
    ...owned(),
    /** A detached method cannot be used again. */
    status: text('status', { enum: ['unattached', 'attached', 'detached'] }).notNull(),
    type: text('type', { enum: ['card'] }).notNull(),
    customer: idText('customer'),
    allow_redisplay: text('allow_redisplay', {
      enum: ['always', 'limited', 'unspecified'],
    }).notNull(),
    billing_details: jsonb('billing_details')
      .$type<Stripe.PaymentMethod.BillingDetails>()
      .notNull(),
    card: jsonb('card').$type<StoredCard>().notNull(),
    /** By which the processor knows the card. */
    processor_token: text('processor_token').notNull(),
    /** Where its card is kept; null is the simulator, which test cards come from. */
    processor_account: idText('processor_account'),
    /** The processor's latest transactions in which the cardholder agreed to something. */
    agreements: jsonb('agreements').$type<Agreements>(),
    metadata: metadataColumn(),
    created: unixTime('created').notNull(),
  },
  (table) => [
    ...tenancy('payment_methods', table),
    filterIndex('payment_methods', table, table.customer),
    reference('payment_methods', table, table.customer, () => customers),
    reference('payment_methods', table, table.processor_account, () => processor_accounts),
  ],
);

/** Transactions at the processor, by what was agreed in them. */
export interface Agreements {
  readonly card_on_file?: string | undefined;
  readonly recurring?: string | undefined;
}

/** What may be shown of a card. */
export interface StoredCard {
  brand: string;
  display_brand: string;
  country: string | null;
  exp_month: number;
  exp_year: number;
  fingerprint: string;
  funding: string;
  last4: string;
  networks: { available: string[]; preferred: string | null };
  checks: {
    address_line1_check: string | null;
    address_postal_code_check: string | null;
    cvc_check: string | null;
  };
}
