import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { load, type Plan } from './load';

interface Seen {
  readonly method: string;
  readonly path: string;
  readonly key: string;
  readonly body: string;
}

let seen: Seen[] = [];
let status = 200;
const sockets = new Set<unknown>();

const server = createServer((request: IncomingMessage, response) => {
  sockets.add(request.socket);
  let body = '';
  request.on('data', (chunk: Buffer) => (body += chunk.toString()));
  request.on('end', () => {
    const { method = '', url = '', headers } = request;
    seen.push({ method, path: url, key: String(headers['idempotency-key']), body });
    const answer = JSON.stringify({ id: `thing_${seen.length}`, padding: 'x'.repeat(200_000) });
    response.writeHead(status, { 'content-length': answer.length }).end(answer);
  });
});

let plan: Plan;
beforeAll(async () => {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  plan = {
    port,
    authorization: 'Bearer key',
    method: 'POST',
    paths: ['/a', '/b'],
    body: 'n={n}',
    isIdempotent: true,
    clients: 3,
    seconds: 0.2,
  };
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

describe('the load generator', () => {
  it('keeps as many connections as it has clients, and counts what was answered', async () => {
    seen = [];
    sockets.clear();
    const report = await load(plan);
    expect(report).toMatchObject({ answered: seen.length, refused: 0 });
    expect(report.latencies).toHaveLength(seen.length);
    expect(sockets.size).toBe(3);
  });

  it('never sends the same request twice', async () => {
    seen = [];
    await load(plan);
    expect(new Set(seen.map(({ key }) => key)).size).toBe(seen.length);
    expect(new Set(seen.map(({ body }) => body)).size).toBe(seen.length);
    expect(new Set(seen.map(({ path }) => path))).toEqual(new Set(['/a', '/b']));
  });

  it('names what was written', async () => {
    seen = [];
    const { acknowledged } = await load(plan);
    expect(acknowledged.map(({ id }) => id).toSorted()).toEqual(
      seen.map((_, index) => `thing_${index + 1}`).toSorted(),
    );
    expect(acknowledged.every(({ sentAt, answeredAt }) => sentAt < answeredAt)).toBe(true);
  });

  it('sends at the rate it was told, in an open loop', async () => {
    seen = [];
    const report = await load({ ...plan, rate: 100 });
    expect(seen).toHaveLength(20);
    expect(report.answered).toBe(20);
  });

  it('sends what is due when it is due, and not when the next one is', async () => {
    // Two a minute: the second is due long after the report.
    const report = await load({ ...plan, rate: 2 / 60, seconds: 31 });
    expect(report.answered).toBe(1);
  });

  it('tells what was refused', async () => {
    status = 503;
    const report = await load(plan);
    status = 200;
    expect(report.answered).toBe(0);
    expect(report.refused).toBeGreaterThan(0);
    expect(report.firstRefusal).toMatch(/^503 \{"id"/);
  });

  it('reads without a body and acknowledges nothing', async () => {
    seen = [];
    const { body: _, ...read } = plan;
    const report = await load({ ...read, method: 'GET' });
    expect(seen.every(({ method, body }) => method === 'GET' && body === '')).toBe(true);
    expect(report.acknowledged).toEqual([]);
  });
});
