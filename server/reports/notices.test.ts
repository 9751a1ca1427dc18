import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { scopeOf } from '@/server/context';
import { customers } from '@/server/customers';
import { disputes } from '@/server/disputes';
import { invoices } from '@/server/invoices';
import { newId } from '@/server/kernel/ids';
import { payment_intents } from '@/server/payment_intents';
import { prices } from '@/server/prices';
import { subscriptions } from '@/server/subscriptions';
import { addProcessorAccount } from '@/server/testing/accounts';
import { createUser, giveRole, type TestUser } from '@/server/testing/browser';
import { ask } from '@/server/testing/ask';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { webhook_endpoints } from '@/server/webhook_endpoints';
import { checklistOf } from './checklist';
import { noticesOf } from './notices';
import { attentionOf } from './store';

let world: TestWorld;
let tenant: TestTenant;
let user: TestUser;

beforeAll(async () => {
  world = await createWorld();
  user = await createUser(world, 'ada@example.com');
});
beforeEach(async () => {
  tenant = await world.project();
  await giveRole(world, tenant, user, 'owner');
});
afterAll(() => world.close());

/** The same project, in live mode. */
const live = () => scopeOf(world.runtime, { projectId: tenant.projectId, livemode: true });

const HOUR = 60 * 60;
const now = (): number => world.now.getTime() / 1_000;

const endpoint = (): Promise<{ id: string }> =>
  ask(tenant, webhook_endpoints.operations.create, {
    url: 'https://example.com/hook',
    enabled_events: ['*'],
  });

/** What the endpoint answered, one time after the other; null for no answer. */
async function answered(
  id: string,
  statuses: readonly (number | null)[],
  at = now(),
): Promise<void> {
  for (const response_status of statuses) {
    await world.admin`insert into webhook_delivery_attempts ${world.admin({
      project_id: tenant.projectId,
      livemode: false,
      id: newId('webhook_attempt'),
      delivery: newId('webhook_delivery'),
      endpoint: id,
      response_status,
      duration_ms: 1,
      created: at,
    })}`;
  }
}

describe('the notices', () => {
  it('name an endpoint whose last three attempts failed, until one succeeds', async () => {
    const { id } = await endpoint();
    await answered(id, [200, 500, null]);
    expect((await noticesOf(tenant.scope)).failing_endpoints).toEqual([]);
    await answered(id, [404]);
    expect((await noticesOf(tenant.scope)).failing_endpoints).toEqual([
      { id, url: 'https://example.com/hook', failed_at: now() },
    ]);
    await answered(id, [204]);
    expect((await noticesOf(tenant.scope)).failing_endpoints).toEqual([]);
  });

  it('do not name one that failed long ago, or is turned off', async () => {
    const { id } = await endpoint();
    await answered(id, [500, 500, 500], now() - 73 * HOUR);
    expect((await noticesOf(tenant.scope)).failing_endpoints).toEqual([]);
    await answered(id, [500, 500, 500]);
    await ask(tenant, webhook_endpoints.operations.update, { id, disabled: true });
    expect((await noticesOf(tenant.scope)).failing_endpoints).toEqual([]);
  });

  it('name the keys that end within a week', async () => {
    const ends = async (hours: number, type: string): Promise<unknown> =>
      world.admin`update api_keys set expires_at = ${new Date(world.now.getTime() + hours * HOUR * 1_000)}
        where project_id = ${tenant.projectId} and not livemode and type = ${type}`;
    await ends(169, 'secret');
    await ends(-1, 'publishable');
    expect((await noticesOf(tenant.scope)).expiring_keys).toEqual([]);
    await ends(167, 'secret');
    expect((await noticesOf(tenant.scope)).expiring_keys).toMatchObject([
      {
        redacted: `sk_test_...${tenant.secretKey.slice(-4)}`,
        expires_at: now() + 167 * HOUR,
      },
    ]);
  });
});

