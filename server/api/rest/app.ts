/** The Stripe-compatible API as a function from Request to Response: a test needs no socket. */
import { Hono } from 'hono';
import { endpoints } from '@/server/api/endpoints';
import { urlUnknown } from '@/server/kernel/errors';
import { serve, type RestServer } from './handle';

export function createRestApp(server: RestServer): Hono {
  const app = new Hono({ strict: false });
  for (const endpoint of endpoints) {
    app.on(endpoint.method, endpoint.path, serve(server, endpoint));
  }
  app.all('/v1/*', (http) =>
    serve(server, null, () => urlUnknown(http.req.method, http.req.path))(http),
  );
  return app;
}
