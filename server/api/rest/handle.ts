/** The whole life of a REST request, in order. Every Stripe convention is one of these calls. */
import { performance } from 'node:perf_hooks';
import type { Context as HttpContext } from 'hono';
import type { KeyHolder } from '@/server/api_keys';
import { addressOf } from '@/server/api/browser';
import type { Endpoint } from '@/server/api/endpoints';
import { IDEMPOTENCY_KEY_LENGTH_MAX, perform, refused, type Rendered } from '@/server/api/perform';
import type { ApiServer } from '@/server/api/served';
import { compileCoercer } from '@/server/api/wire/coerce';
import type { Tree } from '@/server/api/wire/form';
import { readParams } from '@/server/api/wire/params';
import { scopeOf } from '@/server/context';
import type { RequestIdentity } from '@/server/kernel/context';
import {
  accountInvalid,
  ApiError,
  internalError,
  requestInvalid,
  urlUnknown,
} from '@/server/kernel/errors';
import { newId } from '@/server/kernel/ids';
import { API_VERSION } from '@/server/kernel/version';
import { currentProject } from '@/server/projects';
import { assertMay, authenticate } from '@/server/api/authenticate';
import { FOR_BROWSERS } from './cors';

/** What stands in the way, a lock or a request under way, is seldom there for longer. */
const RETRY_AFTER_SECONDS = '1';

const ALWAYS: Readonly<Record<string, string>> = {
  'content-type': 'application/json',
  'cache-control': 'no-cache, no-store',
  'stripe-version': API_VERSION,
};

/** A handler for one endpoint; null is every path and method that none has. */
export function serve(server: ApiServer, endpoint: Endpoint | null) {
  const coerce = endpoint === null ? null : compileCoercer(endpoint.operation.input);
  const headers =
    endpoint?.operation.publishable === true ? { ...ALWAYS, ...FOR_BROWSERS } : ALWAYS;

  return async (http: HttpContext): Promise<Response> => {
    const started = performance.now();
    const at = server.runtime.clock();
    const { url } = http.req;
    const request = identify(http, server);
    const seen: { holder: KeyHolder | null; params: Tree | null } = { holder: null, params: null };
    let rendered: Rendered;
    try {
      const holder = await authenticate(http.req.header('authorization'), server.findKey, at);
      seen.holder = holder;
      await assertOwnAccount(server, holder, http);
      if (endpoint === null || coerce === null) throw urlUnknown(http.req.method, http.req.path);
      assertMay(holder, endpoint);
      const params = await readParams(http.req.raw, url, http.req.param());
      seen.params = params.bag;
      rendered = await perform(server.runtime, {
        operation: endpoint.operation,
        holder,
        at,
        request,
        bag: coerce(params.bag),
        expand: params.expand,
        path: http.req.path,
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

function identify(http: HttpContext, { runtime }: ApiServer): RequestIdentity {
  const key = http.req.method === 'POST' ? http.req.header('idempotency-key') : undefined;
  return {
    id: newId('request'),
    idempotency_key: key === undefined || key === '' ? null : key,
    ip: addressOf(http, runtime.signIn.proxies),
  };
}

/**
 * Acting for another account belongs to Connect, which is not here: refused, not ignored. Naming
 * one's own is as good as naming none.
 */
async function assertOwnAccount(
  { runtime }: ApiServer,
  holder: KeyHolder,
  { req }: HttpContext,
): Promise<void> {
  const named = [req.header('stripe-account'), req.header('stripe-context')];
  const accounts = named.filter((account) => account !== undefined && account !== '');
  if (accounts.length === 0) return;
  const { account: own } = await currentProject(scopeOf(runtime, holder));
  for (const account of accounts) if (account !== own) throw accountInvalid(String(account));
}

function asApiError({ runtime }: ApiServer, error: unknown, request: RequestIdentity): ApiError {
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
