import { index, jsonb, pgTable, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core';
import { idText, owned, reference, tenancy } from './_columns';
import { processor_accounts } from './processor_accounts';

/**
 * What a processor told us by itself, once for each thing that it told. The signature was right, or
 * there would be no row. What it means for an attempt is found out when that is asked after.
 */
export const processor_callbacks = pgTable(
  'processor_callbacks',
  {
    ...owned(),
    processor_account: idText('processor_account').notNull(),
    /** Ours, that the request was sent under: the id of an attempt. */
    reference: text('reference'),
    /** The processor's own id of what it tells of. */
    transaction: text('transaction').notNull(),
    /** As the processor calls them: what was asked, how the transaction is, and the answer's code. */
    action: text('action').notNull(),
    state: text('state').notNull(),
    response_code: text('response_code').notNull(),
    /** Of all that tells one such message from another. Who sends it twice has told it once. */
    digest: text('digest').notNull(),
    /** The fields that an answer is read by, in their order; nothing about the payer. */
    fields: jsonb('fields').$type<readonly (readonly [string, string])[]>().notNull(),
    received_at: timestamp('received_at', { withTimezone: true }).notNull(),
  },
  (table) => [
    ...tenancy('processor_callbacks', table),
    uniqueIndex('processor_callbacks_told_once').on(
      table.projectId,
      table.livemode,
      table.processor_account,
      table.transaction,
      table.state,
      table.digest,
    ),
    index('processor_callbacks_reference_idx').on(table.projectId, table.livemode, table.reference),
    reference('processor_callbacks', table, table.processor_account, () => processor_accounts),
  ],
);
