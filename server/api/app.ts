/** What machines ask for: the API, its description, and how the process is. */
import { Hono } from 'hono';
import type { Registry } from 'prom-client';
import { createRestApp } from './rest/app';
import type { RestServer } from './rest/handle';

export interface AppParts extends RestServer {
  /** Whether requests are taken, and the database answers. */
  readonly isReady: () => Promise<boolean>;
  readonly registry: Registry;
}

export function createApp(parts: AppParts): Hono {
  const app = new Hono({ strict: false });
  app.get('/healthz', (http) => http.json({ status: 'ok' }));
  app.get('/readyz', async (http) => {
    const ready = await parts.isReady().catch(() => false);
    return ready ? http.json({ status: 'ready' }) : http.json({ status: 'not ready' }, 503);
  });
  app.get('/metrics', async (http) =>
    http.body(await parts.registry.metrics(), 200, { 'content-type': parts.registry.contentType }),
  );
  app.route('/', createRestApp(parts));
  return app;
}
