/**
 * Runs a change once a key. The answer is stored in the transaction of the change, so there is
 * never the one without the other, and whoever repeats the request gets the first one's answer.
 * https://docs.stripe.com/api/idempotent_requests
 *
 * Nobody looks for the key beforehand: a request that repeats another meets it at the primary key,
 * where it fails, is undone, and answers what the other stored. Of two at the same moment one waits
 * there for the other.
 */
import type { Answered } from '@/server/conclusions';
import { answerOf, lockTold, settle } from '@/server/conclusions';
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

export async function idempotently(attempted: Attempted): Promise<Rendered> {
  const { operation } = attempted;
  try {
    return operation.kind === 'command'
      ? await runCommand(attempted, operation)
      : await runExchange(attempted, operation);
  } catch (error) {
    if (uniqueConstraintOf(error) === keys.ONE_USE) return replayFirst(attempted);
    if (error instanceof ApiError) return storeRefusal(attempted, error);
    throw error;
  }
}

/** Another request used the key before. */
async function replayFirst(attempted: Attempted): Promise<Rendered> {
  const { ctx } = attempted;
  const row = await findFirst(ctx);
  if (row === null) throw idempotencyKeyInUse(keyOf(ctx));
  return replay(attempted, row);
}

const findFirst = (ctx: Ctx): Promise<keys.IdempotencyKeyRow | null> =>
  ctx.transaction((tx) => keys.find(tx, keyOf(ctx)));

const keyOf = (ctx: Ctx): string => ctx.request?.idempotency_key ?? '';

function runCommand(attempted: Attempted, operation: Command): Promise<Rendered> {
  return attempted.ctx.transaction(async (tx) => {
    const rendered = await attempted.render(tx, await operation.run(tx, attempted.input));
    insertFinished(attempted, tx, rendered);
    return rendered;
  });
}

async function runExchange(attempted: Attempted, operation: Exchange): Promise<Rendered> {
  const { ctx, render } = attempted;
  const intended = await ctx.transaction(async (tx) => {
    const answer = await operation.intend(tx, attempted.input);
    if (answer instanceof Awaiting) {
      // What cannot be expanded is refused before money moves: afterwards it would be too late.
      if (attempted.expands) {
        await render(tx, await told(attempted, tx, await answerOf(tx, answer.attempt), answer));
      }
      insertStarted(attempted, tx, answer);
      return { awaiting: answer, memory: tx.remember() };
    }
    const rendered = await render(tx, answer);
    insertFinished(attempted, tx, rendered);
    return rendered;
  });
  if (!('awaiting' in intended)) return intended;
  const { awaiting, memory } = intended;
  await failpoint('exchange.intended');
  const conclude = async (tx: Tx, answer: Answered): Promise<Rendered> => {
    const rendered = await renderConcluded(
      attempted,
      tx,
      await told(attempted, tx, answer, awaiting),
    );
    finish(attempted, tx, rendered);
    return rendered;
  };
  return settle(ctx, awaiting.attempt, conclude, memory);
}

/** What the operation answers, when this is what its attempt led to. */
const told = async (
  { operation, input }: Attempted,
  tx: Tx,
  answer: Answered,
  { attempt }: Pick<Awaiting, 'attempt'>,
): Promise<Answered> =>
  operation.kind === 'exchange' && operation.conclude !== undefined
    ? operation.conclude(tx, input, answer, attempt)
    : answer;

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

/** The row is this request's own, and the transaction that is to finish it the only one there is. */
function finish(attempted: Attempted, tx: Tx, rendered: Rendered): void {
  const { ctx, fingerprint } = attempted;
  if (fingerprint === null) return;
  keys.finish(tx, keyOf(ctx), {
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
  // Its process may have died while it waited for the processor. What became of the attempt is found
  // out by the schedule, which may take days: whoever waited too long is told how it stands.
  const { attempt } = row;
  if (attempt === null) throw idempotencyKeyInUse(row.id);
  const finished = await ctx.transaction(async (tx) => {
    const known = await lockTold(tx, attempt);
    if (known === null) throw idempotencyKeyInUse(row.id);
    const first = await keys.find(tx, row.id);
    if (first?.status === 'finished') return first;
    const answer = await told(attempted, tx, await answerOf(tx, known), { attempt: known });
    const rendered = await renderConcluded(attempted, tx, answer);
    finish(attempted, tx, rendered);
    return { ...rendered, original: row.request };
  });
  return 'body' in finished ? finished : replay(attempted, finished);
}

/**
 * A refusal by the operation itself is the key's answer too, as at Stripe. What did not begin, or
 * would pass if tried again, is not: parameters (400 never gets here), locks, and our own faults.
 */
async function storeRefusal(attempted: Attempted, error: ApiError): Promise<Rendered> {
  const { ctx, render, fingerprint } = attempted;
  if (fingerprint === null || error.type === 'idempotency_error') throw error;
  if (error.status === 409 || error.status === 429 || error.status >= 500) {
    const first = await findFirst(ctx);
    if (first === null) throw error;
    return replay(attempted, first);
  }
  try {
    return await ctx.transaction(async (tx) => {
      const rendered = await render(tx, error);
      insertFinished(attempted, tx, rendered);
      return rendered;
    });
  } catch (conflict) {
    // It may have been refused for nothing but what the first request did.
    if (uniqueConstraintOf(conflict) === keys.ONE_USE) return replayFirst(attempted);
    throw conflict;
  }
}
