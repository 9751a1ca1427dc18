/**
 * What next-auth is told: who may sign in, and that its cookie holds the id of a session of ours,
 * which is looked at anew with every call. https://next-auth.js.org/configuration/options
 */
import { createRequire } from 'node:module';
import type { NextAuthOptions } from 'next-auth';
import type credentialsProvider from 'next-auth/providers/credentials';
import type githubProvider from 'next-auth/providers/github';
import type googleProvider from 'next-auth/providers/google';
import type { Logger } from 'pino';
import type { OAuthCredentials, SignInSettings } from './settings';
import { ApiError, internalError } from '@/server/kernel/errors';
import { SESSION_SECONDS, type SignedIn } from '@/server/sessions';
import { isSecure, sessionCookie } from './session';
import { githubApi, verifiedEmailAtGithub } from './github';

const require = createRequire(import.meta.url);

/** next-auth is CommonJS, whose default export Node hands over as a property. */
const load = <T>(name: string): T => (require(name) as { default: T }).default;

const credentials = load<typeof credentialsProvider>('next-auth/providers/credentials');
const google = load<typeof googleProvider>('next-auth/providers/google');
const github = load<typeof githubProvider>('next-auth/providers/github');

/** What signing in comes down to, for one request. */
export interface Doorkeeper {
  /** @throws ApiError when the password is not right, or guessed too often. */
  byPassword(given: { email: string; password: string }): Promise<SignedIn>;
  /** Null for somebody whom nobody invited. */
  byProvider(given: {
    provider: 'google' | 'github';
    subject: string;
    email: string | null;
  }): Promise<SignedIn | null>;
  /** Ends the session. */
  leave(session: string): Promise<void>;
}

export function optionsFor(
  doorkeeper: Doorkeeper,
  settings: SignInSettings,
  log: Logger,
): NextAuthOptions {
  let signedIn: SignedIn | null = null;
  return {
    secret: settings.secret,
    session: { strategy: 'jwt', maxAge: SESSION_SECONDS },
    useSecureCookies: isSecure(settings),
    cookies: {
      sessionToken: {
        name: sessionCookie(settings),
        options: { httpOnly: true, sameSite: 'lax', path: '/', secure: isSecure(settings) },
      },
    },
    pages: { signIn: '/sign-in', signOut: '/sign-in', error: '/sign-in' },
    providers: providersFor(
      settings,
      async (given) => {
        signedIn = await doorkeeper.byPassword(given);
        return signedIn;
      },
      log,
    ),
    callbacks: {
      async signIn({ account, profile }) {
        if (account?.provider === 'google' || account?.provider === 'github') {
          const { provider, providerAccountId: subject, access_token } = account;
          const email =
            provider === 'google'
              ? verifiedEmailOf(profile)
              : await verifiedEmailAtGithub(settings.providers.github?.at, access_token ?? '');
          signedIn = await doorkeeper.byProvider({ provider, subject, email });
        }
        return signedIn !== null;
      },
      // The cookie holds the session's id and nothing else: all the rest can change.
      jwt: async ({ token }) => (signedIn === null ? token : { session: signedIn.session }),
      session: async ({ session }) => ({ expires: session.expires }),
      redirect: async ({ url, baseUrl }) => ownAddress(url, baseUrl),
    },
    events: {
      async signOut({ token }) {
        const session = token['session'];
        if (typeof session === 'string') await doorkeeper.leave(session);
      },
    },
    logger: {
      // A wrong password is no error of the server's, and next-auth's own page is never shown.
      error: (code, metadata) => log.warn({ code, metadata }, 'sign-in failed'),
      warn: (code) => log.debug({ code }, 'next-auth warns'),
      debug: () => undefined,
    },
  };
}

function providersFor(
  { providers }: SignInSettings,
  byPassword: Doorkeeper['byPassword'],
  log: Logger,
): NextAuthOptions['providers'] {
  const password = credentials({
    credentials: { email: {}, password: {} },
    async authorize(given) {
      try {
        const { user, session } = await byPassword({
          email: given?.email ?? '',
          password: given?.password ?? '',
        });
        return { id: user, session };
      } catch (error) {
        // What next-auth is thrown, it tells the page: what went wrong here is ours alone to know.
        if (!(error instanceof ApiError)) log.error({ err: error }, 'sign-in failed');
        const { details, message } = error instanceof ApiError ? error : internalError();
        throw new Error(`${details.code ?? ''}: ${message}`, { cause: error });
      }
    },
  });
  return [
    password,
    ...(providers.google === undefined ? [] : [googleAt(providers.google)]),
    ...(providers.github === undefined ? [] : [githubAt(providers.github)]),
  ];
}

const googleAt = ({ id, secret, at }: OAuthCredentials) =>
  google({
    clientId: id,
    clientSecret: secret,
    ...(at === undefined ? {} : { wellKnown: `${at}/.well-known/openid-configuration` }),
  });

const githubAt = ({ id, secret, at }: OAuthCredentials) =>
  github({
    clientId: id,
    clientSecret: secret,
    authorization: {
      ...(at === undefined ? {} : { url: `${at}/login/oauth/authorize` }),
      params: { scope: 'read:user user:email' },
    },
    ...(at === undefined ? {} : { token: `${at}/login/oauth/access_token` }),
    // The profile alone: which address is the person's, we ask for ourselves.
    userinfo: {
      url: `${githubApi(at)}/user`,
      request: async ({ client, tokens }) => client.userinfo(tokens.access_token ?? ''),
    },
  });

/** Google says whether the address is the person's; one that is not could be anybody's. */
function verifiedEmailOf(profile: object | undefined): string | null {
  const { email, email_verified } = (profile ?? {}) as {
    email?: string;
    email_verified?: boolean;
  };
  return email_verified === true && email !== undefined ? email : null;
}

/** A path of ours, whatever was asked for: the way back leads nowhere else. */
function ownAddress(url: string, baseUrl: string): string {
  const target = URL.canParse(url, baseUrl) ? new URL(url, baseUrl) : new URL(baseUrl);
  return target.origin === new URL(baseUrl).origin ? target.href : baseUrl;
}
