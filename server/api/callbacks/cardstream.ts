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
import { hearCallback } from '@/server/conclusions';
import { callbackFinder } from '@/server/processor_accounts';
import { Distrusted } from '@/server/processor_callbacks';

/** An answer has some 90 fields, of which the frames of an authentication are the longest. */
const BODY_BYTES_MAX = 256 * 1024;

/**
 * Most tell what the answer tells, and come with it: the payer waits for what becomes of the answer,
 * and nobody for what becomes of its copy. In milliseconds.
 */
const GIVES_WAY_MS = 100;

const PATH = '/callbacks/cardstream/:token{[0-9A-Za-z]{32}}';

export function createCallbackApp(runtime: Runtime): Hono {
  const app = new Hono();
  const find = callbackFinder(runtime.pool);
  app.post(PATH, async (http) => {
    await sleep(GIVES_WAY_MS);
    const body = await readBytes(http.req.raw, BODY_BYTES_MAX);
    if (body === null) return http.text('Too long.\n', 413);
    const found = await find(http.req.param('token'));
    if (found === null) return http.text('There is no such account.\n', 404);
    const tenant = { projectId: found.project_id, livemode: found.livemode };
    try {
      await hearCallback(ctxOf(runtime, tenant), found.id, Buffer.from(body).toString('utf8'));
    } catch (error) {
      if (!(error instanceof Distrusted)) throw error;
      runtime.log.warn({ account: found.id, reason: error.message }, 'a callback was not believed');
      return http.text('This is not signed by the account.\n', 400);
    }
    return http.text('OK\n');
  });
  return app;
}
