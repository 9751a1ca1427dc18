/** GET /v1/customers/:id at random. Beside it, pgbench selects the same rows by their key. */
import { costOf, inPairs, withSite, type Figure } from '../figure';
import { generate, perSecond } from '../loads';
import { retrievalScript, transactionsPerSecond } from '../pgbench';
import { bodyPrefix, filledId, fillCustomers, warmUp } from '../site';
import { shuffled } from '../shuffle';

const CUSTOMERS = 10_000;

export const retrieveCustomers: Figure = {
  name: 'retrieve',
  measure: (bench) =>
    withSite(bench, 'retrieve', async (site) => {
      const { server, databaseUrl } = site;
      await warmUp(server, 1);
      const prefix = bodyPrefix(new Date());
      await fillCustomers(site, { prefix, from: 1, to: CUSTOMERS });
      const script = retrievalScript(site, prefix, CUSTOMERS);
      const paths = shuffled(CUSTOMERS).map((n) => `/v1/customers/${filledId(prefix, n)}`);
      const read = (seconds: number) =>
        generate({
          port: server.port,
          authorization: server.authorization,
          method: 'GET',
          paths,
          clients: bench.clients,
          seconds,
        });
      await read(3);
      const { cost, ...measuring } = costOf(bench, site);
      const pairs = await inPairs(
        bench,
        () => transactionsPerSecond(bench, databaseUrl, script),
        async () => perSecond(await measuring.while(() => read(bench.seconds))),
      );
      return [
        {
          figure: 'GET /v1/customers/:id',
          unit: 'per second',
          values: pairs.values,
          baseline: { of: 'pgbench, select by key', values: pairs.baseline },
          target: { of: 'ratio', is: 'at least', bound: 0.12 },
          notes: cost,
        },
      ];
    }),
};
