/**
 * Runs a change once a key. The answer is stored in the transaction of the change, so there is
 * never the one without the other, and whoever repeats the request gets the first one's answer.
 * https://docs.stripe.com/api/idempotent_requests
 *
 * The look-up of the key travels with the change's own statements and is only awaited at the end;
 * two requests with one key at the same moment meet at the primary key, where one of them waits,
 * fails, and answers what the other stored.
 */
import type { Answered } from '@/server/conclusions';
import { answerOf, answerSoFar, settle } from '@/server/conclusions';
import * as keys from '@/server/idempotency_keys';
import { uniqueConstraintOf } from '@/server/kernel/conflicts';
import type { Ctx, Scope, Tx } from '@/server/kernel/context';
import { ApiError, idempotencyKeyInUse, idempotencyKeyReused } from '@/server/kernel/errors';
import { failpoint } from '@/server/kernel/failpoint';
import { decrypt, encrypt } from '@/server/kernel/secrets';
import { Awaiting, type Answer, type Command, type Exchange } from '@/server/kernel/operation';

/** The status and the exact body of an answer. */
export interface Rendered {
  readonly status: number;
  readonly body: string;
  /** The request that was executed, when this answer is a replay of it. */
  readonly original?: string;
  /** What the body says, when it is a refusal and not a replay of one. */
  readonly error?: ApiError;
}

export type Render = (scope: Scope, answer: Answer | ApiError) => Promise<Rendered>;

export interface Attempted {
  readonly ctx: Ctx;
  readonly operation: Command | Exchange;
  readonly input: unknown;
  /** Of method, path and parameters; null when the request came without a key. */
  readonly fingerprint: string | null;
  readonly render: Render;
  /** Whether the request asked for anything to be expanded. */
  readonly expands: boolean;
  /** Without what it asked for. */
  readonly renderPlain: Render;
}

/** An earlier request holds the key: what this one did is rolled back. */
class Earlier extends Error {
  constructor(readonly row: keys.IdempotencyKeyRow) {
    super('earlier request');
  }
}

export async function idempotently(attempted: Attempted): Promise<Rendered> {
  const { operation } = attempted;
  try {
    return operation.kind === 'command'
      ? await runCommand(attempted, operation)
      : await runExchange(attempted, operation);
  } catch (error) {
    if (error instanceof Earlier) return replay(attempted, error.row);
    if (uniqueConstraintOf(error) === keys.ONE_USE) return replayRival(attempted);
    if (error instanceof ApiError) return storeRefusal(attempted, error);
    throw error;
  }
}

/** Another request with the key was a moment faster. */
async function replayRival(attempted: Attempted): Promise<Rendered> {
  const { ctx } = attempted;
  const key = keyOf(ctx);
  const row = await ctx.transaction((tx) => keys.find(tx, key));
  if (row === null) throw idempotencyKeyInUse(key);
  return replay(attempted, row);
}

const keyOf = (ctx: Ctx): string => ctx.request?.idempotency_key ?? '';

function runCommand(attempted: Attempted, operation: Command): Promise<Rendered> {
  return attempted.ctx.transaction((tx) =>
    unlessKnown(attempted, tx, async () => {
      const answer = await operation.run(tx, attempted.input);
      const rendered = await attempted.render(tx, answer);
      return [rendered, () => insertFinished(attempted, tx, rendered)];
    }),
  );
}

async function runExchange(attempted: Attempted, operation: Exchange): Promise<Rendered> {
  const { ctx, render } = attempted;
  const intended = await ctx.transaction((tx) =>
    unlessKnown<Rendered | Awaiting>(attempted, tx, async () => {
      const answer = await operation.intend(tx, attempted.input);
      if (answer instanceof Awaiting) {
        // What cannot be expanded is refused before money moves: afterwards it would be too late.
        if (attempted.expands) await render(tx, await answerSoFar(tx, answer.attempt));
        return [answer, () => insertStarted(attempted, tx, answer)];
      }
      const rendered = await render(tx, answer);
      return [rendered, () => insertFinished(attempted, tx, rendered)];
    }),
  );
  if (!(intended instanceof Awaiting)) return intended;
  await failpoint('exchange.intended');
  return settle(ctx, intended.attempt, async (tx, answer) => {
    const rendered = await renderConcluded(attempted, tx, answer);
    await finish(attempted, tx, rendered);
    return rendered;
  });
}

/**
 * The processor has acted, so the conclusion must be stored whatever was asked to be expanded. What
 * only now turns out to be no field (it is in an object that did not exist before) stays as it is.
 */
