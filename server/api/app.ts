/** What machines ask for: the API, its description, and how the process is; and the test bank's page. */
import { Hono, type Context } from 'hono';
import type { Registry } from 'prom-client';
import { internalError, urlUnknown, type ApiError } from '@/server/kernel/errors';
import { newId } from '@/server/kernel/ids';
import { sha256 } from '@/server/kernel/secrets';
import { sessionFinder } from '@/server/sessions';
import { createCardFieldsApp } from './card_fields/app';
import { createStepApp } from './challenge/app';
import { createAuthApp } from './auth/app';
import { createBrandApp } from './brand';
import { createHostedInvoiceApp } from './hosted_invoice/app';
import { createCallbackApp } from './callbacks/cardstream';
import { openapi } from './openapi';
import { createRestApp } from './rest/app';
import type { ApiServer } from './served';
import { toErrorBody } from './wire/refuse';
import { createChallengeApp } from './simulator/challenge';
import { createTrpcApp } from './trpc/app';

export interface AppParts extends ApiServer {
  /** Whether requests are taken, and the database answers. */
  readonly isReady: () => Promise<boolean>;
  readonly registry: Registry;
}

export function createApp(parts: AppParts): Hono {
  const app = new Hono();
  app.get('/healthz', (http) => http.json({ status: 'ok' }));
  app.get('/readyz', async (http) => {
    const ready = await parts.isReady().catch(() => false);
    return ready ? http.json({ status: 'ready' }) : http.json({ status: 'not ready' }, 503);
  });
  app.get('/metrics', async (http) =>
    http.body(await parts.registry.metrics(), 200, { 'content-type': parts.registry.contentType }),
  );
  app.get('/openapi.json', describe());
  app.route('/', createRestApp(parts));
  const sessions = sessionFinder(parts.runtime.pool);
  app.route('/', createAuthApp(parts, sessions));
  app.route('/', createTrpcApp(parts, sessions));
  app.route('/', createChallengeApp(parts.runtime));
  app.route('/', createStepApp(parts.runtime));
  app.route('/', createCardFieldsApp(parts));
  app.route('/', createHostedInvoiceApp(parts.runtime));
  app.route('/', createBrandApp(parts.runtime));
  app.route('/', createCallbackApp(parts.runtime));
  app.notFound(({ req }) => refusal(urlUnknown(req.method, req.path), newId('request')));
  // The API catches what its operations throw: this is for what went wrong around them.
  app.onError((error) => {
    const request = newId('request');
    parts.runtime.log.error({ err: error, request }, 'request failed');
    return refusal(internalError(), request);
  });
  return app;
}

const refusal = (error: ApiError, request: string): Response =>
  Response.json(toErrorBody(error, request), {
    status: error.status,
    headers: { 'request-id': request },
  });

/** The document is the same for the life of the process: it is made when first asked for. */
function describe(): (http: Context) => Response {
  let made: { text: string; etag: string } | undefined;
  return ({ req }) => {
    if (made === undefined) {
      const text = JSON.stringify(openapi());
      made = { text, etag: `"${sha256(text).slice(0, 32)}"` };
    }
    const { text, etag } = made;
    const headers = { etag, 'cache-control': 'no-cache', 'access-control-allow-origin': '*' };
    if (req.header('if-none-match') === etag) return new Response(null, { status: 304, headers });
    return new Response(text, { headers: { ...headers, 'content-type': 'application/json' } });
  };
}
