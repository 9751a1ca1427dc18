/** The whole life of a REST request, in order. Every Stripe convention is one of these calls. */
import { performance } from 'node:perf_hooks';
import type { Context as HttpContext } from 'hono';
import type { KeyHolder } from '@/server/api_keys';
import { ctxOf, scopeOf, type Runtime } from '@/server/context';
import type { Endpoint } from '@/server/api/endpoints';
import type { RequestIdentity } from '@/server/kernel/context';
import {
  accountInvalid,
  ApiError,
  internalError,
  parameterUnsupported,
  requestInvalid,
  urlUnknown,
} from '@/server/kernel/errors';
import { newId } from '@/server/kernel/ids';

import { sha256 } from '@/server/kernel/secrets';
import { API_VERSION } from '@/server/kernel/version';
import { currentProject } from '@/server/projects';
import { expansions } from '@/server/resources';
import { assertMay, authenticate, type FindKey } from './authenticate';
import { FOR_BROWSERS } from './cors';
import { idempotently, type Render, type Rendered } from './idempotently';
import { compileCoercer } from './wire/coerce';
import { envelope } from './wire/envelope';
import { expand } from './wire/expand';
import type { Tree } from './wire/form';
import { toApiError } from './wire/invalid';
import { readParams, type Params } from './wire/params';
import { toErrorBody } from './wire/refuse';

/** What was asked and answered, for the log of requests and the metrics. */
export interface Served {
  readonly endpoint: Endpoint | null;
  readonly holder: KeyHolder | null;
  readonly request: RequestIdentity;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly durationMs: number;
  readonly at: Date;
  readonly apiVersion: string | undefined;
  readonly userAgent: string | undefined;
  readonly params: Tree | null;
  readonly body: string;
  readonly error: ApiError | null;
}

export interface RestServer {
  readonly runtime: Runtime;
  readonly findKey: FindKey;
  /** Called after each answer; must not throw and must not wait. */
  readonly onServed: (served: Served) => void;
}

const IDEMPOTENCY_KEY_LENGTH_MAX = 255;

/** What stands in the way, a lock or a request under way, is seldom there for longer. */
const RETRY_AFTER_SECONDS = '1';

const ALWAYS: Readonly<Record<string, string>> = {
  'content-type': 'application/json',
  'cache-control': 'no-cache, no-store',
  'stripe-version': API_VERSION,
};

/** A handler for one endpoint; null is every path and method that none has. */
export function serve(server: RestServer, endpoint: Endpoint | null) {
  const coerce = endpoint === null ? null : compileCoercer(endpoint.operation.input);
  const unsupported = new Set(endpoint?.operation.unsupported);
  const headers =
    endpoint?.operation.publishable === true ? { ...ALWAYS, ...FOR_BROWSERS } : ALWAYS;

  return async (http: HttpContext): Promise<Response> => {
    const started = performance.now();
    const at = server.runtime.clock();
    const { url } = http.req;
    const request = identify(http);
    const seen: { holder: KeyHolder | null; params: Tree | null } = { holder: null, params: null };
    let rendered: Rendered;
    try {
      const holder = await authenticate(http.req.header('authorization'), server.findKey, at);
      seen.holder = holder;
      await assertOwnAccount(server, holder, http);
      if (endpoint === null || coerce === null) throw urlUnknown(http.req.method, http.req.path);
      assertMay(holder, endpoint.resource, endpoint.operation);
      const params = await readParams(http.req.raw, url, http.req.param());
      seen.params = params.bag;
      rendered = await run(server, endpoint, {
        http,
        at,
        holder,
        request,
        params,
        coerce,
        unsupported,
      });
    } catch (error) {
      rendered = refused(asApiError(server, error, request), request);
    }
    const durationMs = performance.now() - started;
    server.onServed({
      endpoint,
      ...seen,
      request,
      method: http.req.method,
      path: http.req.path,
      status: rendered.status,
      durationMs,
      at,
      apiVersion: http.req.header('stripe-version'),
      userAgent: http.req.header('user-agent'),
      body: rendered.body,
      error: rendered.error ?? null,
    });
    return new Response(rendered.body, {
      status: rendered.status,
      headers: { ...headers, ...headersOf(http, request, rendered) },
    });
  };
}

const refused = (error: ApiError, request: RequestIdentity): Rendered => ({
  status: error.status,
  body: JSON.stringify(toErrorBody(error, request.id)),
  error,
});

function identify(http: HttpContext): RequestIdentity {
  const key = http.req.method === 'POST' ? http.req.header('idempotency-key') : undefined;
  const incoming = (http.env as { incoming?: { socket?: { remoteAddress?: string } } } | undefined)
    ?.incoming;
  return {
    id: newId('request'),
    idempotency_key: key === undefined || key === '' ? null : key,
    ip: incoming?.socket?.remoteAddress ?? null,
  };
}

