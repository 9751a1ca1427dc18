/**
 * Payments through the Cardstream stand-in, whose answers take 120 ms at the median: what we add to
 * each of them, beside the gateway's own time, at 100 a second; and whether a thousand that are under
 * way at once leave room for reads.
 *
 * Between us and the stand-in is a line that notes how long each answer took, from the last byte of
 * the request to the last of the answer. What we add to a payment is its latency less that.
 */
import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { newPayer, setUpMerchant, type Merchant, type Payer } from '@/e2e/support/merchant';
import {
  PLAIN_ACCOUNT,
  startGatewayProcess,
  type GatewayProcess,
  type HostedCard,
} from '@/server/testing/gateway';
import { costOf, withSite, type Bench, type Figure, type Result, type Site } from '../figure';
import type { LoadReport } from '../load';
import { generate } from '../loads';
import { warmUp } from '../site';
import { median, percentile } from '../statistics';

const RATE = 100;
const MEDIAN_MS = 120;
const SIGMA = 0.3;

/** Each with a card of their own: a shop's payments do not wait for one another's card. */
const PAYERS = 200;

/** More than are ever under way at once, so that arrivals wait for nobody. */
const CLIENTS_AT_A_RATE = 128;

const IN_FLIGHT = 1_000;
/** So long a thousand stay under way, while few are begun and ended. */
const SLOW_MS = 8_000;
const READS_PER_SECOND = 50;

export const cardPayments: Figure = {
  name: 'cards',
  measure: (bench) =>
    withSite(bench, 'cards', async (site) => {
      const home = await mkdtemp(path.join(tmpdir(), 'calmony-bench-cards-'));
      const gateway = await startGatewayProcess({
        accounts: [PLAIN_ACCOUNT],
        journal: path.join(home, 'books'),
      });
      const line = await openLine(gateway.url);
      try {
        const options = {
          server: { port: site.server.port, url: `http://127.0.0.1:${site.server.port}` },
          gateway: { url: line.url, token: (card: HostedCard) => gateway.token(card) },
          at: PLAIN_ACCOUNT,
          mode: 'test',
        } as const;
        const merchant = await setUpMerchant(options);
        const payers: Payer[] = [];
        while (payers.length < PAYERS) payers.push(await newPayer(merchant.secretKey, options));
        await warmUp(site.server, 1);
        const shop = { site, gateway, line, merchant, payers };
        return [...(await added(bench, shop)), await crowded(bench, shop)];
      } finally {
        await line.close();
        await gateway.stop();
        await rm(home, { recursive: true, force: true });
      }
    }),
};

interface Shop {
  readonly site: Site;
  readonly gateway: GatewayProcess;
  readonly line: Line;
  readonly merchant: Merchant;
  readonly payers: readonly Payer[];
}

/** Beside the gateway's own time. */
async function added(bench: Bench, shop: Shop): Promise<Result[]> {
  const { gateway, line, site } = shop;
  await gateway.faults({ delay: { median_ms: MEDIAN_MS, sigma: SIGMA } });
  await pay(shop, { clients: CLIENTS_AT_A_RATE, seconds: 3, rate: RATE });
  const times: (readonly number[])[] = [];
  const theirs: number[] = [];
  const { cost, ...measuring } = costOf(bench, site);
  for (let time = 0; time < bench.pairs; time += 1) {
    await bench.cluster.checkpoint();
    line.forget();
    const plan = { clients: CLIENTS_AT_A_RATE, seconds: bench.seconds, rate: RATE };
    const report = await measuring.while(() => pay(shop, plan));
    const intents = await intentsOf(site, report);
    const took = report.acknowledged.map(({ id, sentAt, answeredAt }) => {
      const own = line.took(intents.get(id) ?? '');
      theirs.push(own);
      return answeredAt - sentAt - own;
    });
    times.push(took.toSorted((a, b) => a - b));
  }
  const notes = { 'gateway p50 ms': median(theirs), ...cost };
  const figure = (share: number, bound: number): Result => ({
    figure: `a card payment at ${RATE} a second: what we add to the gateway's time, p${share * 100}`,
    unit: 'ms',
    values: times.map((sorted) => percentile(sorted, share)),
    target: { of: 'value', is: 'at most', bound },
    notes,
  });
  return [figure(0.5, 5), figure(0.99, 25)];
}

