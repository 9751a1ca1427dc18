import type { z } from 'zod';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listAuditLog } from '@/server/audit_log';
import { ApiError } from '@/server/kernel/errors';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import {
  createAccount,
  expectActive,
  listAccounts,
  switchAccount,
  updateAccount,
} from './accounts';
import { openCredentials } from './credentials';
import { CreateProcessorAccount } from './params';
import { callbackFinder, find } from './store';
import { gatewayUrl } from './url';

const OWNER = { user: 'user_1', email: 'owner@example.com' };
const SECRET = 'Circle4Take40Idea';

let world: TestWorld;
let tenant: TestTenant;

beforeAll(async () => {
  world = await createWorld();
  tenant = await world.project();
});
afterAll(() => world.close());

const create = (given: Partial<z.input<typeof CreateProcessorAccount>> = {}) =>
  tenant.ctx.transaction(async (tx) =>
    createAccount(
      tx,
      OWNER,
      CreateProcessorAccount.parse({ merchant_id: '100001', secret: SECRET, ...given }),
    ),
  );

const credentialsOf = async (id: string) => {
  const row = await find(tenant.scope, id);
  if (row === null) throw new Error(`${id} does not exist.`);
  return openCredentials(tenant.scope.keyring, row);
};

describe('an account of a processor', () => {
  it('keeps its secrets sealed, and opens them for whoever asks the processor', async () => {
    const account = await create({ password: 'pass' });
    expect(JSON.stringify(account)).not.toMatch(/Circle4|"pass"/);
    expect(account).toMatchObject({ has_password: true, is_current: true, status: 'active' });
    const [row] = await world.admin`select * from processor_accounts where id = ${account.id}`;
    expect(JSON.stringify(row)).not.toMatch(/Circle4|"pass"/);
    expect(await credentialsOf(account.id)).toMatchObject({
      merchantId: '100001',
      secret: SECRET,
      password: 'pass',
      baseUrl: 'https://gateway.cardstream.com',
    });
  });

  it('opens its secrets in no other row', async () => {
    const [one, other] = [await create(), await create()];
    await world.admin`update processor_accounts set secret =
      (select secret from processor_accounts where id = ${one.id}) where id = ${other.id}`;
    await expect(credentialsOf(other.id)).rejects.toThrow();
  });

  it('goes on beside a newer one, which takes the new cards', async () => {
    const old = await create();
    const current = await create({ merchant_id: '100002' });
    const listed = await listAccounts(tenant.scope);
    expect(listed.filter(({ is_current }) => is_current).map(({ id }) => id)).toEqual([current.id]);
    expect(await credentialsOf(old.id)).toMatchObject({ merchantId: '100001' });
  });

  it('has another revision with a new secret, and the same merchant', async () => {
    const { id } = await create({ password: 'pass' });
    await tenant.ctx.transaction((tx) =>
      updateAccount(tx, OWNER, { id, secret: 'Another', password: null, three_d_secure: false }),
    );
    expect(await credentialsOf(id)).toMatchObject({
      merchantId: '100001',
      secret: 'Another',
      password: null,
      threeDSecure: false,
      revision: 2,
    });
  });

  it('starts nothing while it is disabled', async () => {
    const { id } = await create();
    const flip = (action: 'enable' | 'disable') =>
      tenant.ctx.transaction((tx) => switchAccount(tx, OWNER, id, action));
    expect(await flip('disable')).toMatchObject({ status: 'disabled', is_current: false });
    await expect(expectActive(tenant.scope, id)).rejects.toThrow(ApiError);
    expect(await flip('enable')).toMatchObject({ status: 'active', is_current: true });
    await expectActive(tenant.scope, id);
  });

  it('is found by the token of its callbacks, across tenants', async () => {
    const { id } = await create();
    const { callbackToken } = await credentialsOf(id);
    const findOf = callbackFinder(world.runtime.pool);
    const found = { project_id: tenant.projectId, livemode: false, id };
    expect(await findOf(callbackToken)).toEqual(found);
    expect(await findOf(callbackToken)).toEqual(found);
    expect(await findOf(`${callbackToken}x`)).toBe(null);
  });

  it('is entered in the audit log, without its secrets', async () => {
    const { id } = await create({ password: 'pass' });
    await tenant.ctx.transaction((tx) => updateAccount(tx, OWNER, { id, secret: 'Another' }));
    const { data } = await listAuditLog(tenant.scope, { limit: 2 });
    expect(data.map(({ action, subject }) => ({ action, subject }))).toEqual([
      { action: 'processor_accounts.update', subject: id },
      { action: 'processor_accounts.create', subject: id },
    ]);
    expect(data[0]?.after).toEqual({ is_new_secret: true });
    expect(JSON.stringify(data)).not.toMatch(/Circle4|Another|"pass"/);
  });
});

describe("a gateway's address", () => {
  it.each([
    ['https://gateway.cardstream.com/direct/', 'https://gateway.cardstream.com'],
    ['https://gateway.example.com', 'https://gateway.example.com'],
    ['https://gateway.example.com/brand/', 'https://gateway.example.com/brand'],
    ['http://127.0.0.1:4000/', 'http://127.0.0.1:4000'],
    ['http://[::1]:4000', 'http://[::1]:4000'],
    ['http://localhost:4000/direct', 'http://localhost:4000'],
  ])('%s is kept as %s', (given, kept) => expect(gatewayUrl(given)).toBe(kept));

  it.each([
    'http://gateway.cardstream.com',
    'http://127.0.0.1.example.com',
    'https://user:secret@gateway.example.com',
    'https://gateway.example.com/?a=1',
    'ftp://127.0.0.1',
    'gateway.example.com',
  ])('%s is refused', (given) => expect(gatewayUrl(given)).toBe(null));
});
