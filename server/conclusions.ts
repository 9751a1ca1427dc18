/**
 * TABLE 4. What the answer of a processor means, by what it was asked. The request that asked
 * concludes its own attempt; the schedule concludes those whose request is gone.
 */
import { byTenant, look, type Found } from '@/db/system';
import type { System } from '@/server/kernel/due';
import { concludeRefund, findRefund, toRefund } from '@/server/refunds';
import { allOf } from '@/server/kernel/all';
import type { Ctx, Scope, Tx } from '@/server/kernel/context';
import type { ApiError } from '@/server/kernel/errors';
import { failpoint } from '@/server/kernel/failpoint';
import type { ApiObject } from '@/server/kernel/object';
import {
  answerOfIntent,
  concludeAuthorization,
  concludeCancel,
  concludeCapture,
} from '@/server/payment_intents';
import {
  close,
  find,
  isOnPayment,
  isOnSetup,
  lockOpen,
  perform,
  postpone,
  type AttemptKind,
  type AttemptOnPayment,
  type AttemptRow,
} from '@/server/processor_attempts';
import { NoAnswer, type Outcome } from '@/server/processor/processor';
import { answerOfSetup, concludeSetup } from '@/server/setup_intents';

/** A decline is data until it is told: the object that it led to, or the error that it is. */
export type Answered = ApiObject | ApiError;

interface Conclusion<Attempt extends AttemptRow = AttemptRow> {
  /** Applies the outcome; null is no answer, which changes nothing but is told. */
  readonly conclude: (tx: Tx, attempt: Attempt, outcome: Outcome | null) => Promise<Answered>;
  /** What an attempt that was concluded before led to. */
  readonly answer: (scope: Scope, attempt: Attempt) => Promise<Answered>;
}

/** A row for attempts that are about one thing, and name it. */
function on<Attempt extends AttemptRow>(
  isOne: (attempt: AttemptRow) => attempt is Attempt,
  { conclude, answer }: Conclusion<Attempt>,
): Conclusion {
  const requireOne = (attempt: AttemptRow): Attempt => {
    if (isOne(attempt)) return attempt;
    throw new Error(`${attempt.id} does not name what it is about.`);
  };
  return {
    conclude: (tx, attempt, outcome) => conclude(tx, requireOne(attempt), outcome),
    answer: (scope, attempt) => answer(scope, requireOne(attempt)),
  };
}

const onPayment = (conclude: Conclusion<AttemptOnPayment>['conclude']): Conclusion =>
  on(isOnPayment, { conclude, answer: answerOfIntent });

const onSetup = on(isOnSetup, { conclude: concludeSetup, answer: answerOfSetup });

const conclusions: Record<AttemptKind, Conclusion> = {
  authorize: onPayment(concludeAuthorization),
  resume: onPayment(concludeAuthorization),
  capture: onPayment(concludeCapture),
  cancel: onPayment(concludeCancel),
  verify: onSetup,
  resume_verify: onSetup,
  refund: {
    conclude: async (tx, attempt, outcome) => toRefund(await concludeRefund(tx, attempt, outcome)),
    async answer(scope, { refund }) {
      const row = refund === null ? null : await findRefund(scope, refund);
      if (row === null) throw new Error(`Refund ${refund} does not exist.`);
      return toRefund(row);
    },
  },
};

/** A processor that has not answered by then is not waited for: what became of it is asked later. */
const DEADLINE_MS = 25_000;

type Ask = (attempt: AttemptRow) => Promise<Outcome>;

/** Asks the processor what the attempt intends, with no transaction open, and applies its answer. */
export const settle = <T>(
  ctx: Ctx,
  attempt: AttemptRow,
  finish: (tx: Tx, answer: Answered) => Promise<T>,
): Promise<T> => ask(ctx, attempt, (given) => perform(ctx.processor, given), finish);

