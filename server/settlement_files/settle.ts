/**
 * What a processor has settled goes over to `settled` in the books, and what it settled less or more
 * than was expected to `settlement_differences`. How much of a charge or a refund is settled stands on
 * its row, which the caller locked: so it is entered once, however many files name it.
 */
import {
  postEntry,
  type BalanceTransactionRow,
  type LaterEntryKind,
} from '@/server/balance_transactions';
import type { Tx } from '@/server/kernel/context';
import type { Ours } from './compare';
import type { SettledLine } from './lines';

/** TABLE: the entries for what was expected, and for what came less or more, by what is settled. */
const ENTRIES = {
  charge: {
    settled: 'settlement',
    short: 'settlement_short',
    surplus: 'settlement_surplus',
  },
  refund: {
    settled: 'refund_settlement',
    short: 'refund_settlement_short',
    surplus: 'refund_settlement_surplus',
  },
} as const satisfies Record<Ours['object'], Record<string, LaterEntryKind>>;

type Entry = readonly [kind: LaterEntryKind, amount: number];

/**
 * Enters what the line says of ours, and answers how much of it is settled from then on. A line that
 * puts it off, or that is in another currency, settles nothing.
 */
export function settle(
  tx: Tx,
  line: Pick<SettledLine, 'amount' | 'currency' | 'state'>,
  ours: Ours,
  movement: BalanceTransactionRow,
): number | null {
  if (!ours.isMoved || line.currency !== ours.currency) return ours.settled;
  const settled = settledBy(line, ours.settled);
  if (settled === ours.settled) return settled;
  for (const [kind, amount] of [
    ...(ours.settled === null ? [] : reversed(entriesOf(ours, ours.settled))),
    ...(settled === null ? [] : entriesOf(ours, settled)),
  ]) {
    if (amount > 0) postEntry(tx, movement, kind, amount);
  }
  return settled;
}

/** How much of it is settled once the line is read: the last word counts. */
function settledBy(
  { amount, state }: Pick<SettledLine, 'amount' | 'state'>,
  before: number | null,
): number | null {
  if (state === 'accepted') return amount;
  return state === 'rejected' || state === 'canceled' ? null : before;
}

function entriesOf({ object, amount }: Ours, settled: number): Entry[] {
  const kinds = ENTRIES[object];
  return [
    [kinds.settled, Math.min(amount, settled)],
    [kinds.short, Math.max(amount - settled, 0)],
    [kinds.surplus, Math.max(settled - amount, 0)],
  ];
}

const reversed = (entries: readonly Entry[]): Entry[] =>
  entries.map(([kind, amount]) => [`${kind}_reversal` as LaterEntryKind, amount]);
