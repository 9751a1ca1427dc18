/**
 * Webhooks to a receiver on this machine: how many a second are signed, sent and recorded when many
 * are due, and how soon one arrives when it is the only thing to do. The baseline of the first is the
 * load generator posting the same bytes to the same receiver, with nothing signed or recorded.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { inPairs, withSite, type Bench, type Figure, type Site } from '../figure';
import { generate, perSecond } from '../loads';
import type { Expect, Receipt, Said } from '../receiver';
import { bodyPrefix, columnsOf, CUSTOMER, warmUp } from '../site';
import { median, percentile } from '../statistics';

/** Due at once in each measurement of the throughput. */
const DELIVERIES = 10_000;
/** Events a second while the delay is measured. */
const RATE = 100;

interface Receiver {
  readonly port: number;
  /** The receipts of the next `count` events; throws when a signature was wrong. */
  expect(expected: Expect): Promise<readonly Receipt[]>;
  stop(): void;
}

async function startReceiver(): Promise<Receiver> {
  const child = fork(fileURLToPath(new URL('../receiver.ts', import.meta.url)), {
    serialization: 'advanced',
  });
  const [first] = (await once(child, 'message')) as [Said];
  return {
    port: 'port' in first ? first.port : 0,
    async expect(expected) {
      child.send(expected);
      const [said] = (await once(child, 'message')) as [Said];
      if (!('receipts' in said)) throw new Error('The receiver lost count.');
      if (said.forged > 0) throw new Error(`Void: ${said.forged} signatures were wrong.`);
      return said.receipts;
    },
    stop: () => child.disconnect(),
  };
}

interface Endpoint {
  readonly id: string;
  readonly secret: string;
}

export const deliverWebhooks: Figure = {
  name: 'webhooks',
  measure: (bench) =>
    withSite(bench, 'webhooks', async (site) => {
      const receiver = await startReceiver();
      try {
        await warmUp(site.server, 2);
        const endpoint = await createEndpoint(site, receiver.port);
        await deliverMany(site, receiver, endpoint, 0);
        let round = 0;
        const pairs = await inPairs(
          bench,
          () => barePosts(bench, site, receiver),
          () => deliverMany(site, receiver, endpoint, (round += 1)),
        );
        const delays = await delaysOf(bench, site, receiver, endpoint);
        return [
          {
            figure: 'webhooks signed, sent and recorded',
            unit: 'per second',
            values: pairs.values,
            baseline: { of: 'the same bytes posted, nothing else', values: pairs.baseline },
            target: { of: 'value', is: 'at least', bound: 1_000 },
          },
          {
            figure: `webhook delay at ${RATE} events a second, p50`,
            unit: 'ms, request sent to event received',
            values: delays.map((sorted) => percentile(sorted, 0.5)),
            target: { of: 'value', is: 'at most', bound: 20 },
            notes: { 'p99 ms': median(delays.map((sorted) => percentile(sorted, 0.99))) },
          },
        ];
      } finally {
        receiver.stop();
      }
    }),
};

async function createEndpoint({ server }: Site, port: number): Promise<Endpoint> {
  const answer = await fetch(`http://127.0.0.1:${server.port}/v1/webhook_endpoints`, {
    method: 'POST',
    headers: { authorization: server.authorization },
    body: new URLSearchParams({
      url: `http://127.0.0.1:${port}/webhooks`,
      'enabled_events[]': 'customer.created',
    }),
  });
  const body = (await answer.json()) as { id?: string; secret?: string };
  if (body.id === undefined || body.secret === undefined) throw new Error(JSON.stringify(body));
  return { id: body.id, secret: body.secret };
}

/** Makes many copies of an event due in one moment; how many a second were received. */
async function deliverMany(
  site: Site,
  receiver: Receiver,
  endpoint: Endpoint,
  round: number,
): Promise<number> {
  const { sql, projectId } = site;
  const prefix = bodyPrefix(new Date());
  const names = (await columnsOf(sql, 'events')).map(({ name }) => name);
  const list = names.map((name) => `"${name}"`).join(', ');
  const body = `'${prefix}' || lpad((${round * DELIVERIES} + n)::text, 15, '0')`;
  await sql.unsafe(`
    insert into events (${list})
    select ${list.replace('"id"', `'evt_' || ${body}`)}
    from (select * from events where type = 'customer.created' order by id limit 1) template,
      generate_series(1, ${DELIVERIES}) n`);
  const received = receiver.expect({ secret: endpoint.secret, count: DELIVERIES });
  await sql.unsafe(`
    insert into webhook_deliveries (project_id, livemode, id, status, event, endpoint, attempts,
      next_attempt_at, created_at)
    select ${projectId}, false, 'whd_' || ${body} || substr('${endpoint.id}', 4), 'pending',
      'evt_' || ${body}, '${endpoint.id}', 0, now(), now()
    from generate_series(1, ${DELIVERIES}) n`);
  const times = (await received).map(({ at }) => at);
  await expectRecorded(site);
  return (DELIVERIES - 1) / ((Math.max(...times) - Math.min(...times)) / 1000);
}

/** Each delivery has succeeded, by an attempt that is written down. The last ones take a moment. */
async function expectRecorded({ sql }: Site): Promise<void> {
  const until = performance.now() + 5_000;
  for (;;) {
    const [left] = await sql<{ count: number }[]>`
      select count(*)::int from webhook_deliveries d where status <> 'succeeded' or not exists (
        select from webhook_delivery_attempts a where a.project_id = d.project_id
          and a.delivery = d.id and a.response_status = 200)`;
    if (left?.count === 0) return;
    if (performance.now() > until) throw new Error(`Void: ${left?.count} are not recorded.`);
  }
}

async function barePosts(bench: Bench, { sql }: Site, receiver: Receiver): Promise<number> {
  const [event] = await sql<{ data: string }[]>`select data::text from events limit 1`;
  const answered = receiver.expect({ secret: null, count: Number.POSITIVE_INFINITY });
  // Nothing is counted, so nothing is said; the next expectation takes its place.
  void answered.catch(() => undefined);
  return perSecond(
    await generate({
      port: receiver.port,
      authorization: 'none',
      method: 'POST',
      paths: ['/webhooks'],
      body: event?.data ?? '',
      clients: bench.clients,
      seconds: bench.seconds,
    }),
  );
}

/** Customers are created at a constant rate; the ascending delays of each time, in milliseconds. */
async function delaysOf(
  bench: Bench,
  site: Site,
  receiver: Receiver,
  endpoint: Endpoint,
): Promise<number[][]> {
  const measured: number[][] = [];
  for (let time = 0; time < bench.pairs; time += 1) {
    await bench.cluster.checkpoint();
    const count = RATE * bench.seconds;
    const received = receiver.expect({ secret: endpoint.secret, count });
    const { acknowledged } = await generate({
      port: site.server.port,
      authorization: site.server.authorization,
      method: 'POST',
      paths: ['/v1/customers'],
      body: CUSTOMER,
      clients: 64,
      seconds: bench.seconds,
      rate: RATE,
    });
    const sentAt = new Map(acknowledged.map(({ id, sentAt }) => [id, sentAt]));
    const delays = (await received).map(
      ({ object, at }) => at - (sentAt.get(object) ?? Number.NaN),
    );
    if (delays.some(Number.isNaN)) throw new Error('Void: an event came that nobody caused.');
    measured.push(delays.sort((a, b) => a - b));
  }
  return measured;
}
