/** Signing in with another service, from the button to the session, against stand-ins of them. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  accountOf,
  createUser,
  giveRole,
  newBrowser,
  openApi,
  PASSWORD,
  type Browser,
  type Door,
  type TestUser,
} from '@/server/testing/browser';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import {
  CLIENT,
  startIdentityProvider,
  type IdentityProvider,
  type Persona,
} from '@/server/testing/identity_provider';

let world: TestWorld;
let tenant: TestTenant;
let account: string;
let service: IdentityProvider;
let door: Door;
let ada: TestUser;
let count = 0;

beforeAll(async () => {
  world = await createWorld();
  tenant = await world.project();
  account = await accountOf(world, tenant);
  service = await startIdentityProvider(personaOf('nobody@example.com'), Date.now);
  const credentials = { ...CLIENT, at: service.url };
  door = openApi(world, { providers: { google: credentials, github: credentials } });
});
afterAll(async () => {
  service.close();
  await world.close();
});
beforeEach(async () => {
  ada = await createUser(world, `ada${(count += 1)}@example.com`);
  await giveRole(world, tenant, ada, 'developer');
  service.forges = false;
});

const personaOf = (email: string, over: Partial<Persona> = {}): Persona => ({
  subject: String(1_000 + count),
  email,
  isVerified: true,
  ...over,
});

/** Presses the button, agrees at the service, and comes back. Answers where that leads. */
async function signInWith(
  provider: 'google' | 'github',
  browser: Browser,
  meddle: (back: URL) => void = () => undefined,
): Promise<URL> {
  const { csrfToken } = (await (await browser.fetch('/api/auth/csrf')).json()) as {
    csrfToken: string;
  };
  const body = new URLSearchParams({ csrfToken, callbackUrl: '/dashboard', json: 'true' });
  const begun = await browser.fetch(`/api/auth/signin/${provider}`, { method: 'POST', body });
  const { url } = (await begun.json()) as { url: string };
  const agreed = await fetch(url, { redirect: 'manual' });
  const back = new URL(agreed.headers.get('location') ?? '');
  meddle(back);
  const answer = await browser.fetch(back.pathname + back.search);
  return new URL(answer.headers.get('location') ?? '', 'http://127.0.0.1:3000');
}

const errorIn = (url: URL): string | null => url.searchParams.get('error');
const whoIs = async (browser: Browser) => browser.api().dashboard.sessions.current.query();
const servicesOf = async (browser: Browser) =>
  (await browser.api().dashboard.security.retrieve.query()).services;