async function ask<T>(
  ctx: Ctx,
  attempt: AttemptRow,
  question: Ask,
  finish: (tx: Tx, answer: Answered) => Promise<T>,
): Promise<T> {
  const outcome = await withDeadline(question(attempt));
  await failpoint('settle.answered');
  return ctx.transaction((tx) => apply(tx, attempt, outcome, finish));
}

/** What the outcome means is stored, unless somebody else has done so. */
async function apply<T>(
  tx: Tx,
  attempt: AttemptRow,
  outcome: Outcome | null,
  finish: (tx: Tx, answer: Answered) => Promise<T>,
): Promise<T> {
  const open = await lockOpen(tx, attempt.id);
  const { conclude, answer } = conclusions[attempt.kind];
  if (open === null) return finish(tx, await answer(tx, (await find(tx, attempt.id)) ?? attempt));
  const told = await conclude(tx, open, outcome);
  if (outcome === null || outcome.kind === 'pending') postpone(tx, open);
  else close(tx, open, outcome);
  await failpoint('settle.concluded');
  return finish(tx, told);
}

/**
 * As `settle`, for attempts that nobody waits for: the processor is asked about all of them at
 * once, and what it answers is stored in one transaction. Where that fails, each is stored alone.
 * What is left open then is found by the schedule.
 */
export async function settleAll(ctx: Ctx, attempts: readonly AttemptRow[]): Promise<void> {
  const asked = await Promise.allSettled(
    attempts.map(async (attempt) => ({
      attempt,
      outcome: await withDeadline(perform(ctx.processor, attempt)),
    })),
  );
  await failpoint('settle.answered');
  const answered = asked.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const store = (some: typeof answered) =>
    ctx.transaction((tx) =>
      allOf(some.map(({ attempt, outcome }) => apply(tx, attempt, outcome, async () => undefined))),
    );
  try {
    await store(answered);
  } catch {
    await Promise.allSettled(answered.map((one) => store([one])));
  }
}

/** The outcome, or null where there was no answer that can be trusted. */
async function withDeadline(call: Promise<Outcome>): Promise<Outcome | null> {
  let timer: NodeJS.Timeout | undefined;
  const deadline = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), DEADLINE_MS);
  });
  try {
    return await Promise.race([call, deadline]);
  } catch (error) {
    if (error instanceof NoAnswer) return null;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** The attempt if it was answered, else null. */
export async function findConcluded(tx: Tx, id: string): Promise<AttemptRow | null> {
  const attempt = await find(tx, id);
  return attempt?.status === 'answered' ? attempt : null;
}

/** What an attempt led to; before the processor was asked, what it is about. */
export const answerOf = (tx: Tx, attempt: AttemptRow): Promise<Answered> =>
  conclusions[attempt.kind].answer(tx, attempt);

const DUE = `select project_id, livemode, id from processor_attempts
  where status = 'pending' and inquire_at <= $1 order by inquire_at limit $2`;

const BATCH = 20;

/**
 * Attempts whose answer was lost, or whose process died: the processor is asked what became of the
 * reference. Where it never heard of it, the request is sent again under the same reference, which
 * no processor acts on twice.
 */
export async function unanswered(system: System): Promise<number> {
  const due = await look<Found>(system.pool, DUE, [system.clock().toISOString(), BATCH]);
  for (const { tenant, ids } of byTenant(due)) {
    const ctx = system.ctxOf(tenant);
    // Together, since each waits for the processor; one that fails is due again, and holds up none.
    const results = await Promise.allSettled(ids.map((id) => inquire(ctx, id)));
    for (const result of results) {
      if (result.status === 'rejected') {
        system.log.error({ err: result.reason }, 'an attempt could not be concluded');
      }
    }
  }
  return due.length;
}

async function inquire(ctx: Ctx, id: string): Promise<void> {
  const attempt = await ctx.transaction((tx) => find(tx, id));
  if (attempt?.status !== 'pending') return;
  const question: Ask = async (given) =>
    (await ctx.processor.inquire(given.id)) ?? perform(ctx.processor, given);
  await ask(ctx, attempt, question, async () => undefined);
}
