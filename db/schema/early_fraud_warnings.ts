import { boolean, pgTable, text } from 'drizzle-orm/pg-core';
import { filterIndex, idText, owned, reference, tenancy, unixTime } from './_columns';
import { charges } from './charges';
import { payment_intents } from './payment_intents';

/** An issuer's report that a payment may be fraudulent, before anybody disputes it. */
export const early_fraud_warnings = pgTable(
  'early_fraud_warnings',
  {
    ...owned(),
    /** Neither refunded in full nor disputed: something can still be done. */
    actionable: boolean('actionable').notNull(),
    charge: idText('charge').notNull(),
    fraud_type: text('fraud_type').notNull(),
    payment_intent: idText('payment_intent'),
    created: unixTime('created').notNull(),
  },
  (table) => [
    ...tenancy('early_fraud_warnings', table),
    filterIndex('early_fraud_warnings', table, table.charge),
    filterIndex('early_fraud_warnings', table, table.payment_intent),
    filterIndex('early_fraud_warnings', table, table.created),
    reference('early_fraud_warnings', table, table.charge, () => charges),
    reference('early_fraud_warnings', table, table.payment_intent, () => payment_intents),
  ],
);