describe('what waits', () => {
  it('is nothing at first', async () => {
    expect(await attentionOf(tenant.scope)).toEqual({
      disputes: { count: 0, due_by: null },
      retries: { count: 0, next_at: null },
      failed_renewals: 0,
      differences: 0,
    });
  });

  it('is a dispute, until it is answered', async () => {
    await ask(tenant, payment_intents.operations.create, {
      amount: 1000,
      currency: 'gbp',
      payment_method: 'pm_card_createDispute',
      confirm: true,
    });
    const { data } = await ask(tenant, disputes.operations.list, {});
    const [dispute] = data;
    expect(await attentionOf(tenant.scope)).toMatchObject({
      disputes: { count: 1, due_by: dispute?.evidence_details.due_by },
    });
    await ask(tenant, disputes.operations.close, { id: dispute?.id ?? '' });
    expect(await attentionOf(tenant.scope)).toMatchObject({ disputes: { count: 0 } });
  });

  it('is an invoice that is to be paid again, and a subscription that was not renewed', async () => {
    const { id: customer } = await ask(tenant, customers.operations.create, {});
    const { id } = await ask(tenant, invoices.operations.create, { customer });
    const { id: price } = await ask(tenant, prices.operations.create, {
      currency: 'gbp',
      unit_amount: 1_000,
      recurring: { interval: 'month' },
      product_data: { name: 'Tea' },
    });
    const subscription = await ask(tenant, subscriptions.operations.create, {
      customer,
      items: [{ price }],
      collection_method: 'send_invoice',
      days_until_due: 1,
    });
    const next = now() + 2 * HOUR;
    await world.admin`update invoices set status = 'open', attempt_count = 1,
      next_payment_attempt = ${next} where id = ${id}`;
    // Open too, but never tried, or not to be tried again: neither is counted, nor in the list.
    for (const attempt_count of [0, 1]) {
      const other = await ask(tenant, invoices.operations.create, { customer });
      await world.admin`update invoices set status = 'open', attempt_count = ${attempt_count},
        next_payment_attempt = ${attempt_count === 0 ? next : null} where id = ${other.id}`;
    }
    for (const status of ['past_due', 'unpaid']) {
      await world.admin`update subscriptions set status = ${status} where id = ${subscription.id}`;
      expect(await attentionOf(tenant.scope)).toMatchObject({
        retries: { count: 1, next_at: next },
        failed_renewals: 1,
      });
      const renewals = await ask(tenant, subscriptions.operations.list, { state: 'past_due' });
      expect(renewals.data.map((one) => one.id)).toEqual([subscription.id]);
    }
    const retried = await ask(tenant, invoices.operations.list, { state: 'retrying' });
    expect(retried.data.map((one) => one.id)).toEqual([id]);
  });

  it('is no subscription on a test clock, which the list leaves out too', async () => {
    const { id: customer } = await ask(tenant, customers.operations.create, {});
    const { id: price } = await ask(tenant, prices.operations.create, {
      currency: 'gbp',
      unit_amount: 1_000,
      recurring: { interval: 'month' },
      product_data: { name: 'Tea' },
    });
    const { id } = await ask(tenant, subscriptions.operations.create, {
      customer,
      items: [{ price }],
      collection_method: 'send_invoice',
      days_until_due: 1,
    });
    await world.admin`update subscriptions set status = 'past_due', test_clock = 'clock_1'
      where id = ${id}`;
    expect(await attentionOf(tenant.scope)).toMatchObject({ failed_renewals: 0 });
    expect((await ask(tenant, subscriptions.operations.list, { state: 'past_due' })).data).toEqual(
      [],
    );
  });
});

describe('the checklist', () => {
  it('ticks what is there, and a second factor only for who has one', async () => {
    const actor = { user: user.id, email: user.email };
    expect(await checklistOf(tenant.scope, live(), actor)).toEqual({
      call: false,
      customer: false,
      payment: false,
      subscription: false,
      webhook: false,
      processor: false,
      second_factor: false,
    });
    await ask(tenant, customers.operations.create, {});
    const { id } = await endpoint();
    const done = await checklistOf(tenant.scope, live(), actor);
    expect(done).toMatchObject({ customer: true, webhook: false });
    await world.admin`insert into webhook_deliveries ${world.admin({
      project_id: tenant.projectId,
      livemode: false,
      id: newId('webhook_delivery'),
      status: 'succeeded',
      event: newId('event'),
      endpoint: id,
      attempts: 1,
      created_at: world.now,
    })}`;
    // Of the account of test mode nothing is ticked: the simulator is there without one.
    await addProcessorAccount(tenant);
    expect(await checklistOf(tenant.scope, live(), actor)).toMatchObject({ processor: false });
    await world.admin`update processor_accounts set livemode = true
      where project_id = ${tenant.projectId}`;
    await world.admin`update users set totp_enabled_at = now() where id = ${user.id}`;
    expect(await checklistOf(tenant.scope, live(), actor)).toMatchObject({
      webhook: true,
      processor: true,
      second_factor: true,
    });
    await world.admin`update users set totp_enabled_at = null where id = ${user.id}`;
  });
});
