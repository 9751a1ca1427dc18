/** Every movement of money is posted in the transaction that makes it. */
import type { Tx } from '@/server/kernel/context';
import { newId } from '@/server/kernel/ids';
import { unix } from '@/server/kernel/object';
import { insert, type BalanceTransactionRow } from './store';

const DAY = 24 * 60 * 60;

/** How long charged money is pending before it is available, in seconds. */
const SETTLES_AFTER = 2 * DAY;

export type Posting = Pick<BalanceTransactionRow, 'type' | 'amount' | 'currency' | 'source'> & {
  description?: string | null;
  /** Available at once: money that leaves, and the test cards that skip the wait. */
  immediate?: boolean;
};

const REPORTING: Record<BalanceTransactionRow['type'], string> = {
  charge: 'charge',
  payment_failure_refund: 'charge_failure',
  refund: 'refund',
  refund_failure: 'refund_failure',
  adjustment: 'other_adjustment',
};

/** Adds to the balance, or takes from it when the amount is negative. The processor bills its own fees. */
export function post(tx: Tx, posting: Posting): BalanceTransactionRow {
  const now = unix(tx.now);
  return insert(tx, {
    id: newId('balance_transaction'),
    amount: posting.amount,
    available_on: posting.immediate === true ? now : now + SETTLES_AFTER,
    currency: posting.currency,
    description: posting.description ?? null,
    fee: 0,
    fee_details: [],
    net: posting.amount,
    reporting_category: REPORTING[posting.type],
    source: posting.source,
    type: posting.type,
    created: now,
  });
}
