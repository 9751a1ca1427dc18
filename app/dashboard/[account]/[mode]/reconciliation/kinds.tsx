import type { Outputs } from '@/components/api/queries';
import { Money } from '@/components/money/money';

export type ReconciliationItem = Outputs['reconciliationItems']['retrieve'];

/** TABLE: how two books can differ, in a word and in a sentence. */
export const KINDS: Readonly<
  Record<ReconciliationItem['kind'], { label: string; sentence: string }>
> = {
  unresolved_attempt: {
    label: 'No answer',
    sentence:
      'The processor was asked, and nobody knows what it did. Look the reference up in its own pages, and say here whether it succeeded.',
  },
  in_our_books_only: {
    label: 'Missing in theirs',
    sentence: 'We have it, and the processor’s file has not.',
  },
  in_their_books_only: {
    label: 'Missing in ours',
    sentence: 'The processor settled something that we know nothing of.',
  },
  amount_differs: {
    label: 'Amount differs',
    sentence: 'Both have it, with different amounts.',
  },
  state_differs: {
    label: 'State differs',
    sentence: 'Both have it, and it stands differently in each.',
  },
};

export const KIND_OPTIONS = Object.entries(KINDS).map(([value, { label }]) => ({ value, label }));

/** The amount of one side, where that side has one. */
export function Side({ amount, currency }: { amount: number | null; currency: string | null }) {
  if (amount === null || currency === null) return <span className="text-muted">None</span>;
  return <Money amount={amount} currency={currency} hasCode />;
}
