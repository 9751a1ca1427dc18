import { eq, isNotNull, sql } from 'drizzle-orm';
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
import { processor_accounts } from './processor_accounts';

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
    /** Until when the bank reserves it, by the wall clock; null where it never was only reserved. */
    capture_before: unixTime('capture_before'),
    /** What its bank granted beyond one capture of what it reserved; null is nothing. */
    granted: jsonb('granted').$type<GrantedToCharge>(),
    /** How much can be captured in all; null is the amount. */
    amount_maximum: money('amount_maximum'),
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
    /** Who has it: what becomes of it is asked of this account. Null is the simulator. */
    processor_account: idText('processor_account'),
    /** By which the processor captures, cancels and refunds it. */
    processor_transaction: text('processor_transaction'),
    receipt_email: text('receipt_email'),
    /** The authorization was given up before any of it was captured. */
    released: boolean('released').notNull(),
    /** What the processor has settled of it, by its settlement files; null until it has. */
    settled: money('settled'),
    shipping: jsonb('shipping').$type<Stripe.Charge.Shipping>(),
    statement_descriptor: text('statement_descriptor'),
    statement_descriptor_suffix: text('statement_descriptor_suffix'),
    transfer_group: text('transfer_group'),
    /** What issuers have taken back by disputes that are not won. */
    withdrawn: money('withdrawn').notNull().default(0),
    created: unixTime('created').notNull(),
  },
  (table) => [
    ...tenancy('charges', table),
    filterIndex('charges', table, table.customer),
    filterIndex('charges', table, table.payment_intent),
    // Most have none.
    filterIndex('charges', table, table.transfer_group).where(isNotNull(table.transfer_group)),
    filterIndex('charges', table, table.created),
    // By which a settlement file names it.
    filterIndex('charges', table, table.processor_transaction),
    uniqueIndex('charges_one_success_an_intent')
      .on(table.projectId, table.livemode, table.payment_intent)
      .where(eq(table.status, sql.raw("'succeeded'"))),
    check(
      'charges_captured_within_authorized',
      sql`${table.amount_captured} between 0 and coalesce(${table.amount_maximum}, ${table.amount})`,
    ),
    check(
      'charges_refunded_within_amount',
      sql`${table.amount_refunded} between 0 and greatest(${table.amount}, ${table.amount_captured})`,
    ),
    reference('charges', table, table.customer, () => customers),
    reference('charges', table, table.payment_intent, () => payment_intents),
    reference('charges', table, table.payment_method, () => payment_methods),
    reference('charges', table, table.processor_account, () => processor_accounts),
  ],
);

/** The card, and how its holder was authenticated for this charge. */
export interface ChargedCard extends StoredCard {
  /** The permission by which it was charged. */
  mandate?: string;
  /** By which its network knows the charge, where the processor tells. */
  network_transaction_id?: string;
  three_d_secure?: Stripe.Charge.PaymentMethodDetails.Card.ThreeDSecure;
}

/** By the names of server/processor, with the days for which the authorization lasts. */
export interface GrantedToCharge {
  latitudes: string[];
  days: number;
}
