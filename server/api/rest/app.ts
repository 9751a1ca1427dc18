/** The Stripe-compatible API as a function from Request to Response: a test needs no socket. */
import { Hono } from 'hono';
import { endpoints } from '@/server/api/endpoints';
import { browserPaths, preflight } from './cors';
import type { ApiServer } from '@/server/api/served';
import { serve } from './handle';

/**
 * Paths are matched strictly, as Stripe does: `/v1/customers/` is a customer whose id is empty, and
 * taking it for `/v1/customers` would create one where somebody meant to update one.
 */
export function createRestApp(server: ApiServer): Hono {
  const app = new Hono();
  for (const endpoint of endpoints) {
    app.on(endpoint.method, endpoint.path, serve(server, endpoint));
  }
  for (const [path, methods] of browserPaths()) app.options(path, () => preflight(methods));
  app.all('/v1/*', serve(server, null));
  return app;
}
