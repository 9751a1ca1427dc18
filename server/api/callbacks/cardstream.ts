/**
 * Where Cardstream calls back: with each answer that it gives, whether or not the answer itself
 * arrives. The address says which account; the account's secret says whether to believe it.
 *
 * What is told is stored before it is answered, and means something when the attempt that it is
 * about is asked after: a process that dies in between has lost nothing.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Hono } from 'hono';
import { readBytes } from '@/server/api/wire/bytes';
import { ctxOf, type Runtime } from '@/server/context';
import { hearCallbacks } from '@/server/conclusions';
import { callbackFinder } from '@/server/processor_accounts';
import { Distrusted, keepingTogether, readCallback } from '@/server/processor_callbacks';

/** An answer has some 90 fields, of which the frames of an authentication are the longest. */
const BODY_BYTES_MAX = 256 * 1024;

/**
 * Most tell what the answer tells, and come with it: the payer waits for what becomes of the answer,
 * and nobody for what becomes of its copy. In milliseconds; at most twice as long.
 */
const GIVES_WAY_MS = 100;

const PATH = '/callbacks/cardstream/:token{[0-9A-Za-z]{32}}';

export function createCallbackApp(runtime: Runtime): Hono {
  const app = new Hono();
  const find = callbackFinder(runtime.pool);
  const giveWay = waitingRoom();
  const keep = keepingTogether(
    (tenant, told) => hearCallbacks(ctxOf(runtime, tenant), told),
    runtime.log,
  );
  app.post(PATH, async (http) => {
    await giveWay();
    const body = await readBytes(http.req.raw, BODY_BYTES_MAX);
    if (body === null) return http.text('Too long.\n', 413);
    const found = await find(http.req.param('token'));
    if (found === null) return http.text('There is no such account.\n', 404);
    const { id, project_id: projectId, livemode } = found;
    const tenant = { projectId, livemode };
    try {
      const processor = await runtime.processorOf(tenant, id);
      const told = readCallback(id, processor, Buffer.from(body).toString('utf8'));
      await keep(tenant, told);
    } catch (error) {
      if (!(error instanceof Distrusted)) throw error;
      runtime.log.warn({ account: id, reason: error.message }, 'a callback was not believed');
      return http.text('This is not signed by the account.\n', 400);
    }
    return http.text('OK\n');
  });
  return app;
}

/**
 * Lets whoever waits go on at the end of a tenth of a second, after a whole one: all of them at once, in
 * the order in which they came.
 */
function waitingRoom(): () => Promise<void> {
  const doors = new Map<number, Promise<void>>();
  return () => {
    const now = performance.now();
    const at = Math.ceil(now / GIVES_WAY_MS + 1);
    let door = doors.get(at);
    if (door === undefined) {
      door = sleep(at * GIVES_WAY_MS - now).finally(() => doors.delete(at));
      doors.set(at, door);
    }
    return door;
  };
}
