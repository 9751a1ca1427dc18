import { TRPCClientError } from '@trpc/client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StripeError } from '@/server/api/trpc/client';
import type { Role } from '@/server/members';
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

let world: TestWorld;
let started: Date;
let door: Door;
let tenant: TestTenant;
let account: string;
let owner: TestUser;
let count = 0;

beforeAll(async () => {
  world = await createWorld();
  started = world.now;
  door = openApi(world);
});
afterAll(() => world.close());

beforeEach(async () => {
  tenant = await world.project();
  account = await accountOf(world, tenant);
  owner = await member('owner');
});
afterEach(() => {
  world.now = started;
});

const wait = (seconds: number): void => {
  world.now = new Date(world.now.getTime() + seconds * 1000);
};

const newEmail = (name: string): string => `${name}${(count += 1)}@example.com`;

async function member(role: Role): Promise<TestUser> {
  const user = await createUser(world, newEmail(role));
  await giveRole(world, tenant, user, role);
  return user;
}

async function signedIn(user: { email: string }): Promise<Browser> {
  const browser = newBrowser(door);
  expect(await browser.signIn(user.email)).toBe(null);
  return browser;
}

const dashboardOf = async (user: TestUser) => (await signedIn(user)).api({ account }).dashboard;

async function refusalOf(call: Promise<unknown>): Promise<StripeError | null> {
  const error: unknown = await call.then(
    () => new Error('It was not refused.'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof TRPCClientError)) throw error;
  return (error.data as { stripe: StripeError | null }).stripe;
}