describe.each(['google', 'github'] as const)('with %s', (provider) => {
  it('somebody comes in whose address the service has verified, and is known from then on', async () => {
    service.persona = personaOf(ada.email.toUpperCase());
    const browser = newBrowser(door);
    expect(await signInWith(provider, browser)).toMatchObject({ pathname: '/dashboard' });
    expect(await whoIs(browser)).toMatchObject({
      user: { id: ada.id, email: ada.email },
      projects: [{ account, role: 'developer' }],
    });
    expect(await servicesOf(browser)).toEqual([provider]);
    const [session] = await browser.api().dashboard.sessions.list.query();
    expect(session?.method).toBe(provider);

    // By the service's own id: another address there does not make another person.
    service.persona = personaOf(`moved${count}@example.com`);
    const again = newBrowser(door);
    await signInWith(provider, again);
    expect((await whoIs(again)).user.id).toBe(ada.id);
  });

  it('nobody comes in by an address that is only claimed', async () => {
    service.persona = personaOf(ada.email, { isVerified: false });
    const browser = newBrowser(door);
    expect(errorIn(await signInWith(provider, browser))).toBe('AccessDenied');
    await expect(whoIs(browser)).rejects.toThrow();
    const kept = await world.admin`select from user_identities where "user" = ${ada.id}`;
    expect(kept).toHaveLength(0);
  });

  it('nobody comes in whom nobody has invited, and no account is made', async () => {
    service.persona = personaOf(`stranger${count}@example.com`);
    const browser = newBrowser(door);
    expect(errorIn(await signInWith(provider, browser))).toBe('AccessDenied');
    const made = await world.admin`select from users where email = ${service.persona.email}`;
    expect(made).toHaveLength(0);
  });

  it('somebody who is invited gets an account, and joins by the link alone', async () => {
    const owner = await createUser(world, `owner${count}${provider}@example.com`);
    await giveRole(world, tenant, owner, 'owner');
    const inviting = newBrowser(door);
    await inviting.signIn(owner.email);
    const email = `grace${count}@example.com`;
    const { token } = await inviting
      .api({ account })
      .dashboard.members.invite.mutate({ email, role: 'support' });

    service.persona = personaOf(email);
    const grace = newBrowser(door);
    await signInWith(provider, grace);
    expect(await whoIs(grace)).toMatchObject({ user: { email }, projects: [] });
    await grace.api().dashboard.members.accept.mutate({ token });
    expect((await grace.api({ account }).dashboard.members.list.query()).length).toBeGreaterThan(1);
    // There is no password to guess.
    expect(await newBrowser(door).signIn(email, '')).toMatch(/^password_wrong/);
  });

  it('a second person does not get the account of the first by an address that was given on', async () => {
    service.persona = personaOf(ada.email);
    await signInWith(provider, newBrowser(door));
    service.persona = personaOf(ada.email, { subject: String(900_000 + count) });
    const successor = newBrowser(door);
    expect(errorIn(await signInWith(provider, successor))).toBe('AccessDenied');
    await expect(whoIs(successor)).rejects.toThrow();
  });

  it('an answer that the browser did not ask for is refused', async () => {
    service.persona = personaOf(ada.email);
    // Somebody else's answer, sent to a browser that began nothing: it would sign them in as another.
    let stolen = '';
    await signInWith(provider, newBrowser(door), (back) => {
      stolen = back.pathname + back.search;
    });
    const victim = newBrowser(door);
    const answer = await victim.fetch(stolen);
    expect(
      new URL(answer.headers.get('location') ?? '', 'http://x').searchParams.get('error'),
    ).toBe('OAuthCallback');
    await expect(whoIs(victim)).rejects.toThrow();
    const meddled = newBrowser(door);
    const url = await signInWith(provider, meddled, (back) => back.searchParams.set('state', 'x'));
    expect(errorIn(url)).toBe('OAuthCallback');
    await expect(whoIs(meddled)).rejects.toThrow();
  });

  it('the second factor is asked for all the same', async () => {
    await world.admin`update users set totp_enabled_at = now(), totp_secret = 'x' where id = ${ada.id}`;
    service.persona = personaOf(ada.email);
    const browser = newBrowser(door);
    await signInWith(provider, browser);
    expect(await whoIs(browser)).toMatchObject({ awaits_second_factor: true, projects: [] });
  });
});

describe('a token', () => {
  it('that the service did not sign lets nobody in', async () => {
    service.persona = personaOf(ada.email);
    service.forges = true;
    const browser = newBrowser(door);
    expect(errorIn(await signInWith('google', browser))).toBe('OAuthCallback');
    await expect(whoIs(browser)).rejects.toThrow();
  });
});

describe('a service without credentials', () => {
  it('is not offered, and does nothing', async () => {
    const closed = openApi(world);
    const browser = newBrowser(closed);
    expect(await browser.api().dashboard.sessions.providers.query()).toEqual({
      google: false,
      github: false,
    });
    const offered = await browser.fetch('/api/auth/providers');
    expect(Object.keys((await offered.json()) as object)).toEqual(['credentials']);
  });

  it('leaves a password as it was', async () => {
    const browser = newBrowser(door);
    expect(await browser.signIn(ada.email, PASSWORD)).toBe(null);
    expect(await servicesOf(browser)).toEqual([]);
  });
});
