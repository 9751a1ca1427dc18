import { isNotNull, sql } from 'drizzle-orm';
import { boolean, index, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import type Stripe from 'stripe';
import {
  filterIndex,
  idText,
  metadataColumn,
  money,
  owned,
  reference,
  tenancy,
  unixTime,
} from './_columns';
import { customers } from './customers';
import { payment_methods } from './payment_methods';

/** A payment, from the wish to the money. `status` is written by its lifecycle alone. */
export const payment_intents = pgTable(
  'payment_intents',
  {
    ...owned(),
    status: text('status', {
      enum: [
        'requires_payment_method',
        'requires_confirmation',
        'requires_action',
        'processing',
        'requires_capture',
        'canceled',
        'succeeded',
      ],
    }).notNull(),
    amount: money('amount').notNull(),
    amount_capturable: money('amount_capturable').notNull(),
    amount_received: money('amount_received').notNull(),
    currency: text('currency').notNull(),
    automatic_payment_methods: jsonb('automatic_payment_methods').$type<{
      allow_redirects: 'always' | 'never';
      enabled: boolean;
    }>(),
    canceled_at: unixTime('canceled_at'),
    cancellation_reason: text('cancellation_reason', {
      enum: [
        'abandoned',
        'automatic',
        'duplicate',
        'fraudulent',
        'requested_by_customer',
        'expired',
        'void_invoice',
      ],
    }),
    capture_method: text('capture_method', {
      enum: ['automatic', 'automatic_async', 'manual'],
    }).notNull(),
    /** What follows `_secret_` in the client secret. It lets a browser see and confirm this intent. */
    client_secret: text('client_secret').notNull(),
    confirmation_method: text('confirmation_method', { enum: ['automatic', 'manual'] }).notNull(),
    customer: idText('customer'),
    description: text('description'),
    /** When its authorization is given up, on the clock of the world; null where it holds none. */
    expires_at: unixTime('expires_at'),
    last_payment_error: jsonb('last_payment_error').$type<StoredPaymentError>(),
    latest_charge: idText('latest_charge'),
    /** The permission that its confirmation gave or used. Shown on its charge. */
    mandate: idText('mandate'),
    metadata: metadataColumn(),
    next_action: jsonb('next_action').$type<Stripe.PaymentIntent.NextAction>(),
    off_session: boolean('off_session').notNull(),
    /** With the invoice that it pays as the order's reference. */
    payment_details: jsonb('payment_details').$type<Stripe.PaymentIntent.PaymentDetails>(),
    payment_method: idText('payment_method'),
    payment_method_options:
      jsonb('payment_method_options').$type<Stripe.PaymentIntent.PaymentMethodOptions>(),
    payment_method_types: jsonb('payment_method_types').$type<string[]>().notNull(),
    receipt_email: text('receipt_email'),
    return_url: text('return_url'),
    setup_future_usage: text('setup_future_usage', { enum: ['off_session', 'on_session'] }),
    shipping: jsonb('shipping').$type<Stripe.PaymentIntent.Shipping>(),
    statement_descriptor: text('statement_descriptor'),
    statement_descriptor_suffix: text('statement_descriptor_suffix'),
    transfer_group: text('transfer_group'),
    created: unixTime('created').notNull(),
  },
  (table) => [
    ...tenancy('payment_intents', table),
    filterIndex('payment_intents', table, table.customer),
    filterIndex('payment_intents', table, table.created),
    index('payment_intents_expiring_idx').on(table.expires_at).where(isNotNull(table.expires_at)),
    // Those whose last try was refused, to be counted by day without a look at the rows.
    index('payment_intents_failed_idx')
      .on(table.projectId, table.livemode, table.created, table.currency)
      .where(
        sql`${table.status} = 'requires_payment_method' and ${table.last_payment_error} is not null`,
      ),
    reference('payment_intents', table, table.customer, () => customers),
    reference('payment_intents', table, table.payment_method, () => payment_methods),
  ],
);

/** The refusal of the last attempt, with the payment method as it was. */
export type StoredPaymentError = Stripe.PaymentIntent.LastPaymentError;
