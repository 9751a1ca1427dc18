import { eq, sql } from 'drizzle-orm';
import { boolean, check, jsonb, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
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
import { payment_intents } from './payment_intents';
import { payment_methods, type StoredCard } from './payment_methods';

/** One attempt that reached the network, successful or not. */
export const charges = pgTable(
  'charges',
  {
    ...owned(),
    status: text('status', { enum: ['succeeded', 'pending', 'failed'] }).notNull(),
    amount: money('amount').notNull(),
    amount_captured: money('amount_captured').notNull(),
    amount_refunded: money('amount_refunded').notNull(),
    authorization_code: text('authorization_code'),
    balance_transaction: idText('balance_transaction'),
    billing_details: jsonb('billing_details')
      .$type<Stripe.PaymentMethod.BillingDetails>()
      .notNull(),
    calculated_statement_descriptor: text('calculated_statement_descriptor'),
    captured: boolean('captured').notNull(),
    /** The card as it was when charged: a later change of the method does not rewrite history. */
    card: jsonb('card').$type<ChargedCard>().notNull(),
    currency: text('currency').notNull(),
    customer: idText('customer'),
    description: text('description'),
    disputed: boolean('disputed').notNull(),
    failure_code: text('failure_code'),
    failure_message: text('failure_message'),
    fraud_details: jsonb('fraud_details').$type<Stripe.Charge.FraudDetails>().notNull(),
    metadata: metadataColumn(),
    outcome: jsonb('outcome').$type<Stripe.Charge.Outcome>(),
    payment_intent: idText('payment_intent').notNull(),
    payment_method: idText('payment_method').notNull(),
    /** By which the processor captures, cancels and refunds it. */
    processor_transaction: text('processor_transaction'),
    receipt_email: text('receipt_email'),
    /** The authorization was given up before any of it was captured. */
    released: boolean('released').notNull(),
    shipping: jsonb('shipping').$type<Stripe.Charge.Shipping>(),
    statement_descriptor: text('statement_descriptor'),
    statement_descriptor_suffix: text('statement_descriptor_suffix'),
    transfer_group: text('transfer_group'),
    created: unixTime('created').notNull(),
  },
  (table) => [
    ...tenancy('charges', table),
    filterIndex('charges', table, table.customer),
    filterIndex('charges', table, table.payment_intent),
    filterIndex('charges', table, table.transfer_group),
    filterIndex('charges', table, table.created),
    uniqueIndex('charges_one_success_an_intent')
      .on(table.projectId, table.livemode, table.payment_intent)
      .where(eq(table.status, sql.raw("'succeeded'"))),
    check(
      'charges_captured_within_authorized',
      sql`${table.amount_captured} between 0 and ${table.amount}`,
    ),
    check(
      'charges_refunded_within_amount',
      sql`${table.amount_refunded} between 0 and ${table.amount}`,
    ),
    reference('charges', table, table.customer, () => customers),
    reference('charges', table, table.payment_intent, () => payment_intents),
    reference('charges', table, table.payment_method, () => payment_methods),
  ],
);

/** The card, and how its holder was authenticated for this charge. */
export interface ChargedCard extends StoredCard {
  three_d_secure?: Stripe.Charge.PaymentMethodDetails.Card.ThreeDSecure;
}
