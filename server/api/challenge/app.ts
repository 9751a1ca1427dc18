/**
 * Where a cardholder proves who they are, for a processor that leaves the browser to us. Each step is
 * met by an attempt of its own and has an address of its own, so that what a browser does again
 * changes nothing, and nothing is lost with this process:
 *
 *   GET  …/:attempt          finds out what the browser is, or shows the issuer's page in a frame
 *   POST …/:attempt/return   the issuer's page is done, and posts to us in that frame
 *   POST …/:attempt/answer   what the browser is, or what the issuer posted: the payment goes on
 *
 * Whoever has the address may answer: it holds the reference of an attempt, which nobody can guess.
 */
import { Hono, type Context } from 'hono';
import { addressOf } from '@/server/api/browser';
import { formLimit, storableForm } from '@/server/api/payer/form';
import { policyOf, type Served, type Setting, type Shop } from '@/server/api/payer/page';
import { shopOf } from '@/server/api/payer/shop';
import { settle } from '@/server/conclusions';
import { ctxOf, scopeOf, type Runtime } from '@/server/context';
import { resume } from '@/server/payment_intents';
import type { Browser, ChallengeAnswer, Part } from '@/server/processor_attempts';
import { resumeSetup } from '@/server/setup_intents';
import { browserPage, echoPage, framePage } from './pages';
import { awaitedUrlOf, findPut, isOvertaken, returnUrlOf, type Put } from './put';
import { statePage, unknownPage } from './state';

// Nine digits are within PostgreSQL's integer, whichever they are.
const PATH = '/challenge/:mode{live|test}/:project{[1-9][0-9]{0,8}}/:attempt{att_[0-9A-Za-z]{22}}';

/** An address that was cut off on its way is a payer's all the same. */
const INCOMPLETE = '/challenge/:mode{live|test}/*';

type Asked = Context<object, typeof PATH>;

/** Of what an issuer posts: some kilobytes. */
const BYTES_MAX = 64 * 1024;

export function createStepApp(runtime: Runtime): Hono {
  const app = new Hono();
  const limited = formLimit(BYTES_MAX);
  app.get(PATH, async (http) => {
    const scope = scopeOf(runtime, tenantOf(http));
    const put = await findPut(scope, http.req.param('attempt'));
    if (put === null) return unknown(http);
    const awaited = awaitedUrlOf(put);
    // The payment went on to another step: whoever comes back to this one is led there.
    if (!put.isAwaited && awaited !== null) return http.redirect(awaited, 303);
    const setting = settingOf(http, await shopOf(scope));
    return serve(http, setting, pageOf(setting, put, pathOf(http)));
  });
  app.post(`${PATH}/answer`, limited, storableForm, async (http) => {
    const put = await answer(runtime, http);
    if (put === null) return unknown(http);
    // Never the answer itself: a page that is shown by a redirect is reloaded without being sent again.
    return http.redirect(returnUrlOf(put) ?? awaitedUrlOf(put) ?? pathOf(http), 303);
  });
  app.post(`${PATH}/return`, limited, storableForm, async (http) => {
    const scope = scopeOf(runtime, tenantOf(http));
    const put = await findPut(scope, http.req.param('attempt'));
    if (put === null) return unknown(http);
    const setting = settingOf(http, null);
    // An issuer's page that was left open answers for the card it was opened for, and for no other.
    if (await isOvertaken(scope, put)) return serve(http, setting, statePage(setting, put, null));
    // The sale was sent by this attempt, and its frames may be of later ones.
    const current = awaitedUrlOf(put) ?? pathOf(http);
    return serve(http, setting, echoPage(setting, `${current}/answer`, await partsOf(http)));
  });
  app.get(INCOMPLETE, unknown);
  return app;
}

const unknown = (http: Context) => {
  const setting = settingOf(http, null);
  return serve(http, setting, { html: unknownPage(setting), policy: {} }, 404);
};

function serve(
  http: Context,
  { shop }: Setting,
  { html, policy }: Served,
  status: 200 | 404 = 200,
) {
  http.header('content-security-policy', policyOf(shop, policy));
  http.header('x-content-type-options', 'nosniff');
  // The address is a secret of the payer's, and what it shows changes with the answer.
  http.header('referrer-policy', 'no-referrer');
  http.header('cache-control', 'no-store');
  return http.html(html, status);
}

function pageOf(setting: Setting, put: Put, path: string): Served {
  if (!put.isAwaited || put.step === null) {
    return statePage(setting, put, returnUrlOf(put));
  }
  return put.step.kind === 'frame'
    ? framePage(setting, put, put.step, path)
    : browserPage(setting, path);
}

const settingOf = ({ req }: Context, shop: Shop | null): Setting => ({
  host: 'Card authentication',
  isTest: req.param('mode') !== 'live',
  shop,
});

const tenantOf = ({ req }: Asked) => ({
  projectId: Number(req.param('project')),
  livemode: req.param('mode') === 'live',
});

const pathOf = ({ req }: Asked): string =>
  `/challenge/${req.param('mode')}/${req.param('project')}/${req.param('attempt')}`;

/** The fields of a form in their order, which is part of what is signed. */
const partsOf = async ({ req }: Context): Promise<readonly Part[]> => [
  ...new URLSearchParams(await req.text()),
];

/** Goes on with the payment, once, however often it is answered. Answers how it stands. */
async function answer(runtime: Runtime, http: Asked): Promise<Put | null> {
  const tenant = tenantOf(http);
  const attempt = http.req.param('attempt');
  const scope = scopeOf(runtime, tenant);
  const put = await findPut(scope, attempt);
  if (put === null || !put.isAwaited || put.step === null) return put;
  const parts = await partsOf(http);
  const given: ChallengeAnswer =
    put.step.kind === 'browser'
      ? { browser: browserOf(http, parts, runtime.signIn.proxies) }
      : { parts };
  const ctx = ctxOf(runtime, tenant);
  const resumed = await ctx.transaction((tx) =>
    put.object === 'payment_intent' ? resume(tx, attempt, given) : resumeSetup(tx, attempt, given),
  );
  if (resumed !== null) await settle(ctx, resumed.attempt, async () => undefined);
  return findPut(scope, attempt);
}

/** By the headers of this request, and what scripts found out, if any ran. */
function browserOf(http: Context, parts: readonly Part[], proxies: number): Browser {
  const said = new Map(parts);
  const whole = (name: string): number => Number(said.get(name) ?? 'nothing');
  const screen = {
    width: whole('width'),
    height: whole('height'),
    depth: whole('depth'),
    time_zone: whole('time_zone'),
    java: said.get('java') === 'true',
  };
  const { width, height, depth, time_zone } = screen;
  const isWhole = [width, height, depth, time_zone].every((number) => Number.isInteger(number));
  const isScreen = isWhole && [width, height, depth].every((n) => n >= 1 && n <= 999_999);
  return {
    ip: addressOf(http, proxies) ?? '',
    user_agent: http.req.header('user-agent') ?? '',
    accept: http.req.header('accept') ?? '*/*',
    accept_language: http.req.header('accept-language') ?? 'en',
    screen: isScreen && Math.abs(time_zone) <= 1_440 ? screen : null,
  };
}
