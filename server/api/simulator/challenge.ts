/**
 * The page of the simulated bank where a cardholder answers a challenge, and the way back from it to
 * the merchant. Whoever has its address may answer: it holds the reference of an attempt, which
 * nobody can guess. There is no such page in live mode, where the bank has its own.
 */
import { Hono, type Context } from 'hono';
import { createMiddleware } from 'hono/factory';
import { settle } from '@/server/conclusions';
import { ctxOf, scopeOf, type Runtime } from '@/server/context';
import type { Scope } from '@/server/kernel/context';
import { findChallenge, resume, type PaymentChallenge } from '@/server/payment_intents';
import { answerSimulatedChallenge } from '@/server/processor';
import { findSetupChallenge, resumeSetup, type SetupChallenge } from '@/server/setup_intents';
import { CONTENT_SECURITY_POLICY, questionPage, statePage, unknownPage } from './page';

// Nine digits are within PostgreSQL's integer, whichever they are.
const PATH = '/simulator/challenge/:project{[1-9][0-9]{0,8}}/:attempt{att_[0-9A-Za-z]{22}}';

type Asked = Context<object, typeof PATH>;

export function createChallengeApp(runtime: Runtime): Hono {
  const app = new Hono();
  app.use('/simulator/*', guarded);
  app.get(PATH, async (http) => {
    const put = await findPut(scopeOf(runtime, tenantOf(http)), http.req.param('attempt'));
    if (put === null) return http.html(unknownPage(), 404);
    return http.html(
      put.isAwaited ? questionPage(put, pathOf(http)) : statePage(put, returnUrlOf(put)),
    );
  });
  app.post(`${PATH}/:answer{complete|fail}`, async (http) => {
    const passed = http.req.param('answer') === 'complete';
    const put = await answer(runtime, http, passed);
    if (put === null) return http.html(unknownPage(), 404);
    // Never the answer itself: a page that is shown by a redirect is reloaded without being sent again.
    return http.redirect(returnUrlOf(put) ?? pathOf(http), 303);
  });
  return app;
}

const guarded = createMiddleware(async (http, next) => {
  await next();
  http.header('content-security-policy', CONTENT_SECURITY_POLICY);
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

/** What may have been put to the cardholder: a payment, or that their card is saved. */
type Put = PaymentChallenge | SetupChallenge;

const findPut = async (scope: Scope, attempt: string): Promise<Put | null> =>
  (await findChallenge(scope, attempt)) ?? findSetupChallenge(scope, attempt);

/** Tells the bank, and then asks it what becomes of the intent. Answers how that stands. */
async function answer(runtime: Runtime, http: Asked, passed: boolean): Promise<Put | null> {
  const tenant = tenantOf(http);
  const attempt = http.req.param('attempt');
  const scope = scopeOf(runtime, tenant);
  const put = await findPut(scope, attempt);
  if (put?.isAwaited !== true) return put;
  await answerSimulatedChallenge(runtime.pool, tenant, put.transaction, passed);
  // Not only where this answer was taken: whoever gave an earlier one may have died before this.
  const ctx = ctxOf(runtime, tenant);
  const resumed = await ctx.transaction((tx) =>
    put.object === 'payment_intent' ? resume(tx, attempt) : resumeSetup(tx, attempt),
  );
  if (resumed !== null) await settle(ctx, resumed.attempt, async () => undefined);
  return findPut(scope, attempt);
}

/** What a merchant is told beside the address: https://docs.stripe.com/js/payment_intents/confirm_payment */
const REDIRECT_STATUS: Record<Put['intent']['status'], string | null> = {
  succeeded: 'succeeded',
  requires_capture: 'succeeded',
  processing: 'pending',
  requires_payment_method: 'failed',
  canceled: 'failed',
  // Confirmed anew: the merchant is to hear of that attempt, not of this one.
  requires_action: null,
  requires_confirmation: null,
};

/** The merchant's address with what became of the intent; null where there is no such address. */
function returnUrlOf({ object, intent, clientSecret }: Put): string | null {
  const redirect_status = REDIRECT_STATUS[intent.status];
  if (intent.return_url === null || redirect_status === null) return null;
  const url = new URL(intent.return_url);
  url.searchParams.set(object, intent.id);
  url.searchParams.set(`${object}_client_secret`, clientSecret);
  url.searchParams.set('redirect_status', redirect_status);
  return url.href;
}