async function renderConcluded(
  { render, renderPlain }: Attempted,
  tx: Tx,
  answer: Answered,
): Promise<Rendered> {
  try {
    return await render(tx, answer);
  } catch (error) {
    if (error instanceof ApiError) return renderPlain(tx, answer);
    throw error;
  }
}

/** Does `work`, and then `store`, unless the key turns out to be known: then nothing happened. */
async function unlessKnown<T>(
  { ctx, fingerprint }: Attempted,
  tx: Tx,
  work: () => Promise<[answer: T, store: () => void]>,
): Promise<T> {
  const earlier = fingerprint === null ? null : keys.find(tx, keyOf(ctx));
  // Its failure, if any, is the transaction's, which reports it.
  earlier?.catch(() => undefined);
  try {
    const [answer, store] = await work();
    const row = await earlier;
    if (row !== null) throw new Earlier(row);
    store();
    return answer;
  } catch (error) {
    const row = await earlier;
    throw row === null ? error : new Earlier(row);
  }
}

/** Binds a sealed answer to its key: read back under another one it does not open. */
const identityOf = (ctx: Ctx): string =>
  `idempotency_keys/${ctx.projectId}/${ctx.livemode}/${keyOf(ctx)}`;

/** The body as it is stored. Every answer is kept, but a secret in it not in the clear. */
const stored = ({ ctx, operation }: Attempted, { body }: Rendered): string =>
  operation.confidential === true ? encrypt(ctx.keyring, body, identityOf(ctx)) : body;

const opened = ({ ctx, operation }: Attempted, body: string): string =>
  operation.confidential === true ? decrypt(ctx.keyring, body, identityOf(ctx)) : body;

function insertStarted({ ctx, fingerprint }: Attempted, tx: Tx, { attempt }: Awaiting): void {
  if (fingerprint === null) return;
  keys.insert(tx, {
    id: keyOf(ctx),
    fingerprint,
    status: 'started',
    request: ctx.request?.id ?? '',
    attempt: attempt.id,
    response_status: null,
    response_body: null,
    created_at: ctx.now,
  });
}

function insertFinished(attempted: Attempted, tx: Tx, rendered: Rendered): void {
  const { ctx, fingerprint } = attempted;
  if (fingerprint === null) return;
  keys.insert(tx, {
    id: keyOf(ctx),
    fingerprint,
    status: 'finished',
    request: ctx.request?.id ?? '',
    attempt: null,
    response_status: rendered.status,
    response_body: stored(attempted, rendered),
    created_at: ctx.now,
  });
}

async function finish(attempted: Attempted, tx: Tx, rendered: Rendered): Promise<void> {
  const { ctx, fingerprint } = attempted;
  if (fingerprint === null) return;
  const row = await keys.lock(tx, keyOf(ctx));
  if (row === null) return;
  keys.update(tx, row, {
    status: 'finished',
    response_status: rendered.status,
    response_body: stored(attempted, rendered),
  });
}

/** The first request's answer, whatever came of it. */
async function replay(attempted: Attempted, row: keys.IdempotencyKeyRow): Promise<Rendered> {
  const { ctx, fingerprint } = attempted;
  if (row.fingerprint !== fingerprint) throw idempotencyKeyReused(row.id);
  if (row.response_status !== null && row.response_body !== null) {
    const body = opened(attempted, row.response_body);
    return { status: row.response_status, body, original: row.request };
  }
  // Its process may have died while it waited for the processor. What became of the attempt is
  // found out by the schedule; until then nobody may try again.
  const { attempt } = row;
  if (attempt === null) throw idempotencyKeyInUse(row.id);
  return ctx.transaction(async (tx) => {
    const answer: Answered | null = await answerOf(tx, attempt);
    if (answer === null) throw idempotencyKeyInUse(row.id);
    const rendered = await renderConcluded(attempted, tx, answer);
    await finish(attempted, tx, rendered);
    return { ...rendered, original: row.request };
  });
}

/**
 * A refusal by the operation itself is the key's answer too, as at Stripe. What did not begin, or
 * would pass if tried again, is not: parameters (400 never gets here), locks, and our own faults.
 */
async function storeRefusal(attempted: Attempted, error: ApiError): Promise<Rendered> {
  const { ctx, render, fingerprint } = attempted;
  if (fingerprint === null || error.status === 409 || error.status === 429 || error.status >= 500) {
    throw error;
  }
  if (error.type === 'idempotency_error') throw error;
  try {
    return await ctx.transaction(async (tx) => {
      const rendered = await render(tx, error);
      insertFinished(attempted, tx, rendered);
      return rendered;
    });
  } catch (conflict) {
    // It may have been refused for nothing but what the other one did.
    if (uniqueConstraintOf(conflict) === keys.ONE_USE) return replayRival(attempted);
    throw conflict;
  }
}
