/**
 * The tRPC API as a function from Request to Response, beside the REST API and under its own path.
 *
 * A call is made with an API key, or with the session of the dashboard: its cookie says who, and
 * `x-calmony-account` and `x-calmony-mode` say where. A call that changes something by the power of
 * the cookie must come from a page of ours.
 */
import { fetchRequestHandler } from '@trpc/server/adapters/fetch';
import { Hono, type Context } from 'hono';
import { deviceOf } from '@/server/api/auth/device';
import { hasSession, sessionIn } from '@/server/api/auth/session';
import { authenticate } from '@/server/api/authenticate';
import { assertOwnOrigin } from '@/server/api/browser';
import { memberHolder, membershipIn, type Holder } from '@/server/api/holder';
import type { ApiServer } from '@/server/api/served';
import { visitorAt } from '@/server/api/visit';
import {
  ApiError,
  authenticationRequired,
  requestInvalid,
  secondFactorRequired,
  signInRequired,
} from '@/server/kernel/errors';
import type { SessionFinder, Standing } from '@/server/sessions';
import type { TrpcContext } from './base';
import { router } from './router';

const PATH = '/api/trpc';

export function createTrpcApp(server: ApiServer, sessions: SessionFinder): Hono {
  const app = new Hono();
  app.all(`${PATH}/*`, (http) =>
    fetchRequestHandler({
      endpoint: PATH,
      req: http.req.raw,
      router,
      createContext: () => contextOf(server, sessions, http),
    }),
  );
  return app;
}

/** Who it is, is asked for once a request, however many calls it carries. */
function contextOf(server: ApiServer, sessions: SessionFinder, http: Context): TrpcContext {
  const { signIn, clock } = server.runtime;
  const { req } = http;
  const person = once(() => signedIn(server, sessions, http));
  const standing = async (): Promise<Standing> => {
    const found = await person();
    if (found === null) throw signInRequired();
    return found;
  };
  return {
    server,
    holder: once(async () => {
      const authorization = req.header('authorization');
      if (authorization !== undefined) return authenticate(authorization, server.findKey, clock());
      const found = await person();
      if (found === null)
        throw hasSession(http, signIn) ? signInRequired() : authenticationRequired();
      return memberBy(found, sessions, http, clock());
    }),
    standing,
    async standingNow() {
      const { session } = await standing();
      const found = await sessions.findAfresh(session, clock().getTime());
      if (found === null) throw signInRequired();
      return found;
    },
    visitor: visitorAt(server, http),
    deviceOf: (email) => deviceOf(http, email, signIn),
    userAgent: req.header('user-agent'),
  };
}

function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let asked: Promise<T> | undefined;
  return () => (asked ??= ask());
}

/** Null where there is no session, or none that is good any more. */
async function signedIn(
  { runtime }: ApiServer,
  sessions: SessionFinder,
  http: Context,
): Promise<Standing | null> {
  const session = await sessionIn(http, runtime.signIn);
  if (session === null) return null;
  if (http.req.method !== 'GET') assertOwnOrigin(http, runtime.signIn.origin);
  return sessions.find(session, runtime.clock().getTime());
}

/** The person, in the project and the mode that the page says it is in. */
async function memberBy(
  standing: Standing,
  sessions: SessionFinder,
  { req }: Context,
  now: Date,
): Promise<Holder> {
  if (standing.awaitsSecondFactor) throw secondFactorRequired();
  const [account, mode] = [req.header('x-calmony-account'), req.header('x-calmony-mode')];
  if (account === undefined || (mode !== 'test' && mode !== 'live')) {
    throw requestInvalid(
      'Name the project in x-calmony-account, and test or live in x-calmony-mode.',
    );
  }
  try {
    return memberHolder(standing, membershipIn(standing, account), mode === 'live');
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    // They may have become a member a moment ago.
    const fresh = (await sessions.findAfresh(standing.session, now.getTime())) ?? standing;
    return memberHolder(fresh, membershipIn(fresh, account), mode === 'live');
  }
}
