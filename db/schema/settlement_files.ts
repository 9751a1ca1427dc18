import { index, integer, pgTable, text, uniqueIndex } from 'drizzle-orm/pg-core';
import { idText, money, owned, reference, tenancy, unixTime } from './_columns';
import { processor_accounts } from './processor_accounts';

/** What a processor says that it settled. The same file again is the same row. */
export const settlement_files = pgTable(
  'settlement_files',
  {
    ...owned(),
    processor_account: idText('processor_account').notNull(),
    name: text('name'),
    /** SHA-256 of the file, hexadecimal. */
    digest: text('digest').notNull(),
    /** How many lines were read, how many of them agree with our books, and how many do not. */
    lines: integer('lines').notNull(),
    matched: integer('matched').notNull(),
    differences: integer('differences').notNull(),
    created: unixTime('created').notNull(),
  },
  (table) => [
    ...tenancy('settlement_files', table),
    uniqueIndex('settlement_files_once').on(
      table.projectId,
      table.livemode,
      table.processor_account,
      table.digest,
    ),
    reference('settlement_files', table, table.processor_account, () => processor_accounts),
  ],
);

/** Each line of them, as it was read, and what of ours it is about. */
export const settlement_lines = pgTable(
  'settlement_lines',
  {
    ...owned(),
    settlement_file: idText('settlement_file').notNull(),
    line: integer('line').notNull(),
    transaction: text('transaction').notNull(),
    reference: text('reference'),
    action: text('action').notNull(),
    state: text('state').notNull(),
    amount: money('amount').notNull(),
    currency: text('currency').notNull(),
    charge: idText('charge'),
    refund: idText('refund'),
  },
  (table) => [
    ...tenancy('settlement_lines', table),
    uniqueIndex('settlement_lines_once').on(
      table.projectId,
      table.livemode,
      table.settlement_file,
      table.line,
    ),
    index('settlement_lines_charge_idx').on(table.projectId, table.livemode, table.charge),
    index('settlement_lines_refund_idx').on(table.projectId, table.livemode, table.refund),
    reference('settlement_lines', table, table.settlement_file, () => settlement_files),
  ],
);
