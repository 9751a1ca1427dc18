/**
 * `/api/auth`: next-auth, without Next. It is served beside the rest of the API because it needs
 * what lives in this process, the pool and the clock; Next compiles its own copy of what it imports.
 */
import { createRequire } from 'node:module';
import { Hono, type Context } from 'hono';
import { getCookie } from 'hono/cookie';
import type { NextApiRequest, NextApiResponse } from 'next';
import type nextAuth from 'next-auth';
import type { ApiServer } from '@/server/api/served';
import { assertOwnOrigin } from '@/server/api/browser';
import { visitorAt } from '@/server/api/visit';
import { ApiError } from '@/server/kernel/errors';
import { endSession, signIn, signInWith, type SessionFinder } from '@/server/sessions';
import { deviceOf, markDevice } from './device';
import { optionsFor, type Doorkeeper } from './options';

const PATH = '/api/auth';

/** A password and an address are far below it. */
const BODY_BYTES_MAX = 16 * 1024;

const NextAuth = (createRequire(import.meta.url)('next-auth') as { default: typeof nextAuth })
  .default;

export function createAuthApp(server: ApiServer, sessions: SessionFinder): Hono {
  const { signIn: settings, log } = server.runtime;
  const app = new Hono();
  app.all(`${PATH}/*`, async (http) => {
    try {
      if (http.req.method === 'POST') assertOwnOrigin(http, settings.origin);
      const options = optionsFor(doorkeeperFor(server, sessions, http), settings, log);
      const answer = new Answer();
      await NextAuth(await asked(http), answer as unknown as NextApiResponse, options);
      return answer.reply(http);
    } catch (error) {
      if (error instanceof ApiError) return http.json({ message: error.message }, 403);
      throw error;
    }
  });
  return app;
}

function doorkeeperFor(server: ApiServer, sessions: SessionFinder, http: Context): Doorkeeper {
  const { signIn: settings } = server.runtime;
  const visitor = visitorAt(server, http);
  return {
    async byPassword({ email, password }) {
      const device = deviceOf(http, email, settings);
      const signedIn = await signIn(visitor, { email, password, device });
      markDevice(http, signedIn.email, settings);
      return signedIn;
    },
    async byProvider(given) {
      const signedIn = await signInWith(visitor, given);
      if (signedIn !== null) markDevice(http, signedIn.email, settings);
      return signedIn;
    },
    async leave(session) {
      const standing = await sessions.findAfresh(session, visitor.now.getTime());
      if (standing === null) return;
      await visitor.people((people) => endSession(people, standing, session));
      await sessions.findAfresh(session, visitor.now.getTime());
    },
  };
}

/** The request as next-auth reads one, which is as Next's API routes had them. */
async function asked(http: Context): Promise<NextApiRequest> {
  const { req } = http;
  const url = new URL(req.url);
  const parts = url.pathname.slice(PATH.length + 1).split('/');
  const request = {
    method: req.method,
    headers: Object.fromEntries(req.raw.headers),
    cookies: getCookie(http),
    query: { ...Object.fromEntries(url.searchParams), nextauth: parts },
    body: req.method === 'POST' ? await bodyOf(req.raw) : undefined,
  };
  return request as unknown as NextApiRequest;
}

async function bodyOf(request: Request): Promise<Record<string, unknown>> {
  const text = await request.text();
  if (text.length > BODY_BYTES_MAX) return {};
  const type = request.headers.get('content-type') ?? '';
  if (!type.includes('application/json')) return Object.fromEntries(new URLSearchParams(text));
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** The answer as next-auth writes one. */
class Answer {
  #status = 200;
  #body: string | null = null;
  readonly #headers = new Map<string, string | string[]>();

  status(status: number): this {
    this.#status = status;
    return this;
  }

  getHeader(name: string): string | string[] | undefined {
    return this.#headers.get(name.toLowerCase());
  }

  setHeader(name: string, value: string | string[]): this {
    this.#headers.set(name.toLowerCase(), value);
    return this;
  }

  json(body: unknown): void {
    this.setHeader('content-type', 'application/json');
    this.#body = JSON.stringify(body);
  }

  send(body: unknown): void {
    if (typeof body === 'string') this.#body = body;
    else if (body !== undefined && body !== null) this.json(body);
  }

  end(): void {}

  /** With the cookies that were set beside it. */
  reply(http: Context): Response {
    for (const [name, value] of this.#headers) {
      for (const one of [value].flat()) http.header(name, one, { append: Array.isArray(value) });
    }
    http.header('cache-control', 'no-store');
    return http.newResponse(this.#body, this.#status as 200);
  }
}
