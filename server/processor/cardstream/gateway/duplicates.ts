/**
 * Duplicates (Gateway Integration Guide V3.0, A-8): a request that says the same as an earlier one,
 * within a time that it names itself, is refused. It does not get the first one's answer.
 */
import type { Field } from '../fields';
import type { Bank } from './bank';
import { DUPLICATE, type Verdict } from './codes';
import type { Given } from './request';
import type { State, Transaction } from './transaction';

/** What must be equal. The card counts, however it was named. */
export type Subject = Pick<
  Transaction,
  'merchantID' | 'action' | 'type' | 'amount' | 'reference' | 'currency' | 'card'
>;

/** @param xref the transaction that was named instead of a card, if any. */
export const keyOf = (subject: Subject, xref: string | null): string =>
  JSON.stringify([
    subject.merchantID,
    subject.action,
    subject.type,
    subject.amount,
    subject.reference,
    subject.currency,
    xref,
    subject.card?.mask,
  ]);

const DEFAULT_SECONDS = 300;

const FAILED: readonly State[] = ['declined', 'referred', 'reversed', 'finished', 'rejected'];

/** The verdict on a duplicate, and what is said with it; null for what is none. */
export function windowOf(bank: Bank, given: Given, key: string): [Verdict, Field[]] | null {
  const taken = bank.books.taken(key);
  if (taken === null) return null;
  const { duplicate_delay_zero, duplicates_of_failures, duplicate_names_original } = bank.switches;
  const said = Number(given.get('duplicateDelay') ?? DEFAULT_SECONDS);
  if (said === 0 && duplicate_delay_zero === 'off') return null;
  const seconds = said === 0 ? DEFAULT_SECONDS : said;
  if (bank.now() - taken.at >= seconds * 1000) return null;
  const first = bank.books.byXref(taken.xref);
  const hasFailed = first !== null && FAILED.includes(first.state);
  if (hasFailed && !duplicates_of_failures) return null;
  return [DUPLICATE, duplicate_names_original ? [['xref', taken.xref]] : []];
}
