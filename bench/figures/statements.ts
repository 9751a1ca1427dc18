/**
 * What a request says to the database once everything is warm: how many statements it takes, and
 * that none of them is parsed again. Counted on the wire.
 */
import type { Bench, Figure, Result } from '../figure';
import { pay } from './confirm_payments';
import { generate, perSecond } from '../loads';
import { startServer } from '../server';
import { CUSTOMER, warmUp } from '../site';
import { tap, type Wiretap } from '../wire';

export const statements: Figure = {
  name: 'statements',
  async measure(bench) {
    const { cluster, build } = bench;
    const wiretap = await tap(await cluster.createDatabase('bench_statements'));
    const server = await startServer({ ...build, databaseUrl: wiretap.url });
    try {
      await warmUp(server);
      const { port, authorization } = server;
      const created = await fetch(`http://127.0.0.1:${port}/v1/customers`, {
        method: 'POST',
        headers: { authorization },
      });
      const { id } = (await created.json()) as { id: string };
      const target = { port, authorization, clients: bench.clients };
      const create = (seconds: number) =>
        generate({
          ...target,
          method: 'POST',
          paths: ['/v1/customers'],
          body: CUSTOMER,
          isIdempotent: true,
          seconds,
        });
      const retrieve = (seconds: number) =>
        generate({ ...target, method: 'GET', paths: [`/v1/customers/${id}`], seconds });
      return [
        ...(await counted(bench, wiretap, 'POST /v1/customers', create)),
        ...(await counted(bench, wiretap, 'GET /v1/customers/:id', retrieve)),
        ...(await counted(bench, wiretap, 'POST /v1/payment_intents, confirmed', (seconds) =>
          pay({ server }, { clients: bench.clients, seconds }),
        )),
      ];
    } finally {
      await server.stop();
      await wiretap.stop();
      await cluster.dropDatabase('bench_statements');
    }
  },
};

type Load = (seconds: number) => ReturnType<typeof generate>;

/** A statement that at least one of so many requests runs is hot. */
const HOT = 100;

async function counted(
  { seconds }: Bench,
  wiretap: Wiretap,
  route: string,
  load: Load,
): Promise<Result[]> {
  await load(2);
  wiretap.reset();
  const report = await load(seconds);
  const requests = perSecond(report) * report.seconds;
  const hot = [...wiretap.statements.values()].filter(({ run }) => run > requests / HOT);
  const runs = hot.reduce((sum, { run }) => sum + run, 0);
  const parsed = hot.reduce((sum, statement) => sum + statement.parsed, 0);
  return [
    { figure: `${route}: messages with statements`, unit: 'a request', values: [runs / requests] },
    {
      figure: `${route}: hot statements parsed again`,
      unit: 'times',
      values: [parsed],
      target: { of: 'value', is: 'at most', bound: 0 },
    },
  ];
}
