/**
 * POST /v1/customers with an Idempotency-Key: authenticated, checked, written with its event and its
 * stored answer under row-level security, and durable before it is answered. Beside it, pgbench
 * writes the same customer and event in one prepared statement.
 */
import { percentile } from '../statistics';
import { costOf, inPairs, withSite, type Figure } from '../figure';
import { generate, perSecond } from '../loads';
import { creationScript, transactionsPerSecond } from '../pgbench';
import { CUSTOMER, recount, warmUp } from '../site';

export const createCustomers: Figure = {
  name: 'create',
  measure: (bench) =>
    withSite(bench, 'create', async (site) => {
      const { server, databaseUrl } = site;
      await warmUp(server);
      const script = await creationScript(site, new Date());
      const { cost, ...measuring } = costOf(bench, site);
      const latencies: number[] = [];
      const pairs = await inPairs(
        bench,
        () => transactionsPerSecond(bench, databaseUrl, script),
        async () => {
          const report = await measuring.while(() =>
            generate({
              port: server.port,
              authorization: server.authorization,
              method: 'POST',
              paths: ['/v1/customers'],
              body: CUSTOMER,
              isIdempotent: true,
              clients: bench.clients,
              seconds: bench.seconds,
            }),
          );
          latencies.push(percentile(report.latencies, 0.99));
          await recount(
            site,
            'customers',
            report.acknowledged.map(({ id }) => id),
          );
          return perSecond(report);
        },
      );
      return [
        {
          figure: 'POST /v1/customers',
          unit: 'per second',
          values: pairs.values,
          baseline: { of: 'pgbench, the same two rows', values: pairs.baseline },
          target: { of: 'ratio', is: 'at least', bound: 0.2 },
          notes: { 'p99 ms': Math.max(...latencies), ...cost },
        },
      ];
    }),
};
