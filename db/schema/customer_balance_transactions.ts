import { pgTable, text } from 'drizzle-orm/pg-core';
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

/** Every change of a customer's balance, with the balance it led to. Rows are never changed in amount. */
export const customer_balance_transactions = pgTable(
  'customer_balance_transactions',
  {
    ...owned(),
    customer: idText('customer').notNull(),
    amount: money('amount').notNull(),
    credit_note: idText('credit_note'),
    invoice: idText('invoice'),
    currency: text('currency').notNull(),
    description: text('description'),
    ending_balance: money('ending_balance').notNull(),
    metadata: metadataColumn(),
    type: text('type').notNull(),
    created: unixTime('created').notNull(),
  },
  (table) => [
    ...tenancy('customer_balance_transactions', table),
    filterIndex('customer_balance_transactions', table, table.customer),
    reference('customer_balance_transactions', table, table.customer, () => customers),
  ],
);
