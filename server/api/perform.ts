/**
 * An operation, as somebody asks for it. REST and tRPC differ in how they read a request and write
 * an answer; what lies between is here, once.
 */
import type { Runtime } from '@/server/context';
import type { RequestIdentity } from '@/server/kernel/context';
import { ApiError, parameterUnsupported, requestInvalid } from '@/server/kernel/errors';
import type { Operation } from '@/server/kernel/operation';
import { sha256 } from '@/server/kernel/secrets';
import { expansions } from '@/server/resources';
import type { Holder } from './holder';
import { idempotently, type Render, type Rendered } from './idempotently';
import { envelope } from './wire/envelope';
import { expand } from './wire/expand';
import { toApiError } from './wire/invalid';
import { ctxFor, scopeFor } from './visit';
import { toErrorBody } from './wire/refuse';

export type { Rendered } from './idempotently';

export interface Asked {
  readonly operation: Operation;
  /** Who asks: whose project, which mode, with which rights. */
  readonly holder: Holder;
  readonly at: Date;
  readonly request: RequestIdentity;
  /** The parameters, in wire names and JSON's types. */
  readonly bag: Readonly<Record<string, unknown>>;
  readonly expand: readonly string[];
  /** Of the REST route, with its parameters filled in: lists say where they were found. */
  readonly path: string;
}

export const IDEMPOTENCY_KEY_LENGTH_MAX = 255;

/**
 * Carries out what is asked, once for each idempotency key. A refusal that belongs to the key is
 * answered as it was the first time; any other is thrown.
 *
 * @throws ApiError what the request did wrong.
 */
export async function perform(runtime: Runtime, asked: Asked): Promise<Rendered> {
  const { operation, holder, at, request, path } = asked;
  const input = parse(operation, asked.bag);
  const asking = { holder, now: at, request };
  const rendering =
    (paths: readonly string[]): Render =>
    async (scope, answer) => {
      if (answer instanceof ApiError) return refused(answer, request);
      const full = await expand(scope, envelope(answer, path), paths, expansions);
      return { status: 200, body: JSON.stringify(full) };
    };
  const render = rendering(asked.expand);
  if (operation.kind === 'query') {
    const scope = scopeFor(runtime, asking);
    return render(scope, await operation.run(scope, input));
  }
  return idempotently({
    ctx: ctxFor(runtime, asking),
    operation,
    input,
    fingerprint: fingerprintOf(asked),
    render,
    expands: asked.expand.length > 0,
    renderPlain: rendering([]),
  });
}

/** A refusal as it is answered. */
export const refused = (error: ApiError, request: RequestIdentity): Rendered => ({
  status: error.status,
  body: JSON.stringify(toErrorBody(error, request.id)),
  error,
});

/** What must be the same when a key is used again. */
function fingerprintOf({ operation, holder, request, bag, expand: paths }: Asked): string | null {
  const { idempotency_key } = request;
  if (idempotency_key === null) return null;
  if (idempotency_key.length > IDEMPOTENCY_KEY_LENGTH_MAX) {
    throw requestInvalid(
      `Idempotency keys can be at most ${IDEMPOTENCY_KEY_LENGTH_MAX} characters long.`,
    );
  }
  const whole = [operation.route, holder.type === 'publishable', bag, paths];
  return sha256(JSON.stringify(whole, withoutCard));
}

/** A digest of a card number would give the number away: there are too few to hide one among. */
const withoutCard = (key: string, value: unknown): unknown =>
  key === 'cvc' ? '' : key === 'number' && typeof value === 'string' ? value.slice(-4) : value;

function parse(operation: Operation, bag: Readonly<Record<string, unknown>>): unknown {
  for (const param of operation.unsupported ?? []) {
    if (isGiven(bag, param)) throw parameterUnsupported(param);
  }
  const parsed = operation.input.safeParse(bag);
  if (!parsed.success) throw toApiError(parsed.error, bag);
  return parsed.data;
}

/** Whether the request has the parameter: `amount`, or one inside others, as in `card[network]`. */
function isGiven(bag: Readonly<Record<string, unknown>>, param: string): boolean {
  let inside: unknown = bag;
  for (const name of param.split(/[[\]]+/).filter((part) => part !== '')) {
    if (typeof inside !== 'object' || inside === null || !Object.hasOwn(inside, name)) return false;
    inside = (inside as Readonly<Record<string, unknown>>)[name];
  }
  return true;
}
