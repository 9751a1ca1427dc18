/**
 * POST /v1/payment_intents with confirm: a payment taken, from the card to the balance, by the
 * simulated processor, which keeps books of its own in the same PostgreSQL. The pgbench beside it
 * writes a customer and an event; it only tells how fast the machine was in these minutes.
 */
import { costOf, inPairs, withSite, type Bench, type Figure, type Site } from '../figure';
import type { LoadReport } from '../load';
import { generate, perSecond } from '../loads';
import { creationScript, transactionsPerSecond } from '../pgbench';
import { recount, warmUp } from '../site';
import { median, percentile } from '../statistics';

const PAYMENT =
  'amount=1999&currency=gbp&payment_method=pm_card_visa&confirm=true' +
  '&automatic_payment_methods[enabled]=true&automatic_payment_methods[allow_redirects]=never' +
  '&metadata[order]={n}';

export const pay = (
  { server }: Pick<Site, 'server'>,
  plan: { clients: number; seconds: number; rate?: number },
): Promise<LoadReport> =>
  generate({
    ...plan,
    port: server.port,
    authorization: server.authorization,
    method: 'POST',
    paths: ['/v1/payment_intents'],
    body: PAYMENT,
    isIdempotent: true,
  });

/** More than are ever under way at once, so that arrivals wait for nobody. */
const CLIENTS_AT_A_RATE = 256;

export const confirmPayments: Figure = {
  name: 'confirm',
  measure: (bench) =>
    withSite(bench, 'confirm', async (site) => {
      await warmUp(site.server, 1);
      const script = await creationScript(site, new Date());
      await pay(site, { clients: bench.clients, seconds: 3 });
      const { cost, ...measuring } = costOf(bench, site);
      const pairs = await inPairs(
        bench,
        () => transactionsPerSecond(bench, site.databaseUrl, script),
        async () => {
          const report = await measuring.while(() =>
            pay(site, { clients: bench.clients, seconds: bench.seconds }),
          );
          await recountSucceeded(site, report);
          return perSecond(report);
        },
      );
      const rate = Math.floor(median(pairs.values) / 2);
      const latencies = await latenciesAt(bench, site, rate);
      return [
        {
          figure: 'POST /v1/payment_intents, confirmed',
          unit: 'per second',
          values: pairs.values,
          baseline: { of: 'pgbench, a customer and an event', values: pairs.baseline },
          target: { of: 'value', is: 'at least', bound: 500 },
          notes: cost,
        },
        {
          figure: `the same at ${rate} a second, p99`,
          unit: 'ms',
          values: latencies.map((sorted) => percentile(sorted, 0.99)),
          notes: { 'p50 ms': median(latencies.map((sorted) => percentile(sorted, 0.5))) },
        },
      ];
    }),
};

/** Arrivals at a constant rate; the ascending latencies of each time, in milliseconds. */
async function latenciesAt(bench: Bench, site: Site, rate: number): Promise<(readonly number[])[]> {
  const measured: (readonly number[])[] = [];
  for (let time = 0; time < bench.pairs; time += 1) {
    await bench.cluster.checkpoint();
    const report = await pay(site, { clients: CLIENTS_AT_A_RATE, seconds: bench.seconds, rate });
    await recountSucceeded(site, report);
    measured.push(report.latencies);
  }
  return measured;
}

/** Every acknowledged payment has succeeded, and the processor took the money once for each. */
async function recountSucceeded(site: Site, { acknowledged }: LoadReport): Promise<void> {
  const ids = acknowledged.map(({ id }) => id);
  await recount(site, 'payment_intents', ids);
  const [paid] = await site.sql<{ count: number }[]>`
    select count(*)::int from payment_intents p
    join charges c on c.project_id = p.project_id and c.payment_intent = p.id
    where p.project_id = ${site.projectId} and p.id = any(${ids})
      and p.status = 'succeeded' and c.status = 'succeeded'`;
  if (paid?.count !== ids.length) {
    throw new Error(`Void: of ${ids.length} acknowledged payments, ${paid?.count} are paid.`);
  }
}
