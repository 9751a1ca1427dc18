import { randomBytes, scryptSync } from 'node:crypto';
import { TRPCClientError } from '@trpc/client';
import { TOTP } from 'otpauth';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StripeError } from '@/server/api/trpc/client';
import {
  accountOf,
  createUser,
  giveRole,
  newBrowser,
  openApi,
  ORIGIN,
  PASSWORD,
  type Browser,
  type Door,
  type TestUser,
} from '@/server/testing/browser';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';

let world: TestWorld;
let tenant: TestTenant;
let account: string;
let door: Door;
let ada: TestUser;
let started: Date;
let count = 0;

beforeAll(async () => {
  world = await createWorld();
  started = world.now;
  tenant = await world.project();
  account = await accountOf(world, tenant);
  door = openApi(world);
});
afterAll(() => world.close());

beforeEach(async () => {
  ada = await createUser(world, `ada${(count += 1)}@example.com`);
  await giveRole(world, tenant, ada, 'owner');
});
afterEach(() => {
  world.now = started;
});

const wait = (seconds: number): void => {
  world.now = new Date(world.now.getTime() + seconds * 1000);
};

async function signedIn(user = ada): Promise<Browser> {
  const browser = newBrowser(door);
  expect(await browser.signIn(user.email)).toBe(null);
  return browser;
}

/** Stripe's error object of a call that is refused. */
async function refusalOf(call: Promise<unknown>): Promise<StripeError | null> {
  const error: unknown = await call.then(
    () => new Error('It was not refused.'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof TRPCClientError)) throw error;
  return (error.data as { stripe: StripeError | null }).stripe;
}

describe('signing in with a password', () => {
  it('leads from the password to the rows of the project', async () => {
    const browser = newBrowser(door);
    expect(await browser.signIn(ada.email.toUpperCase())).toBe(null);
    const api = browser.api({ account });
    const customer = await api.customers.create.mutate({ name: 'Grace' });
    expect(await api.customers.retrieve.query({ id: customer.id })).toEqual(customer);
    expect(await api.dashboard.sessions.current.query()).toMatchObject({
      user: { email: ada.email, two_factor: false },
      awaits_second_factor: false,
      projects: [{ account, role: 'owner' }],
    });
  });

  it('keeps each mode to itself', async () => {
    const browser = await signedIn();
    const { id } = await browser.api({ account }).customers.create.mutate({ name: 'Grace' });
    const live = browser.api({ account, mode: 'live' });
    expect(await refusalOf(live.customers.retrieve.query({ id }))).toMatchObject({
      code: 'resource_missing',
    });
  });

  it('says the same of a wrong password and of nobody', async () => {
    const refusal = 'password_wrong: The password is not right.';
    expect(await newBrowser(door).signIn(ada.email, 'wrong password')).toBe(refusal);
    expect(await newBrowser(door).signIn('nobody@example.com')).toBe(refusal);
    const elsewhere = await createUser(world, `google${count}@example.com`, null);
    expect(await newBrowser(door).signIn(elsewhere.email, '')).toBe(refusal);
  });

  it('takes a scrypt hash of before, and makes it an Argon2id hash', async () => {
    const salt = randomBytes(16);
    const options = { N: 2 ** 14, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };
    const hash = scryptSync('from before', salt, 32, options).toString('base64');
    const old = ['scrypt', options.N, 8, 1, salt.toString('base64'), hash].join('$');
    const grace = await createUser(world, `grace${count}@example.com`, old);
    expect(await newBrowser(door).signIn(grace.email, 'from behind')).toMatch(/^password_wrong/);
    expect(await newBrowser(door).signIn(grace.email, 'from before')).toBe(null);
    const [row] = await world.admin`select password from users where id = ${grace.id}`;
    expect(row?.password).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await newBrowser(door).signIn(grace.email, 'from before')).toBe(null);
  });

  it('gives a cookie that scripts cannot read and other sites do not send', async () => {
    const browser = newBrowser(door);
    const { csrfToken } = (await (await browser.fetch('/api/auth/csrf')).json()) as {
      csrfToken: string;
    };
    const body = new URLSearchParams({
      email: ada.email,
      password: PASSWORD,
      csrfToken,
      json: 'true',
    });
    const answer = await browser.fetch('/api/auth/callback/credentials', { method: 'POST', body });
    const cookies = answer.headers.getSetCookie();
    for (const name of ['calmony.session', 'calmony.device']) {
      const cookie = cookies.find((line) => line.startsWith(`${name}=`));
      expect(cookie).toMatch(/HttpOnly/i);
      expect(cookie).toMatch(/SameSite=Lax/i);
      expect(cookie).not.toMatch(/Domain=/i);
    }
  });

  it('binds its cookies to the host and to https, where the dashboard is there', async () => {
    const secure = openApi(world, { origin: 'https://pay.example.com' });
    const browser = newBrowser(secure, { origin: 'https://pay.example.com' });
    expect(await browser.signIn(ada.email)).toBe(null);
    expect([...browser.cookies.keys()]).toEqual(
      expect.arrayContaining(['__Host-calmony.session', '__Host-calmony.device']),
    );
  });
});

