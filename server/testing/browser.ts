/**
 * A browser without pages: it keeps cookies, says where it is from, and signs in as one does. For
 * tests of what the dashboard asks of the server.
 */
import { createTRPCClient, httpLink } from '@trpc/client';
import { Registry } from 'prom-client';
import { createApp } from '@/server/api/app';
import type { SignInSettings } from '@/server/api/auth/settings';
import type { AppRouter, Client } from '@/server/api/trpc/client';
import { keyFinder } from '@/server/api_keys';
import { newId } from '@/server/kernel/ids';
import { unix } from '@/server/kernel/object';
import type { Role } from '@/server/members';
import { hashPassword } from '@/server/users';
import type { TestTenant, TestWorld } from './context';

export const ORIGIN = 'http://127.0.0.1:3000';
export const PASSWORD = 'correct horse battery';

/** Hashed once: what is tested is seldom the hash. */
let hashed: Promise<string> | undefined;

export type Door = (request: Request) => Promise<Response>;

/** The whole API on a world, without a socket. */
export function openApi(world: TestWorld, settings: Partial<SignInSettings> = {}): Door {
  const { runtime } = world;
  const app = createApp({
    runtime: { ...runtime, signIn: { ...runtime.signIn, ...settings } },
    findKey: keyFinder(runtime.pool),
    isReady: async () => true,
    registry: new Registry(),
    onServed: () => undefined,
  });
  return async (request) => app.fetch(request, {});
}

export interface TestUser {
  readonly id: string;
  readonly email: string;
}

/** Somebody with an account and the password above. `password` is stored as it is given. */
export async function createUser(
  world: TestWorld,
  email: string,
  password?: string | null,
): Promise<TestUser> {
  const id = newId('user');
  const stored = password === undefined ? await (hashed ??= hashPassword(PASSWORD)) : password;
  await world.admin`insert into users (id, email, password, created)
    values (${id}, ${email}, ${stored}, ${unix(world.now)})`;
  return { id, email };
}

/** Makes the user a member, or gives them another role. */
export async function giveRole(
  world: TestWorld,
  { projectId }: Pick<TestTenant, 'projectId'>,
  { id }: TestUser,
  role: Role,
): Promise<void> {
  await world.admin`insert into members (project_id, id, "user", role, status, created)
    values (${projectId}, ${newId('member')}, ${id}, ${role}, 'active', ${unix(world.now)})
    on conflict (project_id, "user") do update set role = excluded.role, status = 'active'`;
}

/** `acct_…` of a project. */
export async function accountOf(
  world: TestWorld,
  { projectId }: Pick<TestTenant, 'projectId'>,
): Promise<string> {
  const [row] = await world.admin<{ account: string }[]>`
    select account from projects where id = ${projectId}`;
  return row?.account ?? '';
}

export interface Browser {
  /** Signs in with a password. Answers why not, in next-auth's words; null when it did. */
  signIn(email: string, password?: string): Promise<string | null>;
  signOut(): Promise<void>;
  /** The dashboard's own client. */
  api(place?: { account: string; mode?: 'test' | 'live' }): Client;
  fetch(path: string, init?: RequestInit): Promise<Response>;
  readonly cookies: Map<string, string>;
}

/** @param address of the client, as a proxy in front would say it. */
export function newBrowser(door: Door, { origin = ORIGIN, address = '' } = {}): Browser {
  const cookies = new Map<string, string>();
  async function go(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    headers.set('cookie', [...cookies].map(([name, value]) => `${name}=${value}`).join('; '));
    if (init.method === 'POST') headers.set('origin', origin);
    if (address !== '') headers.set('x-forwarded-for', address);
    const response = await door(new Request(new URL(path, ORIGIN), { ...init, headers }));
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === '' || /max-age=0/i.test(line)) cookies.delete(name);
      else cookies.set(name, value);
    }
    return response;
  }
  async function post(path: string, fields: Record<string, string>): Promise<Response> {
    const { csrfToken } = (await (await go('/api/auth/csrf')).json()) as { csrfToken: string };
    const body = new URLSearchParams({ ...fields, csrfToken, json: 'true' });
    return go(path, { method: 'POST', body });
  }
  return {
    cookies,
    fetch: go,
    async signIn(email, password = PASSWORD) {
      const response = await post('/api/auth/callback/credentials', { email, password });
      const { url } = (await response.json()) as { url: string };
      return new URL(url, ORIGIN).searchParams.get('error');
    },
    async signOut() {
      await post('/api/auth/signout', {});
    },
    api: (place) =>
      createTRPCClient<AppRouter>({
        links: [
          httpLink({
            url: `${ORIGIN}/api/trpc`,
            headers:
              place === undefined
                ? {}
                : { 'x-calmony-account': place.account, 'x-calmony-mode': place.mode ?? 'test' },
            fetch: (url, init) => {
              const { pathname, search } = new URL(String(url));
              return go(pathname + search, init);
            },
          }),
        ],
      }),
  };
}
