/**
 * The official Stripe CLI, unmodified. Its hidden `--api-base` takes another address, but not the
 * name `localhost`.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ServerProcess } from '@/e2e/support/process';
import { startReceiver, type Receiver } from '@/e2e/support/receiver';
import { SECRET_KEY, startServer } from '@/e2e/support/server';
import { strictStripe } from '@/e2e/support/stripe';

const program = createRequire(import.meta.url).resolve('@stripe/cli/bin/shim.js');

let server: ServerProcess;
let receiver: Receiver;
let home: string;
beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'calmony-cli-'));
  [server, receiver] = await Promise.all([startServer(), startReceiver()]);
  const endpoint = await strictStripe(server).webhookEndpoints.create({
    url: `${receiver.url}/all`,
    enabled_events: ['*'],
  });
  receiver.expectAt('/all', endpoint.secret ?? '');
});
afterAll(async () => {
  receiver.close();
  await server.stop();
  await rm(home, { recursive: true });
});

async function stripe(...words: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [program, ...words, '--api-base', server.url, '--api-key', SECRET_KEY],
    {
      env: {
        PATH: process.env.PATH,
        NODE_ENV: 'test',
        HOME: home,
        STRIPE_CLI_TELEMETRY_OPTOUT: '1',
      },
    },
  );
  return stdout;
}

/** A confirmed deletion announces itself before the JSON. */
const object = async (...words: string[]): Promise<Record<string, unknown>> =>
  JSON.parse((await stripe(...words)).replace(/^[^{]*/, ''));

describe('the Stripe CLI', () => {
  it('creates, retrieves, changes, lists and deletes by resource', async () => {
    const customer = await object('customers', 'create', '--name', 'Ada', '-d', 'metadata[a]=1');
    expect(customer).toMatchObject({ object: 'customer', name: 'Ada', metadata: { a: '1' } });
    const id = String(customer.id);
    expect(await object('customers', 'retrieve', id)).toEqual(customer);
    expect(await object('customers', 'update', id, '--email', 'ada@example.com')).toMatchObject({
      email: 'ada@example.com',
    });
    const list = await object('customers', 'list', '--limit', '1');
    expect(list).toMatchObject({ object: 'list', data: [{ id }] });
    expect(await object('customers', 'delete', id, '--confirm')).toMatchObject({ deleted: true });
  });

  it('gets, posts and deletes by path', async () => {
    const made = await object('post', '/v1/products', '-d', 'name=Kettle');
    const at = `/v1/products/${String(made.id)}`;
    expect(await object('get', at)).toEqual(made);
    expect(await object('delete', at, '--confirm')).toMatchObject({ deleted: true });
    await expect(stripe('get', at)).resolves.toContain('resource_missing');
  });
});

/**
 * TABLE: every recipe of the CLI that needs only what this server has. Not `customer.discount.*`: the
 * recipe gives customers a `coupon`, which Stripe's API has not taken since `2025-03-31.basil`.
 */
const RECIPES = [
  'charge.captured',
  'charge.dispute.closed',
  'charge.dispute.created',
  'charge.dispute.updated',
  'charge.failed',
  'charge.refund.updated',
  'charge.refunded',
  'charge.succeeded',
  'coupon.created',
  'coupon.deleted',
  'coupon.updated',
  'credit_note.created',
  'credit_note.updated',
  'credit_note.voided',
  'customer.created',
  'customer.deleted',
  'customer.source.created',
  'customer.source.updated',
  'customer.subscription.created',
  'customer.subscription.deleted',
  'customer.subscription.paused',
  'customer.subscription.trial_will_end',
  'customer.subscription.updated',
  'customer.updated',
  'invoice.created',
  'invoice.deleted',
  'invoice.finalized',
  'invoice.marked_uncollectible',
  'invoice.paid',
  'invoice.payment_action_required',
  'invoice.payment_failed',
  'invoice.payment_succeeded',
  'invoice.sent',
  'invoice.updated',
  'invoice.voided',
  'invoiceitem.created',
  'invoiceitem.deleted',
  'payment_intent.amount_capturable_updated',
  'payment_intent.canceled',
  'payment_intent.created',
  'payment_intent.payment_failed',
  'payment_intent.requires_action',
  'payment_intent.succeeded',
  'payment_method.attached',
  'payment_method.detached',
  'payment_method.updated',
  'payout.created',
  'payout.updated',
  'plan.created',
  'plan.deleted',
  'plan.updated',
  'price.created',
  'price.updated',
  'product.created',
  'product.deleted',
  'product.updated',
  'promotion_code.created',
  'promotion_code.updated',
  'setup_intent.canceled',
  'setup_intent.created',
  'setup_intent.requires_action',
  'setup_intent.setup_failed',
  'setup_intent.succeeded',
  'tax_rate.created',
  'tax_rate.updated',
  'test_helpers.test_clock.advancing',
  'test_helpers.test_clock.created',
  'test_helpers.test_clock.deleted',
  'test_helpers.test_clock.ready',
];

/** Recipes of several events, named after none, by the event that they end with. */
const STORIES = [
  ['subscription.payment_succeeded', 'invoice.payment_succeeded'],
  ['subscription.payment_failed', 'invoice.payment_failed'],
] as const;

describe('stripe trigger', () => {
  const recipes = [...RECIPES.map((type) => [type, type] as const), ...STORIES];

  it.each(recipes)('%s', async (recipe, type) => {
    const before = new Set(receiver.deliveries.map(({ event }) => event.id));
    await stripe('trigger', recipe);
    const { event } = await receiver.arrival(
      ({ event }) => event.type === type && !before.has(event.id),
    );
    expect(await object('events', 'retrieve', event.id)).toMatchObject({ id: event.id, type });
  });
});
