/**
 * TABLE 5. What is done about an attempt whose answer was lost, rung by rung: the first that comes to
 * a verdict ends the climb. Nothing here is under a second reference, and nothing guesses: as long as
 * no rung knows, the object stays `processing` and the climb is made again, after 5 s, 30 s, 2 min,
 * 10 min, an hour, and then daily. docs/decisions/0020-a-lost-answer-is-found-out.md
 *
 * No transaction is open meanwhile: what a verdict means is stored by `conclusions.ts`.
 */
import { decisionOn, inquire, perform, type AttemptRow } from '@/server/processor_attempts';
import {
  NoAnswer,
  type Declined,
  type Finding,
  type Outcome,
  type Pending,
  type Processor,
} from '@/server/processor/processor';
import { answerIn, transactionIn, type CallbackRow } from '@/server/processor_callbacks';
import { failpoint } from '@/server/kernel/failpoint';

/** An attempt that is asked after, and what is known without asking anybody. */
export interface Lost {
  readonly attempt: AttemptRow;
  readonly processor: Processor;
  /** What the processor told by itself, in the order in which it came. */
  readonly callbacks: readonly CallbackRow[];
  /** The time in the world: processors live by it. */
  readonly now: Date;
  /** From then on the payment is not waited for any longer. */
  readonly horizon: Date;
}

export type Verdict =
  /** What became of it. */
  | { readonly kind: 'outcome'; readonly outcome: Outcome }
  /** Nobody knows yet. `transaction` is the processor's id of it, where that much is known. */
  | { readonly kind: 'waiting'; readonly transaction: string | null }
  /** Nobody will know: somebody must look, and decide. What the processor still waits for, is asked on. */
  | {
      readonly kind: 'person';
      readonly transaction: string | null;
      readonly outcome?: Pending;
    };

/** What was learned on the way up, beside what was known below. */
interface Climb extends Lost {
  readonly finding: Finding | null;
}

interface Rung {
  readonly name: string;
  /** A verdict, or what has been learned for the rungs above; null where it had nothing to say. */
  readonly step: (climb: Climb) => Promise<Verdict | { readonly finding: Finding } | null>;
}

export const ladder: readonly Rung[] = [
  { name: 'decision', step: async ({ attempt }) => outcome(decisionOn(attempt)) },
  {
    name: 'callback',
    step: async ({ callbacks, attempt, processor }) =>
      outcome(answerIn(callbacks, attempt, processor)),
  },
  { name: 'inquiry', step: inquiry },
  { name: 'repeat', step: repeat },
  { name: 'patience', step: async (climb) => (isPast(climb) ? null : waiting(climb)) },
  { name: 'reversal', step: reversal },
  {
    name: 'person',
    step: async (climb) => ({ kind: 'person', transaction: transactionOf(climb) }),
  },
];

/** Climbs until there is a verdict. The last rung always has one. */
export async function climb(lost: Lost): Promise<Verdict> {
  let known: Climb = { ...lost, finding: null };
  for (const { step } of ladder) {
    const found = await step(known);
    if (found === null) continue;
    if ('kind' in found) return found;
    known = { ...known, ...found };
  }
  return waiting(known);
}

const outcome = (found: Outcome | null): Verdict | null =>
  found === null ? null : { kind: 'outcome', outcome: found };

const waiting = (climbed: Climb): Verdict => ({
  kind: 'waiting',
  transaction: transactionOf(climbed),
});

const isPast = ({ now, horizon }: Lost): boolean => now >= horizon;

/**
 * How a processor finds out what became of a reference is its own affair: Cardstream is asked by the
 * `xref` where one is known, else by the identical request within the time in which that is refused
 * as a duplicate.
 */
async function inquiry(climbed: Climb): ReturnType<Rung['step']> {
  const { attempt, processor, now } = climbed;
  const finding = await answered(
    inquire(processor, { ...attempt, arrived_as: transactionOf(climbed) }, now),
  );
  await failpoint('ladder.inquired');
  if (finding === null) return null;
  // To be told to wait is an answer, but not for ever.
  if (finding.kind === 'pending' && isPast(climbed)) {
    return { kind: 'person', transaction: transactionOf(climbed), outcome: finding };
  }
  return finding.kind === 'unheard' || finding.kind === 'arrived' ? { finding } : outcome(finding);
}

/**
 * What never arrived is sent again, under the same reference. But a payer who was told days ago that
 * their payment is under way must not be charged for it when nobody expects it any more.
 */
async function repeat(climbed: Climb): ReturnType<Rung['step']> {
  const { attempt, processor, finding } = climbed;
  if (finding?.kind !== 'unheard') return null;
  if (isPast(climbed)) return outcome(unanswered(null));
  const told = await answered(perform(processor, attempt));
  await failpoint('ladder.repeated');
  return outcome(told);
}

/** What would hold or take the payer's money is given up. Money on its way back is never taken back. */
const REVERSIBLE: ReadonlySet<AttemptRow['kind']> = new Set(['authorize', 'resume']);

/** Nothing moves when a card is verified, so nothing is left behind by giving it up. */
const HARMLESS: ReadonlySet<AttemptRow['kind']> = new Set(['verify', 'resume_verify', 'keep']);

async function reversal(climbed: Climb): ReturnType<Rung['step']> {
  const { attempt, processor } = climbed;
  const transaction = transactionOf(climbed);
  if (HARMLESS.has(attempt.kind)) return outcome(unanswered(transaction));
  if (transaction === null || !REVERSIBLE.has(attempt.kind)) return null;
  // Not a second payment: by its own id what was begun is undone. Processors that keep a reference of
  // everything get one that says so.
  const told = await answered(
    processor.cancel({ reference: `${attempt.id}_reversal`, transaction }),
  );
  await failpoint('ladder.reversed');
  return told?.kind === 'approved' ? outcome(unanswered(transaction)) : null;
}

/** The processor's id of what the attempt began, if anything has told it. */
function transactionOf({ attempt, finding, callbacks }: Climb): string | null {
  if (finding?.kind === 'arrived' && finding.transaction !== null) return finding.transaction;
  const told = transactionIn(callbacks, attempt);
  if (told !== null) return told;
  // Of a resumed payment it is that of the challenge; of a capture or a refund it is what they act on.
  return attempt.arrived_as ?? (attempt.kind === 'resume' ? attempt.transaction : null);
}

const unanswered = (transaction: string | null): Declined => ({
  kind: 'declined',
  transaction,
  code: 'processing_error',
  decline_code: null,
  message:
    'The processor did not tell what became of this payment in time. Nothing was taken: try again, or use another card.',
  checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: null },
});

/** The answer, or null where there is none that can be trusted. */
async function answered<T>(call: Promise<T>): Promise<T | null> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof NoAnswer) return null;
    throw error;
  }
}