describe('an invitation', () => {
  it('makes somebody new a member, with an account of their own', async () => {
    const { members } = await dashboardOf(owner);
    const email = newEmail('Grace');
    const { token, ...invitation } = await members.invite.mutate({ email, role: 'support' });
    expect(invitation).toMatchObject({
      email: email.toLowerCase(),
      role: 'support',
      status: 'pending',
    });
    expect(await members.invitations.query()).toEqual([invitation]);

    const visitor = newBrowser(door);
    const { invitation: read, join } = visitor.api().dashboard.members;
    expect(await read.query({ token })).toEqual({
      account,
      email: email.toLowerCase(),
      known: false,
      project: 'Test',
      role: 'support',
    });
    expect(await join.mutate({ token, name: 'Grace Hopper', password: PASSWORD })).toEqual({
      account,
      email: email.toLowerCase(),
    });
    expect(await visitor.signIn(email)).toBe(null);
    expect(await visitor.api({ account }).customers.list.query()).toMatchObject({ data: [] });
    expect(await members.list.query()).toMatchObject([
      { email: owner.email, role: 'owner' },
      { email: email.toLowerCase(), name: 'Grace Hopper', role: 'support', two_factor: false },
    ]);
    expect(await members.invitations.query()).toEqual([]);
  });

  it('is accepted by whom it is for, once', async () => {
    const { members } = await dashboardOf(owner);
    const grace = await createUser(world, newEmail('grace'));
    const other = await createUser(world, newEmail('other'));
    const { token } = await members.invite.mutate({ email: grace.email, role: 'admin' });

    const accept = async (user: TestUser) =>
      (await signedIn(user)).api().dashboard.members.accept.mutate({ token });
    expect(await refusalOf(accept(other))).toMatchObject({ code: 'more_permissions_required' });
    expect(await accept(grace)).toEqual({ account });
    expect(await refusalOf(accept(grace))).toMatchObject({ code: 'invitation_invalid' });
    const { sessions } = (await signedIn(grace)).api().dashboard;
    expect(await sessions.current.query()).toMatchObject({
      projects: [{ account, role: 'admin' }],
    });
  });

  it('never speaks for a user that there is without their password', async () => {
    const { members } = await dashboardOf(owner);
    const grace = await createUser(world, newEmail('grace'));
    const { token } = await members.invite.mutate({ email: grace.email, role: 'viewer' });
    const { join, invitation } = newBrowser(door).api().dashboard.members;
    expect(await invitation.query({ token })).toMatchObject({ known: true });
    const joining = join.mutate({ token, name: 'Mallory', password: 'mallory knows it' });
    expect(await refusalOf(joining)).toMatchObject({ code: 'invitation_invalid' });
    expect(await newBrowser(door).signIn(grace.email)).toBe(null);
  });

  it('is good for a week, and until it is taken back or another one is made', async () => {
    const { members } = await dashboardOf(owner);
    const email = newEmail('grace');
    const read = (token: string) =>
      refusalOf(newBrowser(door).api().dashboard.members.invitation.query({ token }));
    const first = await members.invite.mutate({ email, role: 'viewer' });
    const second = await members.invite.mutate({ email, role: 'developer' });
    expect(await read(first.token)).toMatchObject({ code: 'invitation_invalid' });
    await members.revokeInvitation.mutate({ id: second.id });
    expect(await read(second.token)).toMatchObject({ code: 'invitation_invalid' });
    const third = await members.invite.mutate({ email, role: 'viewer' });
    wait(7 * 24 * 60 * 60);
    expect(await read(third.token)).toMatchObject({ code: 'invitation_invalid' });
    expect(await members.invitations.query()).toMatchObject([{ id: third.id, status: 'expired' }]);
    expect(await read('never')).toMatchObject({ code: 'invitation_invalid' });
  });

  it('is stored so that the database does not give it away', async () => {
    const { members } = await dashboardOf(owner);
    const { id, token } = await members.invite.mutate({ email: newEmail('x'), role: 'viewer' });
    const [row] = await world.admin`select * from invitations where id = ${id}`;
    expect(JSON.stringify(row)).not.toContain(token);
  });

  it('is refused for somebody who is a member already', async () => {
    const { members } = await dashboardOf(owner);
    const again = members.invite.mutate({ email: owner.email, role: 'viewer' });
    expect(await refusalOf(again)).toMatchObject({
      code: 'resource_already_exists',
      param: 'email',
    });
  });

  it('does not reach another project', async () => {
    const { members } = await dashboardOf(owner);
    const { id } = await members.invite.mutate({ email: newEmail('x'), role: 'viewer' });
    const other = await world.project();
    const stranger = await createUser(world, newEmail('stranger'));
    await giveRole(world, other, stranger, 'owner');
    const theirs = (await signedIn(stranger)).api({ account: await accountOf(world, other) });
    const revoke = theirs.dashboard.members.revokeInvitation.mutate({ id });
    expect(await refusalOf(revoke)).toMatchObject({ code: 'resource_missing' });
    expect(await theirs.dashboard.members.list.query()).toMatchObject([{ email: stranger.email }]);
  });
});

