/** What becomes of a payout, with its entries in the books. */
import {
  findBalanceTransaction,
  post,
  postEntry,
  type Posting,
} from '@/server/balance_transactions';
import type { Tx } from '@/server/kernel/context';
import type { Timed } from '@/server/kernel/due';
import { unix } from '@/server/kernel/object';
import { FAILURES, type FailureCode } from './failures';
import { move } from './lifecycle';
import { toPayout } from './object';
import { lock, update, type PayoutRow } from './store';

/** How long a payout of test mode can be cancelled, and how long it then is on its way. In seconds. */
export const PENDING_FOR = 5;
const IN_TRANSIT_FOR = 1;

export const send = (tx: Tx, before: PayoutRow): Promise<PayoutRow> =>
  move(tx, before, 'send', { due_at: tx.livemode ? null : unix(tx.now) + IN_TRANSIT_FOR });

export async function arrive(tx: Tx, before: PayoutRow): Promise<PayoutRow> {
  const { entry } = waysOf(before).arrival;
  postEntry(tx, await movementOf(tx, before), entry, Math.abs(before.amount));
  return move(tx, before, 'arrive', { due_at: null });
}

/** The money is in the balance again, or is not coming back to it. */
export async function fail(tx: Tx, before: PayoutRow, code: FailureCode): Promise<PayoutRow> {
  const { failure, arrival } = waysOf(before);
  const returned = await undo(tx, before, failure);
  if (before.status === 'paid') {
    postEntry(tx, returned, arrival.undone, Math.abs(before.amount));
  }
  await freeOriginal(tx, before);
  return move(tx, before, 'fail', {
    due_at: null,
    failure_balance_transaction: returned.id,
    failure_code: code,
    failure_message: FAILURES[code],
  });
}

export async function cancel(tx: Tx, before: PayoutRow): Promise<PayoutRow> {
  const returned = await undo(tx, before, waysOf(before).cancellation);
  await freeOriginal(tx, before);
  return move(tx, before, 'cancel', { due_at: null, failure_balance_transaction: returned.id });
}

async function undo(tx: Tx, before: PayoutRow, kind: Posting['kind']) {
  const { id: source, currency } = before;
  const { available_on: notBefore } = await movementOf(tx, before);
  return post(tx, { kind, amount: Math.abs(before.amount), currency, source, notBefore });
}

/** TABLE: how money moves to the bank, and how it does back. */
const WAYS = {
  out: {
    arrival: { entry: 'payout_arrival', undone: 'payout_return' },
    cancellation: 'payout_cancel',
    failure: 'payout_failure',
  },
  back: {
    arrival: { entry: 'payout_return', undone: 'payout_arrival' },
    cancellation: 'payout_reversal_cancel',
    failure: 'payout_reversal_failure',
  },
} as const;

const waysOf = ({ amount }: PayoutRow) => WAYS[amount > 0 ? 'out' : 'back'];

/** Nothing takes the original back any more, so it can be reversed again. */
async function freeOriginal(tx: Tx, { original_payout }: PayoutRow): Promise<void> {
  const original = original_payout === null ? null : await lock(tx, original_payout);
  if (original === null) return;
  const row = update(tx, original, { reversed_by: null });
  await tx.announce('payout.updated', toPayout(row), toPayout(original));
}

async function movementOf(tx: Tx, { id, balance_transaction }: PayoutRow) {
  const row = await findBalanceTransaction(tx, balance_transaction);
  if (row === null) throw new Error(`Payout ${id} has no balance transaction.`);
  return row;
}

/** In test mode a payout goes on by itself. */
export const duePayouts: Timed = {
  table: 'payouts',
  async run(tx, id) {
    const row = await lock(tx, id);
    if (row === null || row.due_at === null || row.due_at > unix(tx.now)) return null;
    await (row.status === 'pending' ? send(tx, row) : arrive(tx, row));
    return null;
  },
};
