/** What a line of a settlement file says, held against what our books say. Pure. */
import type { SettledLine } from './lines';

/** What of ours a line is about. */
export interface Ours {
  readonly object: 'charge' | 'refund';
  readonly id: string;
  /** What the processor should settle, in the currency's minor unit. */
  readonly amount: number;
  readonly currency: string;
  /** Whether money has moved by our books. */
  readonly isMoved: boolean;
  /** How much of it has been settled, by the files that were read before; null is not yet. */
  readonly settled: number | null;
  /** The movement that its settlement belongs to; null where there is none. */
  readonly movement: string | null;
  /** How it stands by them, for whoever reads of a difference. */
  readonly state: string;
}

export type Disagreement = 'in_their_books_only' | 'amount_differs' | 'state_differs';

/** Null where both books agree. What is put off until the next settlement is no difference yet. */
export function compare(
  line: Pick<SettledLine, 'amount' | 'currency' | 'state'>,
  ours: Ours | null,
): Disagreement | null {
  if (ours === null) return 'in_their_books_only';
  const isSettled = line.state !== 'rejected' && line.state !== 'canceled';
  if (isSettled !== ours.isMoved) return 'state_differs';
  if (!ours.isMoved) return null;
  const isSame = line.amount === ours.amount && line.currency === ours.currency;
  return isSame ? null : 'amount_differs';
}
