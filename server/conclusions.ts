/**
 * TABLE 4. What the answer of a processor means, by what it was asked. The request that asked
 * concludes its own attempt; the schedule concludes those whose request is gone.
 */
import type { Memory } from '@/db/memory';
import { byTenant, look, type Found } from '@/db/system';
import { listen } from '@/server/bank_notices';
import type { System } from '@/server/kernel/due';
import { concludeRefund, findRefund, reckonRefund, toRefund } from '@/server/refunds';
import { answerOfCard, concludeCard } from '@/server/hosted_cards';
import { allOf } from '@/server/kernel/all';
import type { Ctx, Scope, Tx } from '@/server/kernel/context';
import { isLockTimeout, type ApiError } from '@/server/kernel/errors';
import { failpoint } from '@/server/kernel/failpoint';
import { unix, type ApiObject } from '@/server/kernel/object';
import {
  answerOfIntent,
  concludeAuthorization,
  concludeCancel,
  concludeCapture,
  concludeIncrement,
  lockPaid,
} from '@/server/payment_intents';
import {
  claimLost,
  close,
  decisionOn,
  find,
  hasten,
  isOnCard,
  isOnPayment,
  isOnSetup,
  lock,
  lockOpen,
  noteArrival,
  perform,
  postpone,
  type AttemptKind,
  type AttemptOnPayment,
  type AttemptRow,
} from '@/server/processor_attempts';
import { NoAnswer, type Outcome } from '@/server/processor/processor';
import {
  approvalIn,
  callbacksAbout,
  keep as keepCallbacks,
  latestNamed,
  saysApproved,
  type Said,
  type Told,
} from '@/server/processor_callbacks';
import { currentProject, readSettings } from '@/server/projects';
import {
  closeItemOf,
  raise,
  raiseUnresolved,
  type Difference,
} from '@/server/reconciliation_items';
import { settleFound } from '@/server/settlement_files';
import { answerOfSetup, concludeSetup } from '@/server/setup_intents';

import { climb, type Lost, type Verdict } from '@/server/ladder';

/** A decline is data until it is told: the object that it led to, or the error that it is. */
export type Answered = ApiObject | ApiError;

interface Conclusion<Attempt extends AttemptRow = AttemptRow> {
  /** Applies the outcome; null is no answer, which changes nothing but is told. */
  readonly conclude: (tx: Tx, attempt: Attempt, outcome: Outcome | null) => Promise<Answered>;
  /** Locks beforehand what will be locked in any case, in the order in which it would be. */
  readonly lock?: (tx: Tx, attempt: Attempt) => Promise<unknown>;
  /** What is asked when it is asked after, where that changes as time passes; null is nothing yet. */
  readonly reckon?: (tx: Tx, attempt: AttemptRow) => Promise<AttemptRow | null>;
  /** What an attempt that was concluded before led to. */
  readonly answer: (scope: Scope, attempt: Attempt) => Promise<Answered>;
}

/** A row for attempts that are about one thing, and name it. */
function on<Attempt extends AttemptRow>(
  isOne: (attempt: AttemptRow) => attempt is Attempt,
  { conclude, answer, lock }: Conclusion<Attempt>,
): Conclusion {
  const requireOne = (attempt: AttemptRow): Attempt => {
    if (isOne(attempt)) return attempt;
    throw new Error(`${attempt.id} does not name what it is about.`);
  };
  return {
    conclude: (tx, attempt, outcome) => conclude(tx, requireOne(attempt), outcome),
    answer: (scope, attempt) => answer(scope, requireOne(attempt)),
    ...(lock === undefined ? {} : { lock: (tx, attempt) => lock(tx, requireOne(attempt)) }),
  };
}

const onPayment = (conclude: Conclusion<AttemptOnPayment>['conclude']): Conclusion =>
  on(isOnPayment, { conclude, answer: answerOfIntent, lock: lockPaid });

const onSetup = on(isOnSetup, { conclude: concludeSetup, answer: answerOfSetup });

