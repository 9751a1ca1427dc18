/**
 * The books. A row of `ledger_entries` is both sides of an entry, the account that is debited and
 * the one that is credited, so that nothing can be written that does not balance. Beside it, the sum
 * of one account, the project's balance, is kept ready: see docs/decisions/0018.
 */
import { sql } from 'drizzle-orm';
import { check, pgTable, text } from 'drizzle-orm/pg-core';
import { idText, money, owned, reference, tenancy, unixTime } from './_columns';
import { balance_transactions } from './balance_transactions';

/** TABLE. The accounts that each project keeps, in each mode and currency. */
export const ACCOUNTS = {
  balance: "What belongs to the project: Stripe's balance, by the day on which it is available.",
  processor_receivable:
    'Sales that the processor has taken from cards, before anything is deducted.',
  refunds: 'What was given back to cardholders, which the processor deducts.',
  settled: 'What the processor has settled, by its settlement files: sales less refunds.',
  settlement_differences:
    'What it settled less, or more, than our books had it: fees that it kept, amounts cut short.',
  disputes: 'What issuers took back for their cardholders, which the processor deducts.',
  fees: 'What was kept back for a service, by the fees that the project has set.',
  payouts_in_transit: "On its way to the project's bank account.",
  bank: 'Arrived there.',
} as const;
export type Account = keyof typeof ACCOUNTS;

const accounts = Object.keys(ACCOUNTS) as [Account, ...Account[]];

/** Rows are added, never changed: see `db/privileges.ts`. */
export const ledger_entries = pgTable(
  'ledger_entries',
  {
    ...owned(),
    amount: money('amount').notNull(),
    /** From when on it counts, where one side is `balance`. The beginning of a day (UTC). */
    available_on: unixTime('available_on').notNull(),
    /** The movement that it belongs to. */
    balance_transaction: idText('balance_transaction').notNull(),
    credit: text('credit', { enum: accounts }).notNull(),
    currency: text('currency').notNull(),
    debit: text('debit', { enum: accounts }).notNull(),
    /** Which row of which table it was made by: `server/balance_transactions/movements.ts`. */
    kind: text('kind').notNull(),
    created: unixTime('created').notNull(),
  },
  (table) => [
    ...tenancy('ledger_entries', table),
    check('ledger_entries_amount_positive', sql`${table.amount} > 0`),
    check('ledger_entries_two_accounts', sql`${table.debit} <> ${table.credit}`),
    reference('ledger_entries', table, table.balance_transaction, () => balance_transactions),
  ],
);

/** What the balance gains or loses, until it is added to `balance_totals` and goes. */
export const balance_deltas = pgTable(
  'balance_deltas',
  {
    /** That of the balance transaction. */
    ...owned(),
    amount: money('amount').notNull(),
    available_on: unixTime('available_on').notNull(),
    currency: text('currency').notNull(),
  },
  (table) => tenancy('balance_deltas', table),
);

/** The balance by currency and by the day on which it is available, but for what `balance_deltas` holds. */
export const balance_totals = pgTable(
  'balance_totals',
  {
    /** Of the other two, such as `gbp/1767225600`. */
    ...owned(),
    amount: money('amount').notNull(),
    available_on: unixTime('available_on').notNull(),
    currency: text('currency').notNull(),
  },
  (table) => tenancy('balance_totals', table),
);
