/** What only a socket shows: bodies whose length nobody told, and clients that go away. */
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createApp } from '@/server/api/app';
import { keyFinder } from '@/server/api_keys';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';

let world: TestWorld;
let tenant: TestTenant;
let server: Server;

beforeAll(async () => {
  world = await createWorld();
  tenant = await world.project();
  const app = createApp({
    runtime: world.runtime,
    findKey: keyFinder(world.runtime.pool),
    isReady: async () => true,
    registry: new Registry(),
    onServed: () => undefined,
  });
  const listener = getRequestListener(app.fetch);
  server = createServer((incoming, outgoing) => void listener(incoming, outgoing));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await world.close();
});

interface Sent {
  readonly status: number | undefined;
  readonly text: string;
  /** How many of the chunks the server took. */
  readonly taken: number;
}

/** Sends a body in chunks, and no more of them once there is an answer. */
function send(chunks: number, chunk: string): Promise<Sent> {
  return new Promise((resolve, reject) => {
    let taken = 0;
    let isAnswered = false;
    const outgoing = request({
      host: '127.0.0.1',
      port: (server.address() as AddressInfo).port,
      method: 'POST',
      path: '/v1/customers',
      headers: {
        authorization: `Bearer ${tenant.secretKey}`,
        'content-type': 'application/x-www-form-urlencoded',
        'transfer-encoding': 'chunked',
      },
    });
    outgoing.on('response', (response) => {
      isAnswered = true;
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => (text += part));
      response.on('end', () => {
        outgoing.destroy();
        resolve({ status: response.statusCode, text, taken });
      });
    });
    // Once it has answered, the server may close on what is still being sent.
    outgoing.on('error', (error) => {
      if (!isAnswered) reject(error);
    });
    const next = (): void => {
      if (isAnswered) return;
      if (taken === chunks) {
        outgoing.end();
        return;
      }
      taken += 1;
      outgoing.write(chunk, () => setImmediate(next));
    };
    next();
  });
}

it('takes a body in chunks', async () => {
  const { status, text } = await send(2, 'metadata[a]=1&');
  expect([status, JSON.parse(text)]).toMatchObject([200, { metadata: { a: '1' } }]);
});

it('stops reading a body that grows past 1 MiB', async () => {
  const chunks = 20_000;
  const { status, text, taken } = await send(chunks, 'a'.repeat(64 * 1024));
  expect(status).toBe(413);
  expect(JSON.parse(text)).toMatchObject({ error: { type: 'invalid_request_error' } });
  expect(taken).toBeLessThan(chunks);
});
