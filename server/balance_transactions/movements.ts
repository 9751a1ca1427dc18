/**
 * TABLE. Each kind of movement: what it is called at Stripe, and which account it debits and which
 * it credits. What credits the balance is an amount above zero there, what debits it one below.
 * https://docs.stripe.com/reports/balance-transaction-types
 */
import type { Account } from '@/db/schema/ledger';
import type { FeeKind } from './fees';
import type { BalanceTransactionRow } from './store';

/** Both sides of an entry. */
export interface Sides {
  readonly debit: Account;
  readonly credit: Account;
}

export interface Movement extends Sides {
  readonly type: BalanceTransactionRow['type'];
  readonly reporting_category: string;
  /** It is pending before it is available, as what a card pays is. */
  readonly settles?: true;
  /** Which fee is kept back of it. */
  readonly fee?: FeeKind;
}

export const MOVEMENTS = {
  charge: {
    type: 'charge',
    reporting_category: 'charge',
    debit: 'processor_receivable',
    credit: 'balance',
    settles: true,
    fee: 'charge',
  },
  refund: { type: 'refund', reporting_category: 'refund', debit: 'balance', credit: 'refunds' },
  refund_failure: {
    type: 'refund_failure',
    reporting_category: 'refund_failure',
    debit: 'refunds',
    credit: 'balance',
  },
  dispute: {
    type: 'adjustment',
    reporting_category: 'dispute',
    debit: 'balance',
    credit: 'disputes',
    fee: 'dispute',
  },
  dispute_reversal: {
    type: 'adjustment',
    reporting_category: 'dispute_reversal',
    debit: 'disputes',
    credit: 'balance',
  },
  payout: {
    type: 'payout',
    reporting_category: 'payout',
    debit: 'balance',
    credit: 'payouts_in_transit',
  },
  payout_cancel: {
    type: 'payout_cancel',
    reporting_category: 'payout_reversal',
    debit: 'payouts_in_transit',
    credit: 'balance',
  },
  payout_failure: {
    type: 'payout_failure',
    reporting_category: 'payout_reversal',
    debit: 'payouts_in_transit',
    credit: 'balance',
  },
  // A payout that takes back another: the money is on its way from the bank, and settles first.
  payout_reversal: {
    type: 'payout',
    reporting_category: 'payout_reversal',
    debit: 'payouts_in_transit',
    credit: 'balance',
    settles: true,
  },
  payout_reversal_cancel: {
    type: 'payout_cancel',
    reporting_category: 'payout',
    debit: 'balance',
    credit: 'payouts_in_transit',
  },
  payout_reversal_failure: {
    type: 'payout_failure',
    reporting_category: 'payout',
    debit: 'balance',
    credit: 'payouts_in_transit',
  },
} as const satisfies Readonly<Record<string, Movement>>;

export type MovementKind = keyof typeof MOVEMENTS;

/** TABLE. Entries that a movement brings with it, or that come after it and leave the balance alone. */
export const ENTRIES = {
  fee: { debit: 'balance', credit: 'fees' },
  payout_arrival: { debit: 'payouts_in_transit', credit: 'bank' },
  payout_return: { debit: 'bank', credit: 'payouts_in_transit' },
  // A processor settles a sale: what was expected, less or more, and all of it taken back.
  settlement: { debit: 'settled', credit: 'processor_receivable' },
  settlement_short: { debit: 'settlement_differences', credit: 'processor_receivable' },
  settlement_surplus: { debit: 'settled', credit: 'settlement_differences' },
  settlement_reversal: { debit: 'processor_receivable', credit: 'settled' },
  settlement_short_reversal: { debit: 'processor_receivable', credit: 'settlement_differences' },
  settlement_surplus_reversal: { debit: 'settlement_differences', credit: 'settled' },
  // The same of a refund, which it deducts.
  refund_settlement: { debit: 'refunds', credit: 'settled' },
  refund_settlement_short: { debit: 'refunds', credit: 'settlement_differences' },
  refund_settlement_surplus: { debit: 'settlement_differences', credit: 'settled' },
  refund_settlement_reversal: { debit: 'settled', credit: 'refunds' },
  refund_settlement_short_reversal: { debit: 'settlement_differences', credit: 'refunds' },
  refund_settlement_surplus_reversal: { debit: 'settled', credit: 'settlement_differences' },
  // Given back before the sale was settled: so much less of it is settled, and no refund is deducted.
  refund_before_settlement: { debit: 'refunds', credit: 'processor_receivable' },
  // As that, heard of after the sale had been settled short.
  refund_within_settlement: { debit: 'refunds', credit: 'settlement_differences' },
} as const satisfies Readonly<Record<string, Sides>>;

export type EntryKind = MovementKind | keyof typeof ENTRIES;

/** What is entered after a movement. */
export type LaterEntryKind = Exclude<keyof typeof ENTRIES, 'fee'>;