/**
 * Acting for another account belongs to Connect, which is not here: refused, not ignored. Naming
 * one's own is as good as naming none.
 */
async function assertOwnAccount(
  { runtime }: RestServer,
  holder: KeyHolder,
  { req }: HttpContext,
): Promise<void> {
  const named = [req.header('stripe-account'), req.header('stripe-context')];
  const accounts = named.filter((account) => account !== undefined && account !== '');
  if (accounts.length === 0) return;
  const { account: own } = await currentProject(scopeOf(runtime, holder));
  for (const account of accounts) if (account !== own) throw accountInvalid(String(account));
}

interface Incoming {
  readonly http: HttpContext;
  readonly at: Date;
  readonly holder: KeyHolder;
  readonly request: RequestIdentity;
  readonly params: Params;
  readonly coerce: (tree: Tree) => Record<string, unknown>;
  readonly unsupported: ReadonlySet<string>;
}

async function run(
  { runtime }: RestServer,
  { operation }: Endpoint,
  { http, at, holder, request, params, coerce, unsupported }: Incoming,
): Promise<Rendered> {
  const input = parse(operation.input, coerce(params.bag), unsupported);
  const asker = {
    projectId: holder.projectId,
    livemode: holder.livemode,
    rights: holder.rights,
    publishable: holder.type === 'publishable',
    now: at,
    request,
  };
  const rendering =
    (paths: readonly string[]): Render =>
    async (scope, answer) => {
      if (answer instanceof ApiError) return refused(answer, request);
      const listed = envelope(answer, http.req.path);
      const full = await expand(scope, listed, paths, expansions);
      return { status: 200, body: JSON.stringify(full) };
    };
  const render = rendering(params.expand);
  if (operation.kind === 'query') {
    const scope = scopeOf(runtime, asker);
    return render(scope, await operation.run(scope, input));
  }
  const { idempotency_key } = request;
  if (idempotency_key !== null && idempotency_key.length > IDEMPOTENCY_KEY_LENGTH_MAX) {
    throw requestInvalid(
      `Idempotency keys can be at most ${IDEMPOTENCY_KEY_LENGTH_MAX} characters long.`,
    );
  }
  const fingerprint =
    idempotency_key === null
      ? null
      : sha256(
          JSON.stringify(
            [operation.route, asker.publishable, params.bag, params.expand],
            withoutCard,
          ),
        );
  return idempotently({
    ctx: ctxOf(runtime, asker),
    operation,
    input,
    fingerprint,
    render,
    expands: params.expand.length > 0,
    renderPlain: rendering([]),
  });
}

/** A digest of a card number would give the number away: there are too few to hide one among. */
const withoutCard = (key: string, value: unknown): unknown =>
  key === 'cvc' ? '' : key === 'number' && typeof value === 'string' ? value.slice(-4) : value;

function parse(
  schema: Endpoint['operation']['input'],
  bag: Record<string, unknown>,
  unsupported: ReadonlySet<string>,
): unknown {
  for (const param in bag) if (unsupported.has(param)) throw parameterUnsupported(param);
  const parsed = schema.safeParse(bag);
  if (!parsed.success) throw toApiError(parsed.error, bag);
  return parsed.data;
}

function asApiError({ runtime }: RestServer, error: unknown, request: RequestIdentity): ApiError {
  if (error instanceof ApiError) return error;
  // Postgres cannot hold it, and no schema thought of it: the input is at fault, not the server.
  if (error instanceof Error && 'code' in error && error.code === '22021') {
    return requestInvalid('A parameter contains characters that cannot be stored.');
  }
  runtime.log.error({ err: error, request: request.id }, 'request failed');
  return internalError();
}

function headersOf(
  http: HttpContext,
  request: RequestIdentity,
  { original, error }: Rendered,
): Record<string, string> {
  const headers: Record<string, string> = { 'request-id': request.id };
  const asked = http.req.header('stripe-version');
  if (asked !== undefined && asked !== API_VERSION) {
    // Any version is served, in the pinned one's shapes: said, so that nobody has to guess.
    headers['calmony-requested-version'] = asked.slice(0, 64).replaceAll(/[^\w.-]/g, '');
  }
  if (request.idempotency_key !== null) {
    const key = request.idempotency_key.slice(0, IDEMPOTENCY_KEY_LENGTH_MAX);
    if (/^[\x20-\x7e]*$/.test(key)) headers['idempotency-key'] = key;
  }
  if (original !== undefined) {
    headers['idempotent-replayed'] = 'true';
    headers['original-request'] = original;
  }
  if (error?.shouldRetry !== undefined) {
    headers['stripe-should-retry'] = String(error.shouldRetry);
    if (error.shouldRetry) headers['retry-after'] = RETRY_AFTER_SECONDS;
  }
  return headers;
}