describe('a member', () => {
  const idOf = async ({ id }: TestUser): Promise<string> => {
    const [row] = await world.admin<{ id: string }[]>`
      select id from members where "user" = ${id} and project_id = ${tenant.projectId}`;
    return row?.id ?? '';
  };

  it('gets another role, and is taken out', async () => {
    const { members } = await dashboardOf(owner);
    const viewer = await member('viewer');
    const id = await idOf(viewer);
    expect(await members.update.mutate({ id, role: 'support' })).toMatchObject({ role: 'support' });
    const theirs = await signedIn(viewer);
    await theirs.api({ account }).customers.create.mutate({});
    await members.remove.mutate({ id });
    wait(1);
    expect(await refusalOf(theirs.api({ account }).customers.list.query())).toMatchObject({
      code: 'account_invalid',
    });
    expect(await members.list.query()).toHaveLength(1);
    expect(await refusalOf(members.remove.mutate({ id }))).toMatchObject({
      code: 'resource_missing',
    });
  });

  it('comes back by another invitation', async () => {
    const { members } = await dashboardOf(owner);
    const viewer = await member('viewer');
    await members.remove.mutate({ id: await idOf(viewer) });
    const { token } = await members.invite.mutate({ email: viewer.email, role: 'developer' });
    await (await signedIn(viewer)).api().dashboard.members.accept.mutate({ token });
    expect(await members.list.query()).toMatchObject([{}, { user: viewer.id, role: 'developer' }]);
  });

  it('leaves by their own will, whatever their role', async () => {
    const viewer = await dashboardOf(await member('viewer'));
    await viewer.members.leave.mutate();
    const { members } = await dashboardOf(owner);
    expect(await members.list.query()).toHaveLength(1);
  });

  it('who is the last owner stays one', async () => {
    const { members } = await dashboardOf(owner);
    const id = await idOf(owner);
    for (const call of [
      () => members.remove.mutate({ id }),
      () => members.leave.mutate(),
      () => members.update.mutate({ id, role: 'admin' }),
    ]) {
      expect(await refusalOf(call())).toMatchObject({ code: 'last_owner' });
    }
    const second = await member('owner');
    await members.update.mutate({ id, role: 'admin' });
    expect(await members.list.query()).toMatchObject([{ role: 'admin' }, { user: second.id }]);
  });

  it('and another owner cannot remove each other at the same moment', async () => {
    const other = await member('owner');
    const [one, two] = [await dashboardOf(owner), await dashboardOf(other)];
    const [mine, theirs] = [await idOf(owner), await idOf(other)];
    const done = await Promise.allSettled([
      one.members.remove.mutate({ id: theirs }),
      two.members.remove.mutate({ id: mine }),
    ]);
    expect(done.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const [row] = await world.admin`select count(*)::int as owners from members
      where project_id = ${tenant.projectId} and role = 'owner' and status = 'active'`;
    expect(row?.owners).toBe(1);
  });

  it('makes nobody more than they are themselves', async () => {
    const admin = await dashboardOf(await member('admin'));
    const viewer = await idOf(await member('viewer'));
    const denied = { code: 'more_permissions_required' };
    for (const call of [
      () => admin.members.update.mutate({ id: viewer, role: 'owner' }),
      async () => admin.members.update.mutate({ id: await idOf(owner), role: 'viewer' }),
      async () => admin.members.remove.mutate({ id: await idOf(owner) }),
      () => admin.members.invite.mutate({ email: newEmail('x'), role: 'owner' }),
    ]) {
      expect(await refusalOf(call())).toMatchObject(denied);
    }
    expect(await admin.members.update.mutate({ id: viewer, role: 'admin' })).toMatchObject({
      role: 'admin',
    });
  });
});

describe('a project', () => {
  it('is made by anybody who is signed in, who owns it and gets its first keys', async () => {
    const browser = await signedIn(await createUser(world, newEmail('founder')));
    const made = await browser.api().dashboard.projects.create.mutate({ name: ' Tea shop ' });
    expect(made).toMatchObject({ name: 'Tea shop', account: expect.stringMatching(/^acct_/) });
    const current = await browser.api().dashboard.sessions.current.query();
    expect(current.projects).toMatchObject([
      { account: made.account, name: 'Tea shop', role: 'owner', may: { changes: 'everything' } },
    ]);
    for (const [key, status] of [
      [made.secret_key, 200],
      [made.publishable_key, 403],
    ] as const) {
      const answer = await door(
        new Request('http://127.0.0.1/v1/customers', {
          headers: { authorization: `Bearer ${key}` },
        }),
      );
      expect(answer.status).toBe(status);
    }
    const keys = await browser.api({ account: made.account }).apiKeys.list.query();
    expect(keys.data.map(({ type }) => type)).toEqual(['publishable', 'secret']);
  });

  it('is renamed', async () => {
    const browser = await signedIn(owner);
    const api = browser.api({ account });
    await api.dashboard.projects.update.mutate({ name: 'Tea shop' });
    expect(await api.dashboard.projects.list.query()).toEqual([
      { account, name: 'Tea shop', role: 'owner' },
    ]);
    const shown = await api.account.retrieveCurrent.query({});
    expect(shown.settings?.dashboard.display_name).toBe('Tea shop');
    const empty = api.dashboard.projects.update.mutate({ name: '  ' });
    expect(await refusalOf(empty)).toMatchObject({ param: 'name' });
  });
});

describe('the audit log', () => {
  it('says who did what to which object, and what it changed', async () => {
    const browser = await signedIn(owner);
    const api = browser.api({ account });
    const customer = await api.customers.create.mutate({ name: 'Ada' });
    await api.customers.update.mutate({ id: customer.id, name: 'Ada Lovelace' });
    await api.customers.remove.mutate({ id: customer.id });
    const key = await api.apiKeys.create.mutate({ type: 'secret', name: 'Backup' });
    await api.dashboard.projects.update.mutate({ name: 'Tea shop' });

    const { data } = await api.dashboard.audit.list.query();
    const by = { user: { id: owner.id, email: owner.email }, object: 'audit_entry' };
    expect(data).toMatchObject([
      {
        ...by,
        action: 'projects.update',
        mode: null,
        before: { name: 'Test' },
        after: { name: 'Tea shop' },
      },
      { ...by, action: 'api_keys.create', subject: key.id, mode: 'test', before: null },
      {
        ...by,
        action: 'customers.remove',
        subject: customer.id,
        before: { name: 'Ada Lovelace' },
        after: null,
      },
      {
        ...by,
        action: 'customers.update',
        subject: customer.id,
        before: { name: 'Ada' },
        after: { name: 'Ada Lovelace' },
      },
      {
        ...by,
        action: 'customers.create',
        subject: customer.id,
        before: null,
        after: { name: 'Ada' },
      },
      { ...by, action: 'sessions.create' },
    ]);
    // Of a change, the fields that changed and no others.
    expect(data[3]?.before).toEqual({ name: 'Ada' });
    expect(JSON.stringify(data)).not.toContain(key.secret);
  });

  it('has nothing of what was undone', async () => {
    const browser = await signedIn(owner);
    const api = browser.api({ account });
    await refusalOf(api.customers.update.mutate({ id: 'cus_nobody', name: 'x' }));
    await refusalOf(api.dashboard.members.leave.mutate());
    const { data } = await api.dashboard.audit.list.query();
    expect(data.map(({ action }) => action)).toEqual(['sessions.create']);
  });

  it('is written once where a call is repeated', async () => {
    const api = (await signedIn(owner)).api({ account });
    for (let times = 0; times < 2; times += 1) {
      await api.customers.create.mutate({ name: 'Once', idempotency_key: 'once' });
    }
    const { data } = await api.dashboard.audit.list.query({ action: 'customers.create' });
    expect(data).toHaveLength(1);
  });

  it('is listed by page, by person, by object and by mode', async () => {
    const api = (await signedIn(owner)).api({ account });
    const ids = [];
    for (const name of ['a', 'b', 'c']) ids.push((await api.customers.create.mutate({ name })).id);
    const first = await api.dashboard.audit.list.query({ limit: 2, user: owner.id });
    expect(first).toMatchObject({
      has_more: true,
      data: [{ subject: ids[2] }, { subject: ids[1] }],
    });
    const starting_after = first.data[1]?.id;
    const next = await api.dashboard.audit.list.query({ limit: 2, starting_after, mode: 'test' });
    expect(next).toMatchObject({ has_more: false, data: [{ subject: ids[0] }] });
    expect((await api.dashboard.audit.list.query({ object: ids[1] })).data).toHaveLength(1);
  });

  it('cannot be changed, by the application or by the owner of the database', async () => {
    await signedIn(owner);
    for (const text of ["update audit_log set email = 'x'", 'delete from audit_log']) {
      await expect(world.admin.unsafe(text)).rejects.toMatchObject({ code: '23001' });
      const tried = tenant.ctx.transaction(async (tx) => tx.write(text, []));
      await expect(tried).rejects.toMatchObject({ code: '42501' });
    }
  });

  it('has nothing of what is done with a key', async () => {
    const answer = await door(
      new Request('http://127.0.0.1/v1/customers', {
        method: 'POST',
        headers: { authorization: `Bearer ${tenant.secretKey}` },
      }),
    );
    expect(answer.status).toBe(200);
    const api = (await signedIn(owner)).api({ account });
    const { data } = await api.dashboard.audit.list.query({ action: 'customers.create' });
    expect(data).toEqual([]);
  });
});