const conclusions: Record<AttemptKind, Conclusion> = {
  authorize: onPayment(concludeAuthorization),
  resume: onPayment(concludeAuthorization),
  capture: onPayment(concludeCapture),
  increment: onPayment(concludeIncrement),
  cancel: onPayment(concludeCancel),
  verify: onSetup,
  resume_verify: onSetup,
  keep: on(isOnCard, { conclude: concludeCard, answer: answerOfCard }),
  refund: {
    reckon: reckonRefund,
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

/**
 * Asks the processor what the attempt intends, with no transaction open, and applies its answer.
 *
 * @param memory of the transaction that stored the intention
 */
export async function settle<T>(
  ctx: Ctx,
  attempt: AttemptRow,
  finish: (tx: Tx, answer: Answered) => Promise<T>,
  memory?: Memory,
): Promise<T> {
  const outcome = await outcomeOf(ctx, attempt);
  await failpoint('settle.answered');
  return untilStored(() => ctx.transaction((tx) => hear(tx, attempt, outcome, finish), memory));
}

/** What the processor answered is worth more than one try to have a lock. */
const STORE_TRIES = 3;

/** The money has moved by then, so a lock that others held too long is asked for again. */
async function untilStored<T>(store: () => Promise<T>, tries = STORE_TRIES): Promise<T> {
  try {
    return await store();
  } catch (error) {
    if (tries === 1 || !isLockTimeout(error)) throw error;
    return untilStored(store, tries - 1);
  }
}

/** As `apply`, for what the processor answered. Where it told another thing before, a person looks. */
async function hear<T>(
  tx: Tx,
  attempt: AttemptRow,
  outcome: Outcome | null,
  finish: (tx: Tx, answer: Answered) => Promise<T>,
): Promise<T> {
  const finished = await apply(tx, attempt, outcome, finish);
  const { id, processor_account, transaction } = attempt;
  if (outcome?.kind !== 'declined' || processor_account === null) return finished;
  const concluded = await find(tx, id);
  if (concluded === null || !isDeclined(concluded)) return finished;
  const callbacks = await callbacksAbout(tx, processor_account, { reference: id, transaction });
  const said = approvalIn(callbacks, attempt);
  if (said !== null) await raise(tx, contradiction(attempt, said));
  return finished;
}

/** What the outcome means is stored, unless somebody else has done so. */
async function apply<T>(
  tx: Tx,
  attempt: AttemptRow,
  outcome: Outcome | null,
  finish: (tx: Tx, answer: Answered) => Promise<T>,
): Promise<T> {
  const { conclude, answer, lock } = conclusions[attempt.kind];
  // Asked for together where they are not remembered: one round trip, and locked in this order all the same.
  const [open] = await Promise.all([lockOpen(tx, attempt.id), lock?.(tx, attempt)]);
  if (open === null) return finish(tx, await answer(tx, (await find(tx, attempt.id)) ?? attempt));
  const told = await conclude(tx, open, outcome);
  if (outcome === null || outcome.kind === 'pending') postpone(tx, open, outcome);
  else {
    close(tx, open, outcome);
    if (open.inquiries > 0) await closeItemOf(tx, open);
    if (decisionOn(open) !== null) await settleFound(tx, open);
  }
  if (outcome?.kind === 'approved' && outcome.notice === true) await listen(tx, open.id);
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
      outcome: await outcomeOf(ctx, attempt),
    })),
  );
  await failpoint('settle.answered');
  const answered = asked.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const store = (some: typeof answered) =>
    ctx.transaction((tx) =>
      allOf(some.map(({ attempt, outcome }) => hear(tx, attempt, outcome, NOBODY_WAITS))),
    );
  try {
    await store(answered);
  } catch {
    await Promise.allSettled(answered.map((one) => store([one])));
  }
}

/** What a person decided about it, else what the processor answers; null is no answer. */
const outcomeOf = async (ctx: Ctx, attempt: AttemptRow): Promise<Outcome | null> =>
  decisionOn(attempt) ??
  withDeadline(perform(await ctx.processor(attempt.processor_account), attempt));

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

/** Longer than a request waits: for the processor, and then to store what it said. In seconds. */
const ASKER_WAITS_S = 60;

/** Whether whoever asked has been told what came of it, or would have been, if they were still there. */
const isTold = ({ wallClock }: Tx, { status, created }: AttemptRow): boolean =>
  status === 'answered' || unix(wallClock) - created > ASKER_WAITS_S;

/**
 * The attempt, where there is something to tell of it: it was answered, or was waited for so long
 * that it is told how it stands. It stays locked, so that all are told the same. Else null.
 */
export async function lockTold(tx: Tx, id: string): Promise<AttemptRow | null> {
  // Looked at first: whoever repeats what is under way does not wait for it.
  const seen = await find(tx, id);
  return seen !== null && isTold(tx, seen) ? lock(tx, id) : null;
}

/** What an attempt led to; before the processor was asked, what it is about. */
export const answerOf = (tx: Tx, attempt: AttemptRow): Promise<Answered> =>
  conclusions[attempt.kind].answer(tx, attempt);

const DUE = `select project_id, livemode, id from processor_attempts
  where status = 'pending' and inquire_at <= $1 order by inquire_at limit $2`;

/** Each waits for a processor and holds no connection meanwhile, so there may be many. */
const BATCH = 100;

/**
 * Attempts whose answer was lost, or whose process died: what became of them is found out as
 * `server/ladder.ts` says.
 */
export async function unanswered(system: System): Promise<number> {
  const due = await look<Found>(system.pool, DUE, [system.clock().toISOString(), BATCH]);
  for (const { tenant, ids } of byTenant(due)) {
    const ctx = system.ctxOf(tenant);
    // Together, since each waits for the processor; one that fails is due again, and holds up none.
    const results = await Promise.allSettled(ids.map((id) => askAfter(ctx, id)));
    for (const [index, result] of results.entries()) {
      if (result.status === 'rejected') {
        const attempt = ids[index];
        system.log.error({ err: result.reason, attempt }, 'an attempt could not be concluded');
      } else if (result.value === 'person') {
        system.log.warn({ attempt: ids[index] }, 'an attempt needs a person to decide');
      }
    }
  }
  return due.length;
}

