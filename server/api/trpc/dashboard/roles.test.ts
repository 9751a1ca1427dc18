/**
 * Every procedure of the router, called by everybody: by nobody, by somebody whose second factor is
 * still to come, and by a member of each role. What comes out is a table beside this file, to be read
 * when it changes; what must hold of any such table is said here.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { router } from '@/server/api/trpc/router';
import { ROLES, type Role } from '@/server/members';
import {
  accountOf,
  createUser,
  giveRole,
  newBrowser,
  openApi,
  type Browser,
  type Door,
} from '@/server/testing/browser';
import { createWorld, type TestWorld } from '@/server/testing/context';
import { ANYBODY_MAY, ARRIVALS_MAY, MEMBERS_MAY, PEOPLE_MAY } from './roles';

const CALLERS = ['nobody', 'arriving', ...ROLES.toReversed()] as const;
type Caller = (typeof CALLERS)[number];

/** Procedure to who may call it. */
const found = new Map<string, Set<Caller>>();

const procedures = Object.entries(router._def.procedures).map(([name, procedure]) => ({
  name,
  isQuery: (procedure as { _def: { type: string } })._def.type === 'query',
}));

let world: TestWorld;
let door: Door;
let account: string;

/** What is refused for who asks, before anything is said about what is asked. */
const REFUSALS = ['sign_in_required', 'second_factor_required'];

async function may(browser: Browser, name: string, isQuery: boolean): Promise<boolean> {
  const headers = {
    'content-type': 'application/json',
    'x-calmony-account': account,
    'x-calmony-mode': 'test',
  };
  const input = isQuery ? '?input=%7B%7D' : '';
  const init = isQuery ? { headers } : { headers, method: 'POST', body: '{}' };
  const answer = await browser.fetch(`/api/trpc/${name}${input}`, init);
  const { error } = (await answer.json()) as {
    error?: { data: { stripe: { code?: string; message: string } } };
  };
  if (error === undefined) return true;
  const { code = '', message } = error.data.stripe;
  if (code === 'account_invalid') throw new Error(`${name} was called by nobody of the project.`);
  if (REFUSALS.includes(code) || message.startsWith('You did not provide an API key')) return false;
  return !message.startsWith('Your role in this project');
}

async function browserOf(caller: Caller): Promise<Browser> {
  const browser = newBrowser(door);
  if (caller === 'nobody') return browser;
  const user = await createUser(world, `${caller}@example.com`);
  const role: Role = caller === 'arriving' ? 'owner' : caller;
  const project = await world.admin<{ id: string }[]>`
    select id from projects where account = ${account}`;
  await giveRole(world, { projectId: Number(project[0]?.id) }, user, role);
  expect(await browser.signIn(user.email)).toBe(null);
  if (caller === 'arriving') {
    await world.admin`update sessions set awaits_second_factor = true where "user" = ${user.id}`;
  }
  return browser;
}

beforeAll(async () => {
  world = await createWorld();
  account = await accountOf(world, await world.project());
  door = openApi(world);
  for (const caller of CALLERS) {
    const browser = await browserOf(caller);
    for (const { name, isQuery } of procedures) {
      const callers = found.get(name) ?? new Set();
      found.set(name, callers);
      if (await may(browser, name, isQuery)) callers.add(caller);
      // Whoever has just left is needed for the next call.
      await world.admin`update members set status = 'active' where status = 'removed'`;
    }
  }
}, 300_000);
afterAll(() => world.close());

const canCall = (caller: Caller, name: string): boolean => found.get(name)?.has(caller) === true;

const callersOf = (name: string): Caller[] => CALLERS.filter((caller) => canCall(caller, name));

describe('the table of roles and procedures', () => {
  it('is the one that was read', async () => {
    const rows = [...found.keys()].map(
      (name) =>
        `| ${name} | ${CALLERS.map((one) => (canCall(one, name) ? '•' : ' ')).join(' | ')} |`,
    );
    const head = [
      `| procedure | ${CALLERS.join(' | ')} |`,
      `| --- |${CALLERS.map(() => ' :-: |').join('')}`,
    ];
    const table = [...head, ...rows.toSorted()].join('\n');
    await expect(`${table}\n`).toMatchFileSnapshot('roles.snapshot.md');
  });

  it('lets nobody in without a session, but to what an invitation needs', () => {
    const open = [...found.keys()].filter((name) => canCall('nobody', name));
    expect(open.toSorted()).toEqual(ANYBODY_MAY.map((name) => `dashboard.${name}`).toSorted());
  });

  it('lets nobody in without the second factor, but to give it', () => {
    const open = [...found.keys()].filter((name) => canCall('arriving', name));
    const expected = [...ANYBODY_MAY, ...ARRIVALS_MAY].map((name) => `dashboard.${name}`);
    expect(open.toSorted()).toEqual(expected.toSorted());
  });

  it('lets every member read what the API shows, and a viewer change nothing', () => {
    const api = procedures.filter(({ name }) => !name.startsWith('dashboard.'));
    for (const { name, isQuery } of api) {
      if (isQuery) expect(callersOf(name), name).toEqual(ROLES.toReversed());
      else expect(callersOf(name), name).not.toContain('viewer');
      expect(callersOf(name), name).toEqual(
        expect.arrayContaining(['owner', 'admin', 'developer']),
      );
    }
  });

  it('lets support help customers, and touch neither keys nor webhooks nor prices', () => {
    for (const name of ['refunds.create', 'customers.update', 'paymentIntents.capture']) {
      expect(callersOf(name), name).toContain('support');
    }
    const closed = procedures.filter(
      ({ name, isQuery }) => !isQuery && /^(?:apiKeys|webhook|prices|products|coupons)/.test(name),
    );
    expect(closed.length).toBeGreaterThan(10);
    for (const { name } of [...closed, { name: 'paymentIntents.create' }]) {
      expect(callersOf(name), name).not.toContain('support');
    }
  });

  it('names every procedure of the dashboard once, and holds to it', () => {
    const own = procedures.filter(({ name }) => name.startsWith('dashboard.'));
    const named = [...ANYBODY_MAY, ...ARRIVALS_MAY, ...PEOPLE_MAY, ...Object.keys(MEMBERS_MAY)];
    expect(own.map(({ name }) => name.slice('dashboard.'.length)).toSorted()).toEqual(
      named.toSorted(),
    );
    for (const [name, roles] of Object.entries(MEMBERS_MAY)) {
      expect(callersOf(`dashboard.${name}`).toSorted(), name).toEqual([...roles].toSorted());
    }
    for (const name of PEOPLE_MAY) {
      expect(callersOf(`dashboard.${name}`), name).toEqual(ROLES.toReversed());
    }
  });
});
