/**
 * Every movement of money is posted in the transaction that makes it: a balance transaction, the
 * entries behind it, and what it adds to the balance. Nothing else writes any of the three.
 */
import type { Tx } from '@/server/kernel/context';
import { newId } from '@/server/kernel/ids';
import { unix } from '@/server/kernel/object';
import { FEE_NAMES, feeOf } from './fees';
import {
  ENTRIES,
  MOVEMENTS,
  type EntryKind,
  type LaterEntryKind,
  type Movement,
  type MovementKind,
} from './movements';
import { insert, insertDelta, insertEntry, type BalanceTransactionRow } from './store';

const DAY = 24 * 60 * 60;

/** How long charged money is pending before it is available, in seconds. */
const SETTLES_AFTER = 2 * DAY;

export interface Posting {
  readonly kind: MovementKind;
  /** In the currency's minor unit, above zero: whether it is a gain or a loss says the kind. */
  readonly amount: number;
  readonly currency: string;
  /** The id of what moved the money. */
  readonly source: string;
  readonly description?: string | null;
  /** Available at once, as of the test cards that skip the wait. */
  readonly immediate?: boolean;
  /** Of the movement that it undoes: nothing is taken before it would have been there. Unix seconds. */
  readonly notBefore?: number;
}

/** Posts a movement, with the fee that is kept back of it. */
export async function post(tx: Tx, posting: Posting): Promise<BalanceTransactionRow> {
  const { kind, amount, currency } = posting;
  const movement: Movement = MOVEMENTS[kind];
  const fee = movement.fee === undefined ? 0 : await feeOf(tx, movement.fee, posting);
  const gross = movement.credit === 'balance' ? amount : -amount;
  const row = insert(tx, {
    id: newId('balance_transaction'),
    amount: gross,
    available_on: Math.max(
      availableOn(tx, movement.settles === true && posting.immediate !== true),
      posting.notBefore ?? 0,
    ),
    currency,
    description: posting.description ?? null,
    fee,
    fee_details: feeDetails(movement, fee, currency),
    net: gross - fee,
    reporting_category: movement.reporting_category,
    source: posting.source,
    type: movement.type,
    created: unix(tx.wallClock),
  });
  enter(tx, row, kind, amount);
  if (fee > 0) enter(tx, row, 'fee', fee);
  insertDelta(tx, { id: row.id, amount: row.net, available_on: row.available_on, currency });
  return row;
}

/** Adds an entry to a movement that was posted before. The balance is not touched by it. */
export function postEntry(
  tx: Tx,
  row: Pick<BalanceTransactionRow, 'id' | 'available_on' | 'currency'>,
  kind: LaterEntryKind,
  amount: number,
): void {
  enter(tx, row, kind, amount);
}

function enter(
  tx: Tx,
  { id, available_on, currency }: Pick<BalanceTransactionRow, 'id' | 'available_on' | 'currency'>,
  kind: EntryKind,
  amount: number,
): void {
  const { debit, credit } = { ...MOVEMENTS, ...ENTRIES }[kind];
  insertEntry(tx, {
    id: newId('ledger_entry'),
    amount,
    available_on,
    balance_transaction: id,
    credit,
    currency,
    debit,
    kind,
    created: unix(tx.wallClock),
  });
}

/**
 * Money is available by the day, as at Stripe: from the beginning of one (UTC). Banks live by the
 * wall clock, and so does the balance, also of what a test clock made due.
 */
function availableOn({ wallClock }: Tx, settles: boolean): number {
  const time = unix(wallClock) + (settles ? SETTLES_AFTER : 0);
  return time - (time % DAY);
}

const feeDetails = (
  { fee: kind }: Movement,
  amount: number,
  currency: string,
): BalanceTransactionRow['fee_details'] =>
  kind === undefined || amount === 0
    ? []
    : [{ amount, application: null, currency, description: FEE_NAMES[kind], type: 'stripe_fee' }];
