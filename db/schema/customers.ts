import { bigint, boolean, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
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
import { discounts } from './coupons';
import { test_clocks } from './test_clocks';

/** Who is billed. A deleted customer stays, because its charges and invoices still name it. */
export const customers = pgTable(
  'customers',
  {
    ...owned(),
    status: text('status', { enum: ['active', 'deleted'] }).notNull(),
    address: jsonb('address').$type<Stripe.Address>(),
    /** Owed by the customer when positive, to the customer when negative; goes on the next invoice. */
    balance: money('balance').notNull(),
    business_name: text('business_name'),
    currency: text('currency'),
    default_source: idText('default_source'),
    delinquent: boolean('delinquent').notNull(),
    description: text('description'),
    /** The discount on everything that is billed to it. */
    discount: idText('discount'),
    email: text('email'),
    individual_name: text('individual_name'),
    invoice_prefix: text('invoice_prefix').notNull(),
    invoice_settings: jsonb('invoice_settings').$type<CustomerInvoiceSettings>().notNull(),
    metadata: metadataColumn(),
    name: text('name'),
    next_invoice_sequence: bigint('next_invoice_sequence', { mode: 'number' }).notNull(),
    phone: text('phone'),
    preferred_locales: jsonb('preferred_locales').$type<string[]>().notNull(),
    shipping: jsonb('shipping').$type<Stripe.Customer.Shipping>(),
    tax_exempt: text('tax_exempt', { enum: ['exempt', 'none', 'reverse'] }).notNull(),
    tax_ip_address: text('tax_ip_address'),
    /** Where it is another time than here. */
    test_clock: idText('test_clock'),
    created: unixTime('created').notNull(),
  },
  (table) => [
    ...tenancy('customers', table),
    filterIndex('customers', table, table.email),
    filterIndex('customers', table, table.created),
    filterIndex('customers', table, table.test_clock),
    reference('customers', table, table.discount, () => discounts),
    reference('customers', table, table.test_clock, () => test_clocks),
  ],
);

/** As on the wire, with ids where an object can be expanded. */
export interface CustomerInvoiceSettings {
  custom_fields: { name: string; value: string }[] | null;
  default_payment_method: string | null;
  footer: string | null;
  rendering_options: { amount_tax_display: string | null; template: string | null } | null;
}