/** Finds out what became of an attempt, where it is its turn and nobody else does, and stores what that means. */
async function askAfter(ctx: Ctx, id: string): Promise<Verdict['kind'] | null> {
  const known = await ctx.transaction((tx) => takeUp(tx, id));
  if (known === null) return null;
  const processor = await ctx.processor(known.attempt.processor_account);
  const verdict = await climb({ ...known, processor });
  await failpoint('ladder.climbed');
  await ctx.transaction((tx) => heed(tx, known.attempt, verdict));
  return verdict.kind;
}

/** The attempt, for us alone, with all that is known of it without asking anybody; null is not now. */
async function takeUp(tx: Tx, id: string): Promise<Omit<Lost, 'processor'> | null> {
  const claimed = await claimLost(tx, id);
  if (claimed === null) return null;
  const { reckon } = conclusions[claimed.kind];
  // What a person decided is asked of nobody.
  const isReckoned = reckon !== undefined && decisionOn(claimed) === null;
  const attempt = isReckoned ? await reckon(tx, claimed) : claimed;
  if (attempt === null) {
    // Whatever it waits for calls it up: see `server/refunds/refund.ts`.
    const word = outcomeIn(claimed);
    await apply(tx, claimed, word?.kind === 'pending' ? word : null, NOBODY_WAITS);
    return null;
  }
  const { processor_account, transaction, created } = attempt;
  const [project, callbacks] = await Promise.all([
    currentProject(tx),
    processor_account === null
      ? []
      : callbacksAbout(tx, processor_account, { reference: id, transaction }),
  ]);
  const { unanswered_days } = readSettings(project.settings).payments;
  const horizon = new Date((created + unanswered_days * DAY_S) * 1000);
  return { attempt, callbacks, horizon, now: tx.wallClock };
}

async function heed(tx: Tx, attempt: AttemptRow, verdict: Verdict): Promise<void> {
  if (verdict.kind === 'outcome') return apply(tx, attempt, verdict.outcome, NOBODY_WAITS);
  const open = await lockOpen(tx, attempt.id);
  if (open === null) return;
  const noted = noteArrival(tx, open, verdict.transaction);
  if (verdict.kind !== 'person') return apply(tx, noted, null, NOBODY_WAITS);
  await raiseUnresolved(tx, noted, verdict.transaction);
  await apply(tx, noted, verdict.outcome ?? null, NOBODY_WAITS);
}

const NOBODY_WAITS = async (): Promise<undefined> => undefined;
const DAY_S = 24 * 60 * 60;

/**
 * Keeps what processors told by themselves, in one transaction. An attempt that waits for it is due
 * now; one that was concluded otherwise is put before a person, since the processor has moved money
 * that we have not.
 */
export const hearCallbacks = (ctx: Ctx, told: readonly Told[]): Promise<void> =>
  ctx.transaction(async (tx) => {
    // A row that somebody works on is waited for alone: else all wait, and hold what they have locked.
    if (told.length > 1) tx.write(`set local lock_timeout = ${TOGETHER_WAIT_MS}`, []);
    const [news, named] = await Promise.all([
      keepCallbacks(tx, told),
      allOf(told.map(async (one) => [one, await latestNamed(tx, one)] as const)),
    ]);
    const isNews = new Set(news);
    // Attempts are locked in the order of their ids, as by everybody.
    const inOrder = named.toSorted(([, a], [, b]) => ((a?.id ?? '') < (b?.id ?? '') ? -1 : 1));
    for (const [one, attempt] of inOrder) if (isNews.has(one)) await heedNews(tx, one, attempt);
  });

/** So long callbacks that share a transaction wait for a lock, in milliseconds. */
const TOGETHER_WAIT_MS = 100;

async function heedNews(tx: Tx, told: Told, named: AttemptRow | null): Promise<void> {
  if (isApproved(named)) return;
  hasten(tx, told);
  const said = { ...told, response_code: told.responseCode };
  if (named === null || !saysApproved(said)) return;
  // It may be concluded, or contradicted by another, at this moment: whoever is second knows of the first.
  const attempt = await lock(tx, named.id);
  if (attempt !== null && isDeclined(attempt)) await raise(tx, contradiction(attempt, said));
}

const outcomeIn = ({ outcome }: AttemptRow): Outcome | null => outcome as Outcome | null;

/** After an approval nothing is left open that a callback tells of. */
const isApproved = (attempt: AttemptRow | null): boolean =>
  attempt !== null && outcomeIn(attempt)?.kind === 'approved';

const isDeclined = (attempt: AttemptRow): boolean =>
  attempt.status === 'answered' && outcomeIn(attempt)?.kind === 'declined';

/** A processor answered one thing, and told another: it may have moved money that we have not. */
const contradiction = (attempt: AttemptRow, said: Said): Difference => ({
  kind: 'state_differs',
  subject: attempt.id,
  processor_account: attempt.processor_account,
  processor_attempt: attempt.id,
  payment_intent: attempt.payment_intent,
  setup_intent: attempt.setup_intent,
  refund: attempt.refund,
  transaction: said.transaction,
  amount: attempt.amount,
  currency: attempt.currency,
  state: 'declined',
  processor_state: said.state,
});
