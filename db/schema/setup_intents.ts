import { boolean, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
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
import { payment_methods } from './payment_methods';

/** A card that is to be charged later: from the wish to the bank's consent. */
export const setup_intents = pgTable(
  'setup_intents',
  {
    ...owned(),
    status: text('status', {
      enum: [
        'requires_payment_method',
        'requires_confirmation',
        'requires_action',
        'processing',
        'canceled',
        'succeeded',
      ],
    }).notNull(),
    attach_to_self: boolean('attach_to_self').notNull(),
    automatic_payment_methods: jsonb(
      'automatic_payment_methods',
    ).$type<Stripe.SetupIntent.AutomaticPaymentMethods>(),
    cancellation_reason: text('cancellation_reason', {
      enum: ['abandoned', 'duplicate', 'requested_by_customer'],
    }),
    /** What follows `_secret_` in the client secret. It lets a browser see and confirm this intent. */
    client_secret: text('client_secret').notNull(),
    customer: idText('customer'),
    description: text('description'),
    flow_directions: jsonb('flow_directions').$type<Stripe.SetupIntent.FlowDirection[]>(),
    last_setup_error: jsonb('last_setup_error').$type<Stripe.SetupIntent.LastSetupError>(),
    latest_attempt: idText('latest_attempt'),
    mandate: idText('mandate'),
    metadata: metadataColumn(),
    next_action: jsonb('next_action').$type<Stripe.SetupIntent.NextAction>(),
    payment_method: idText('payment_method'),
    payment_method_options:
      jsonb('payment_method_options').$type<Stripe.SetupIntent.PaymentMethodOptions>(),
    payment_method_types: jsonb('payment_method_types').$type<string[]>().notNull(),
    return_url: text('return_url'),
    single_use_mandate: idText('single_use_mandate'),
    usage: text('usage', { enum: ['off_session', 'on_session'] }).notNull(),
    created: unixTime('created').notNull(),
  },
  (table) => [
    ...tenancy('setup_intents', table),
    filterIndex('setup_intents', table, table.customer),
    filterIndex('setup_intents', table, table.payment_method),
    filterIndex('setup_intents', table, table.created),
    reference('setup_intents', table, table.customer, () => customers),
    reference('setup_intents', table, table.payment_method, () => payment_methods),
  ],
);

/** One try of a setup intent, with the card as it was. */
export const setup_attempts = pgTable(
  'setup_attempts',
  {
    ...owned(),
    status: text('status', {
      enum: [
        'abandoned',
        'failed',
        'processing',
        'requires_action',
        'requires_confirmation',
        'succeeded',
      ],
    }).notNull(),
    setup_intent: idText('setup_intent').notNull(),
    attach_to_self: boolean('attach_to_self').notNull(),
    /** The card as it was, and what its issuer told of it. */
    card: jsonb('card').$type<Stripe.SetupAttempt.PaymentMethodDetails.Card>().notNull(),
    customer: idText('customer'),
    flow_directions: jsonb('flow_directions').$type<Stripe.SetupAttempt.FlowDirection[]>(),
    payment_method: idText('payment_method').notNull(),
    setup_error: jsonb('setup_error').$type<Stripe.SetupAttempt.SetupError>(),
    usage: text('usage').notNull(),
    created: unixTime('created').notNull(),
  },
  (table) => [
    ...tenancy('setup_attempts', table),
    filterIndex('setup_attempts', table, table.setup_intent),
    reference('setup_attempts', table, table.setup_intent, () => setup_intents),
  ],
);

/** The customer's permission to be charged when not there. */
export const mandates = pgTable(
  'mandates',
  {
    ...owned(),
    status: text('status', { enum: ['active', 'inactive', 'pending'] }).notNull(),
    type: text('type', { enum: ['multi_use', 'single_use'] }).notNull(),
    payment_method: idText('payment_method').notNull(),
    setup_intent: idText('setup_intent'),
    customer_acceptance: jsonb('customer_acceptance')
      .$type<Stripe.Mandate.CustomerAcceptance>()
      .notNull(),
    created: unixTime('created').notNull(),
  },
  (table) => [
    ...tenancy('mandates', table),
    filterIndex('mandates', table, table.payment_method),
    reference('mandates', table, table.payment_method, () => payment_methods),
  ],
);
