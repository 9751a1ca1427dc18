/**
 * The page of the simulated bank where a cardholder answers a challenge, and the way back from it to
 * the merchant. Whoever has its address may answer: it holds the reference of an attempt, which
 * nobody can guess. There is no such page in live mode, where the bank has its own.
 */
import { Hono, type Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { findPut, returnUrlOf, type Put } from '@/server/api/challenge/put';
import { statePage, unknownPage } from '@/server/api/challenge/state';
import { policyOf } from '@/server/api/payer/page';
import { shopOf } from '@/server/api/payer/shop';
import { settle } from '@/server/conclusions';
import { ctxOf, scopeOf, type Runtime } from '@/server/context';
import { resume } from '@/server/payment_intents';
import { answerSimulatedChallenge } from '@/server/processor';
import { resumeSetup } from '@/server/setup_intents';
import { questionPage, settingFor } from './page';

// Nine digits are within PostgreSQL's integer, whichever they are.
const PATH = '/simulator/challenge/:project{[1-9][0-9]{0,8}}/:attempt{att_[0-9A-Za-z]{22}}';

type Asked = Context<object, typeof PATH>;

export function createChallengeApp(runtime: Runtime): Hono {
  const app = new Hono();
  app.use('/simulator/*', guarded);
  app.get(PATH, async (http) => {
    const scope = scopeOf(runtime, tenantOf(http));
    const put = await findPut(scope, http.req.param('attempt'));
    if (put === null) return http.html(unknownPage(NOWHERE), 404);
    const shop = await shopOf(scope);
    const setting = settingFor(shop);
    const { html, policy } = put.isAwaited
      ? { html: questionPage(setting, put, pathOf(http)), policy: {} }
      : statePage(setting, put, returnUrlOf(put));
    http.header('content-security-policy', policyOf(shop, policy));
    return http.html(html);
  });
  app.post(`${PATH}/:answer{complete|fail}`, async (http) => {
    const passed = http.req.param('answer') === 'complete';
    const put = await answer(runtime, http, passed);
    if (put === null) return http.html(unknownPage(NOWHERE), 404);
    // Never the answer itself: a page that is shown by a redirect is reloaded without being sent again.
    return http.redirect(returnUrlOf(put) ?? pathOf(http), 303);
  });
  return app;
}

/** A page that is about nothing. */
const NOWHERE = settingFor(null);

const guarded = createMiddleware(async (http, next) => {
  http.header('content-security-policy', policyOf(null));
  await next();
  http.header('x-content-type-options', 'nosniff');
  // The address is a secret of the payer's, and what it shows changes with the answer.
  http.header('referrer-policy', 'no-referrer');
  http.header('cache-control', 'no-store');
});

const tenantOf = ({ req }: Asked) => ({
  projectId: Number(req.param('project')),
  livemode: false,
});

const pathOf = ({ req }: Asked): string =>
  `/simulator/challenge/${req.param('project')}/${req.param('attempt')}`;

/** Tells the bank, and then asks it what becomes of the intent. Answers how that stands. */
async function answer(runtime: Runtime, http: Asked, passed: boolean): Promise<Put | null> {
  const tenant = tenantOf(http);
  const attempt = http.req.param('attempt');
  const scope = scopeOf(runtime, tenant);
  const put = await findPut(scope, attempt);
  if (put?.isAwaited !== true) return put;
  await answerSimulatedChallenge(runtime.pool, tenant, put.transaction ?? '', passed);
  // Not only where this answer was taken: whoever gave an earlier one may have died before this.
  const ctx = ctxOf(runtime, tenant);
  const resumed = await ctx.transaction((tx) =>
    put.object === 'payment_intent' ? resume(tx, attempt) : resumeSetup(tx, attempt),
  );
  if (resumed !== null) await settle(ctx, resumed.attempt, async () => undefined);
  return findPut(scope, attempt);
}