describe('guessing', () => {
  const guess = (browser: Browser) => browser.signIn(ada.email, 'a guess');

  async function guessTenTimes(browser: Browser): Promise<void> {
    for (let times = 0; times < 10; times += 1)
      expect(await guess(browser)).toMatch(/^password_wrong/);
  }

  it('has to wait, twice as long after each further try', async () => {
    const stranger = newBrowser(door);
    await guessTenTimes(stranger);
    expect(await guess(stranger)).toBe(
      'too_many_attempts: Too many attempts. Try again in 1 second.',
    );
    wait(1);
    expect(await guess(stranger)).toMatch(/^password_wrong/);
    expect(await guess(stranger)).toMatch(/in 2 seconds/);
    // What comes too early is not counted: the wait does not grow.
    expect(await guess(stranger)).toMatch(/in 2 seconds/);
    wait(2);
    expect(await stranger.signIn(ada.email)).toBe(null);
    expect(await guess(newBrowser(door))).toMatch(/^password_wrong/);
  });

  it('does not keep the owner out of a browser that they have used before', async () => {
    const own = await signedIn();
    await own.signOut();
    await guessTenTimes(newBrowser(door));
    expect(await newBrowser(door).signIn(ada.email)).toMatch(/^too_many_attempts/);
    expect(await own.signIn(ada.email)).toBe(null);
  });

  it('waits for the address too, whichever account it tries', async () => {
    const behind = openApi(world, { proxies: 1 });
    const stranger = newBrowser(behind, { address: '198.51.100.1, 203.0.113.7' });
    for (let times = 0; times < 30; times += 1) {
      expect(await stranger.signIn(`nobody${times}@example.com`)).toMatch(/^password_wrong/);
    }
    // What the client itself put into the header is not believed.
    const disguised = newBrowser(behind, { address: '198.51.100.2, 203.0.113.7' });
    expect(await disguised.signIn(ada.email)).toMatch(/^too_many_attempts/);
    expect(await newBrowser(behind, { address: '203.0.113.8' }).signIn(ada.email)).toBe(null);
  });

  it('is not let through by many at once', async () => {
    const tries = await Promise.all(Array.from({ length: 20 }, () => guess(newBrowser(door))));
    expect(tries.filter((answer) => answer?.startsWith('password_wrong') === true)).toHaveLength(
      10,
    );
  });
});

describe('a session', () => {
  it('is listed with the others, and ended from another', async () => {
    const [here, there] = [await signedIn(), await signedIn()];
    const listed = await here.api().dashboard.sessions.list.query();
    expect(listed.map(({ current, method }) => [current, method])).toEqual([
      [false, 'password'],
      [true, 'password'],
    ]);
    await here.api().dashboard.sessions.end.mutate({ id: listed[0]!.id });
    wait(1);
    expect(await refusalOf(there.api().dashboard.projects.list.query())).toMatchObject({
      code: 'sign_in_required',
    });
    expect(await here.api().dashboard.sessions.list.query()).toHaveLength(1);
  });

  it('is ended everywhere else at once', async () => {
    const [here, ...others] = [await signedIn(), await signedIn(), await signedIn()];
    expect(await here.api().dashboard.sessions.endOthers.mutate()).toEqual({ ended: 2 });
    wait(1);
    for (const other of others) {
      expect(await refusalOf(other.api({ account }).customers.list.query())).toMatchObject({
        type: 'authentication_error',
      });
    }
    expect(await here.api().dashboard.projects.list.query()).toHaveLength(1);
  });

  it('is over when one signs out, also for somebody who kept the cookie', async () => {
    const browser = await signedIn();
    const copy = newBrowser(door);
    for (const [name, value] of browser.cookies) copy.cookies.set(name, value);
    await browser.signOut();
    expect(browser.cookies.has('calmony.session')).toBe(false);
    expect(await refusalOf(copy.api().dashboard.projects.list.query())).toMatchObject({
      code: 'sign_in_required',
    });
  });

  it('ends by itself after two weeks without use, or thirty days with it', async () => {
    const day = 24 * 60 * 60;
    const [used, idle] = [await signedIn(), await signedIn()];
    for (let days = 0; days < 29; days += 1) {
      wait(day);
      expect(await used.api().dashboard.projects.list.query()).toHaveLength(1);
      if (days === 13)
        expect(await refusalOf(idle.api().dashboard.projects.list.query())).not.toBe(null);
    }
    wait(day);
    expect(await refusalOf(used.api().dashboard.projects.list.query())).toMatchObject({
      code: 'sign_in_required',
    });
  });

  it('of another user cannot be ended', async () => {
    const browser = await signedIn();
    const grace = await createUser(world, `grace${count}@example.com`);
    const [theirs] = await (await signedIn(grace)).api().dashboard.sessions.list.query();
    const end = browser.api().dashboard.sessions.end.mutate({ id: theirs!.id });
    expect(await refusalOf(end)).toMatchObject({ code: 'resource_missing' });
  });

  it('cannot be made up', async () => {
    const browser = await signedIn();
    const token = browser.cookies.get('calmony.session') ?? '';
    browser.cookies.set('calmony.session', `${token.slice(0, -2)}xx`);
    expect(await refusalOf(browser.api().dashboard.projects.list.query())).toMatchObject({
      code: 'sign_in_required',
    });
  });
});

