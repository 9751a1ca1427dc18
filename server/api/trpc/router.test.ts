import { serve, type ServerType } from '@hono/node-server';
import { TRPCClientError } from '@trpc/client';
import type { AddressInfo } from 'node:net';
import { Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import type Stripe from 'stripe';
import { createApp } from '@/server/api/app';
import { endpoints } from '@/server/api/endpoints';
import type { Served } from '@/server/api/served';
import { keyFinder } from '@/server/api_keys';
import { createWorld, type TestTenant, type TestWorld } from '@/server/testing/context';
import { createClient, type Client, type StripeError } from './client';
import { router } from './router';

let world: TestWorld;
let tenant: TestTenant;
let listener: ServerType;
let url: string;
let trpc: Client;
const served: Served[] = [];

beforeAll(async () => {
  world = await createWorld();
  tenant = await world.project();
  const app = createApp({
    runtime: world.runtime,
    findKey: keyFinder(world.runtime.pool),
    isReady: async () => true,
    registry: new Registry(),
    onServed: (one) => void served.push(one),
  });
  listener = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 });
  await new Promise((resolve) => listener.once('listening', resolve));
  url = `http://127.0.0.1:${(listener.address() as AddressInfo).port}`;
  trpc = createClient({ url, key: tenant.secretKey });
});

afterAll(async () => {
  listener.close();
  await world.close();
});

/** Stripe's error object of a call that is refused. */
async function refusalOf(call: Promise<unknown>): Promise<StripeError | null> {
  const error: unknown = await call.then(
    () => new Error('It was not refused.'),
    (reason: unknown) => reason,
  );
  if (!(error instanceof TRPCClientError)) throw error;
  return (error.data as { stripe: StripeError | null }).stripe;
}

describe('the tRPC router', () => {
  it('has a procedure for every endpoint, and none besides', () => {
    const camel = (name: string): string =>
      name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
    const expected = endpoints.map(
      ({ resource, name, operation }) =>
        `${operation.kind === 'query' ? 'query' : 'mutation'} ${camel(resource)}.${name}`,
    );
    const found = Object.entries(router._def.procedures).map(
      ([name, procedure]) => `${(procedure as { _def: { type: string } })._def.type} ${name}`,
    );
    const own = found.filter((name) => !name.includes(' dashboard.'));
    expect(own.toSorted()).toEqual(expected.toSorted());
  });

  it('creates, retrieves and lists as REST does, with the same objects', async () => {
    const customer = await trpc.customers.create.mutate({
      name: 'Ada Lovelace',
      metadata: { plan: 'pro' },
    });
    expect(customer).toMatchObject({ object: 'customer', name: 'Ada Lovelace' });
    expect(await trpc.customers.retrieve.query({ id: customer.id })).toEqual(customer);
    const rest = await fetch(`${url}/v1/customers/${customer.id}`, {
      headers: { authorization: `Bearer ${tenant.secretKey}` },
    });
    expect(await rest.json()).toEqual(customer);
    const page = await trpc.customers.list.query({ limit: 1 });
    expect(page).toEqual({
      object: 'list',
      data: [customer],
      has_more: false,
      url: '/v1/customers',
    });
  });

  it('takes a payment, and expands what it names', async () => {
    const intent = await trpc.paymentIntents.create.mutate({
      amount: 999,
      currency: 'gbp',
      confirm: true,
      payment_method: 'pm_card_visa',
      expand: ['latest_charge'],
    });
    expect(intent).toMatchObject({ status: 'succeeded', latest_charge: { amount: 999 } });
  });

  it('carries calls that are made together in one request, each with its own answer', async () => {
    const before = served.length;
    const [made, missing] = await Promise.allSettled([
      trpc.customers.create.mutate({ name: 'Grace' }),
      trpc.customers.update.mutate({ id: 'cus_nobody', name: 'x' }),
    ]);
    expect(made.status).toBe('fulfilled');
    expect(missing.status).toBe('rejected');
    expect(served.slice(before).map(({ path, status }) => [path, status])).toEqual(
      expect.arrayContaining([
        ['/api/trpc/customers.create', 200],
        ['/api/trpc/customers.update', 404],
      ]),
    );
  });

  it('does a repeated call once', async () => {
    const call = () => trpc.customers.create.mutate({ name: 'Once', idempotency_key: 'once' });
    expect(await call()).toEqual(await call());
    const again = trpc.customers.create.mutate({ name: 'Other', idempotency_key: 'once' });
    expect(await refusalOf(again)).toMatchObject({ type: 'idempotency_error' });
  });
});

describe('what the tRPC router refuses', () => {
  it('carries the error object of Stripe', async () => {
    expect(await refusalOf(trpc.customers.retrieve.query({ id: 'cus_nobody' }))).toMatchObject({
      type: 'invalid_request_error',
      code: 'resource_missing',
      message: "No such customer: 'cus_nobody'",
    });
    const declined = trpc.paymentIntents.create.mutate({
      amount: 999,
      currency: 'gbp',
      confirm: true,
      payment_method: 'pm_card_chargeDeclined',
    });
    expect(await refusalOf(declined)).toMatchObject({
      type: 'card_error',
      decline_code: 'generic_decline',
      payment_intent: { object: 'payment_intent', status: 'requires_payment_method' },
    });
  });

  it('is a wrong parameter, by its name, also when the compiler was not asked', async () => {
    // @ts-expect-error there is no such parameter
    const unknown = trpc.customers.create.mutate({ nmae: 'Ada' });
    expect(await refusalOf(unknown)).toMatchObject({ code: 'parameter_unknown', param: 'nmae' });
    // @ts-expect-error an amount is a number
    const wrong = trpc.paymentIntents.create.mutate({ amount: 'much', currency: 'gbp' });
    expect(await refusalOf(wrong)).toMatchObject({ param: 'amount' });
  });

  it('is a key that is unknown, or may not', async () => {
    const unknown = createClient({ url, key: 'sk_test_thisKeyWasNeverMadeByAnybody' });
    expect(await refusalOf(unknown.customers.list.query())).toMatchObject({
      message: expect.stringContaining('Invalid API Key provided'),
    });
    const browser = createClient({ url, key: tenant.publishableKey });
    expect(await refusalOf(browser.customers.list.query())).toMatchObject({
      code: 'secret_key_required',
    });
  });

  it("is another project's", async () => {
    const other = createClient({ url, key: (await world.project()).secretKey });
    const { id } = await trpc.customers.create.mutate();
    expect(await refusalOf(other.customers.retrieve.query({ id }))).toMatchObject({
      code: 'resource_missing',
    });
  });
});

describe('the types of the client', () => {
  it('are those of the operations and of the official SDK', () => {
    type Output<Call extends (...given: never) => Promise<unknown>> = Awaited<ReturnType<Call>>;
    type Created = Output<Client['paymentIntents']['create']['mutate']>;
    expectTypeOf<Created['status']>().toEqualTypeOf<Stripe.PaymentIntent.Status>();
    expectTypeOf<Created['amount']>().toEqualTypeOf<number>();
    type Listed = Output<Client['customers']['list']['query']>;
    expectTypeOf<Listed['data'][number]['email']>().toEqualTypeOf<string | null>();
    expectTypeOf<Listed['has_more']>().toEqualTypeOf<boolean>();
    type Asked = Parameters<Client['refunds']['create']['mutate']>[0];
    expectTypeOf<NonNullable<Exclude<Asked, void>>['amount']>().toEqualTypeOf<number | undefined>();
    expectTypeOf<Client['events']>().not.toHaveProperty('create');
  });
});
