/**
 * Two server processes on one database, as behind a load balancer: a request that reaches both of them
 * many times at once is carried out once. https://docs.stripe.com/api/idempotent_requests
 */
import { randomUUID } from 'node:crypto';
import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { setUpMerchant, WITH_OWNER, type Merchant } from '@/e2e/support/merchant';
import { startProcess, type ServerProcess } from '@/e2e/support/process';
import { startServer, type TestServer } from '@/e2e/support/server';
import { PLAIN_ACCOUNT, startGateway, type TestGateway } from '@/server/testing/gateway';

const REQUESTS = 64;
/** Longer than all of them need to arrive. */
const SLOW_MS = 1_500;

let gateway: TestGateway;
let one: TestServer;
let other: ServerProcess;
let merchant: Merchant;
let sql: postgres.Sql;

beforeAll(async () => {
  const env = { CALMONY_ROLE: 'worker', ...WITH_OWNER };
  gateway = await startGateway({ accounts: [PLAIN_ACCOUNT] });
  one = await startServer(env);
  other = await startProcess({ databaseUrl: one.databaseUrl, env });
  merchant = await setUpMerchant({ server: one, gateway, at: PLAIN_ACCOUNT, mode: 'live' });
  sql = postgres(one.databaseUrl, { max: 1, onnotice: () => undefined });
}, 120_000);

afterAll(async () => {
  await sql.end();
  await other.stop();
  await one.stop();
  await gateway.stop();
});

interface Reply {
  readonly status: number;
  readonly text: string;
  readonly isReplay: boolean;
  readonly shouldRetry: string | null;
}

async function post(
  server: ServerProcess,
  path: string,
  form: Readonly<Record<string, string>>,
  key: string,
): Promise<Reply> {
  const response = await fetch(`${server.url}/v1/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${merchant.secretKey}`, 'idempotency-key': key },
    body: new URLSearchParams(form),
  });
  return {
    status: response.status,
    text: await response.text(),
    isReplay: response.headers.get('idempotent-replayed') === 'true',
    shouldRetry: response.headers.get('stripe-should-retry'),
  };
}

/** Sends it to both at once. Answers what was carried out, and how many were told to come again. */
async function postToBoth(
  path: string,
  form: Readonly<Record<string, string>>,
): Promise<{ first: { id: string; status?: string }; refused: number }> {
  const key = randomUUID();
  const replies = await Promise.all(
    Array.from({ length: REQUESTS }, (_, n) => post(n % 2 === 0 ? one : other, path, form, key)),
  );
  const executed = replies.filter(({ status, isReplay }) => status === 200 && !isReplay);
  expect(executed).toHaveLength(1);
  const text = executed[0]?.text ?? '';
  const refused = replies.filter(({ status }) => status !== 200);
  for (const reply of replies) {
    if (reply.status === 200) expect(reply.text).toBe(text);
    else {
      expect(reply.status).toBe(409);
      expect(JSON.parse(reply.text)).toMatchObject({
        error: { type: 'idempotency_error', code: 'idempotency_key_in_use' },
      });
      expect(reply.shouldRetry).toBe('true');
    }
  }
  for (const server of [one, other]) {
    expect(await post(server, path, form, key)).toMatchObject({
      status: 200,
      text,
      isReplay: true,
    });
  }
  return { first: JSON.parse(text) as { id: string; status?: string }, refused: refused.length };
}

describe('64 identical requests at once, to two servers', () => {
  it('make one customer', async () => {
    const { first } = await postToBoth('customers', { name: 'Grace' });
    expect(await sql`select id from customers where name = 'Grace'`).toEqual([{ id: first.id }]);
  });

  it('take one payment of a card, however slow its gateway is', async () => {
    await gateway.faults({ delay: { median_ms: SLOW_MS, sigma: 0 } });
    const { first, refused } = await postToBoth('payment_intents', {
      amount: '1777',
      currency: 'gbp',
      customer: merchant.customer,
      payment_method: merchant.payment_method,
      confirm: 'true',
    });
    expect(first.status).toBe('succeeded');
    // Whoever came while the gateway was waited for.
    expect(refused).toBeGreaterThan(0);
    const attempts = await sql<{ id: string }[]>`
      select id from processor_attempts where amount = 1777`;
    const sales = (await gateway.books({ action: 'SALE' })).filter(({ amount }) => amount === 1777);
    expect(sales.map(({ reference }) => reference)).toEqual(attempts.map(({ id }) => id));
    expect(attempts).toHaveLength(1);
    expect(await sql`select status from payment_intents where amount = 1777`).toHaveLength(1);
    expect(await sql`select id from charges where payment_intent = ${first.id}`).toHaveLength(1);
  });
});