/** Reads while a thousand payments wait for the gateway, against reads with nothing else to do. */
async function crowded(bench: Bench, shop: Shop): Promise<Result> {
  const { gateway, merchant, site } = shop;
  const read = async (): Promise<number> => {
    const { latencies } = await generate({
      port: site.server.port,
      authorization: authorizationOf(merchant),
      method: 'GET',
      paths: [`/v1/customers/${merchant.customer}`],
      clients: 32,
      seconds: Math.min(bench.seconds, 4),
      rate: READS_PER_SECOND,
    });
    return percentile(latencies, 0.5);
  };
  const values: number[] = [];
  const baseline: number[] = [];
  for (let time = 0; time < bench.pairs; time += 1) {
    await gateway.faults({ delay: { median_ms: MEDIAN_MS, sigma: SIGMA } });
    baseline.push(await read());
    await gateway.faults({ delay: { median_ms: SLOW_MS, sigma: 0 } });
    // All begin within a second or two, and are answered after the reads have ended.
    const paying = pay(shop, { clients: IN_FLIGHT, seconds: SLOW_MS / 1_000, rate: 500 });
    paying.catch(() => undefined);
    await sleep(2_500);
    values.push(await read());
    await paying;
  }
  return {
    figure: `a read while ${IN_FLIGHT} card payments are under way, p50`,
    unit: 'ms',
    values,
    baseline: { of: 'the same with none', values: baseline },
    target: { of: 'ratio', is: 'at most', bound: 1.3 },
  };
}

const authorizationOf = ({ secretKey }: Merchant): string => `Bearer ${secretKey}`;

const pay = (
  { site, merchant, payers }: Shop,
  plan: { clients: number; seconds: number; rate: number },
): Promise<LoadReport> =>
  generate({
    ...plan,
    port: site.server.port,
    authorization: authorizationOf(merchant),
    method: 'POST',
    paths: ['/v1/payment_intents'],
    body: 'amount=1999&currency=gbp&{id}&confirm=true&metadata[order]={n}',
    ids: payers.map(
      ({ customer, payment_method }) => `customer=${customer}&payment_method=${payment_method}`,
    ),
    isIdempotent: true,
  });

/** By their ids, the references that the gateway was asked under. Throws where one is not paid. */
async function intentsOf(
  { sql }: Site,
  { acknowledged }: LoadReport,
): Promise<ReadonlyMap<string, string>> {
  const ids = acknowledged.map(({ id }) => id);
  const rows = await sql<{ id: string; reference: string }[]>`
    select p.id, a.id as reference from payment_intents p
    join processor_attempts a on a.project_id = p.project_id and a.payment_intent = p.id
    where p.id = any(${ids}) and p.status = 'succeeded'`;
  if (rows.length !== ids.length) {
    throw new Error(`Void: of ${ids.length} acknowledged payments, ${rows.length} are paid.`);
  }
  return new Map(rows.map(({ id, reference }) => [id, reference]));
}

interface Line {
  readonly url: string;
  /** Milliseconds that the gateway took over a reference. */
  took(reference: string): number;
  forget(): void;
  close(): Promise<void>;
}

/** A way to the gateway that looks at the clock. It passes bytes on, and so takes little of what it measures. */
async function openLine(gateway: string): Promise<Line> {
  const times = new Map<string, number>();
  const open = new Set<Socket>();
  const { port, hostname: host } = new URL(gateway);
  const server = createServer({ noDelay: true }, (incoming) => {
    const onward = connect({ port: Number(port), host, noDelay: true });
    let asked = '';
    let askedAt = 0;
    let isAnswered = false;
    incoming.on('data', (bytes) => {
      asked = (isAnswered ? '' : asked) + bytes.toString('latin1');
      isAnswered = false;
      askedAt = performance.now();
      onward.write(bytes);
    });
    onward.on('data', (bytes) => {
      isAnswered = true;
      const reference = /(?:^|[&\n])transactionUnique=([^&]+)/.exec(asked)?.[1];
      if (reference !== undefined) times.set(reference, performance.now() - askedAt);
      incoming.write(bytes);
    });
    for (const [one, other] of [
      [incoming, onward],
      [onward, incoming],
    ] as const) {
      open.add(one);
      one.on('error', () => other.destroy());
      one.on('close', () => {
        open.delete(one);
        other.destroySoon();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    took(reference) {
      const time = times.get(reference);
      if (time === undefined) throw new Error(`Void: the gateway was not asked for ${reference}.`);
      return time;
    },
    forget: () => times.clear(),
    async close() {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
}
