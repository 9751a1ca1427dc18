import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listAuditLog } from '@/server/audit_log';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { audited } from './audited';
import { endpoints } from './endpoints';

const OWNER = { user: 'user_1', email: 'owner@example.com' };

let world: TestWorld;
let tenant: TestTenant;
beforeAll(async () => {
  world = await createWorld();
  tenant = await world.project();
});
afterAll(() => world.close());

/** What a member asks of the API by way of the dashboard. */
function asked(route: string, input: object): Promise<object> {
  const endpoint = endpoints.find(({ operation }) => operation.route === route);
  if (endpoint === undefined) throw new Error(`There is no ${route}.`);
  const operation = audited(endpoint);
  if (operation.kind !== 'command') throw new Error(`${route} is no command.`);
  return tenant.ctx.transaction((tx) =>
    operation.run({ ...tx, actor: OWNER }, operation.input.parse(input)),
  );
}

const entered = async (): Promise<string[]> =>
  (await listAuditLog(tenant.scope, { limit: 10 })).data.map(({ action }) => action);

describe('the audit log', () => {
  it('has what a member changes, and not what they look at', async () => {
    const { id: customer } = (await asked('POST /v1/customers', { name: 'Ada' })) as { id: string };
    await asked('POST /v1/invoiceitems', { customer, amount: 1_000, currency: 'gbp' });
    const changes = ['invoice_items.create', 'customers.create'];
    expect(await entered()).toEqual(changes);
    const preview = await asked('POST /v1/invoices/create_preview', { customer });
    expect(preview).toMatchObject({ amount_due: 1_000 });
    expect(await entered()).toEqual(changes);
  });
});