describe('a page of another site', () => {
  it('cannot change anything by the power of the cookie', async () => {
    const browser = await signedIn();
    const call = (headers: Record<string, string>) =>
      door(
        new Request(`${ORIGIN}/api/trpc/customers.create`, {
          method: 'POST',
          headers: {
            cookie: [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; '),
            'content-type': 'application/json',
            'x-calmony-account': account,
            'x-calmony-mode': 'test',
            ...headers,
          },
          body: '{}',
        }),
      );
    for (const origin of [null, 'https://evil.example', 'null']) {
      const answer = await call(origin === null ? {} : { origin });
      expect(answer.status).toBe(403);
      expect(await answer.text()).toContain('origin_foreign');
    }
    expect((await call({ origin: ORIGIN })).status).toBe(200);
    // The host that the browser asked, where the server was told of another address.
    expect((await call({ origin: 'http://pay.test', host: 'pay.test' })).status).toBe(200);
  });

  it('cannot sign anybody in', async () => {
    const browser = newBrowser(door, { origin: 'https://evil.example' });
    const answer = await browser.fetch('/api/auth/callback/credentials', { method: 'POST' });
    expect(answer.status).toBe(403);
  });
});

describe('whoever is signed in', () => {
  it('reaches the projects they are a member of, and no other', async () => {
    const other = await accountOf(world, await world.project());
    const browser = await signedIn();
    for (const foreign of [other, 'acct_none']) {
      const list = browser.api({ account: foreign }).customers.list.query();
      expect(await refusalOf(list)).toMatchObject({ code: 'account_invalid' });
    }
    expect(await refusalOf(browser.api().customers.list.query())).toMatchObject({
      message: expect.stringContaining('x-calmony-account'),
    });
  });

  it('loses with the role what it allowed, within a second', async () => {
    const browser = await signedIn();
    const api = browser.api({ account });
    await api.customers.create.mutate({});
    await giveRole(world, tenant, ada, 'viewer');
    wait(1);
    expect(await refusalOf(api.customers.create.mutate({}))).toMatchObject({
      type: 'permission_error',
      message: 'Your role in this project, viewer, does not allow `customers.create`.',
    });
  });

  it('changes their password, and ends the other sessions by it', async () => {
    const [here, there] = [await signedIn(), await signedIn()];
    const change = here.api().dashboard.security.changePassword;
    const new_password = 'another horse battery';
    const wrong = change.mutate({ password: 'not it', new_password });
    expect(await refusalOf(wrong)).toMatchObject({ code: 'password_wrong', param: 'password' });
    await change.mutate({ password: PASSWORD, new_password });
    wait(1);
    expect(await refusalOf(there.api().dashboard.projects.list.query())).not.toBe(null);
    expect(await newBrowser(door).signIn(ada.email)).toMatch(/^password_wrong/);
    expect(await newBrowser(door).signIn(ada.email, new_password)).toBe(null);
  });
});

describe('a second factor', () => {
  const codeAt = (secret: string): string =>
    new TOTP({ secret, digits: 6, period: 30 }).generate({ timestamp: world.now.getTime() });

  async function enrolled(): Promise<{ browser: Browser; secret: string; codes: string[] }> {
    const browser = await signedIn();
    const { security } = browser.api().dashboard;
    const { secret, uri, qr } = await security.beginTotp.mutate({ password: PASSWORD });
    expect(uri).toContain(`otpauth://totp/Calmony%20Pay:${encodeURIComponent(ada.email)}`);
    expect(qr).toContain('<svg');
    const { recovery_codes } = await security.confirmTotp.mutate({ code: codeAt(secret) });
    wait(30);
    return { browser, secret, codes: recovery_codes };
  }

  it('is asked for after the password, and before anything else', async () => {
    const { secret } = await enrolled();
    const browser = await signedIn();
    const api = browser.api({ account });
    expect(await api.dashboard.sessions.current.query()).toMatchObject({
      awaits_second_factor: true,
      projects: [],
    });
    for (const call of [
      () => api.customers.list.query(),
      () => api.dashboard.projects.list.query(),
      () => api.dashboard.security.disableTotp.mutate({ code: codeAt(secret) }),
    ]) {
      expect(await refusalOf(call())).toMatchObject({ code: 'second_factor_required' });
    }
    const pass = api.dashboard.sessions.passSecondFactor;
    expect(await refusalOf(pass.mutate({ code: '000000' }))).toMatchObject({ code: 'code_wrong' });
    await pass.mutate({ code: codeAt(secret) });
    expect(await api.customers.list.query()).toMatchObject({ object: 'list' });
  });

  it('takes no code twice', async () => {
    const { secret } = await enrolled();
    const code = codeAt(secret);
    const [first, second] = [await signedIn(), await signedIn()];
    await first.api().dashboard.sessions.passSecondFactor.mutate({ code });
    const again = second.api().dashboard.sessions.passSecondFactor.mutate({ code });
    expect(await refusalOf(again)).toMatchObject({ code: 'code_wrong' });
  });

  it('takes each recovery code once, as it was shown or without its dashes', async () => {
    const { codes } = await enrolled();
    expect(new Set(codes).size).toBe(10);
    for (const code of [codes[0]!, codes[1]!.replaceAll('-', '').toUpperCase()]) {
      const browser = await signedIn();
      await browser.api().dashboard.sessions.passSecondFactor.mutate({ code });
    }
    const seen = await signedIn();
    await seen.api().dashboard.sessions.passSecondFactor.mutate({ code: codes[2]! });
    expect(await seen.api().dashboard.security.retrieve.query()).toMatchObject({
      two_factor: true,
      recovery_codes: 7,
    });
    const last = await signedIn();
    const again = last.api().dashboard.sessions.passSecondFactor.mutate({ code: codes[0]! });
    expect(await refusalOf(again)).toMatchObject({ code: 'code_wrong' });
    const [row] = await world.admin`select count(*)::int as kept from recovery_codes
      where "user" = ${ada.id} and hash = any(${codes})`;
    expect(row?.kept).toBe(0);
  });

  it('cannot be guessed: each wrong code makes the next one wait longer', async () => {
    await enrolled();
    const browser = newBrowser(door);
    expect(await browser.signIn(ada.email)).toBe(null);
    browser.cookies.delete('calmony.device');
    const guess = () =>
      refusalOf(browser.api().dashboard.sessions.passSecondFactor.mutate({ code: '000000' }));
    for (let times = 0; times < 10; times += 1) {
      expect(await guess()).toMatchObject({ code: 'code_wrong' });
    }
    expect(await guess()).toMatchObject({ type: 'rate_limit_error', code: 'too_many_attempts' });
  });

  it('is waited for ten minutes', async () => {
    await enrolled();
    const browser = await signedIn();
    wait(600);
    expect(await refusalOf(browser.api().dashboard.sessions.current.query())).toMatchObject({
      code: 'sign_in_required',
    });
  });

  it('is not set up without the password, nor taken away without a code', async () => {
    const { browser, secret } = await enrolled();
    const { security } = browser.api().dashboard;
    const again = security.beginTotp.mutate({ password: PASSWORD });
    expect(await refusalOf(again)).toMatchObject({ message: expect.stringContaining('already') });
    expect(await refusalOf(security.disableTotp.mutate({ code: '000000' }))).toMatchObject({
      code: 'code_wrong',
    });
    const { recovery_codes } = await security.renewRecoveryCodes.mutate({ code: codeAt(secret) });
    expect(recovery_codes).toHaveLength(10);
    await security.disableTotp.mutate({ code: recovery_codes[0]! });
    expect(await security.retrieve.query()).toMatchObject({ two_factor: false, recovery_codes: 0 });
    const wrong = security.beginTotp.mutate({ password: 'not it' });
    expect(await refusalOf(wrong)).toMatchObject({ code: 'password_wrong' });
    const next = await signedIn();
    expect((await next.api().dashboard.sessions.current.query()).awaits_second_factor).toBe(false);
  });

  it('is stored so that the database alone does not give it away', async () => {
    const { secret } = await enrolled();
    const [row] = await world.admin`select totp_secret from users where id = ${ada.id}`;
    expect(row?.totp_secret).toMatch(/^test:/);
    expect(row?.totp_secret).not.toContain(secret);
  });
});
