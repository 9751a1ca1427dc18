/**
 * GET /v1/customers?limit=100 of very many customers, beside the same of ten thousand in another
 * database: the first page, pages at any depth, and the last full one.
 */
import { withSite, type Bench, type Figure, type Result, type Site } from '../figure';
import { generate } from '../loads';
import { bodyPrefix, filledId, fillCustomers, warmUp } from '../site';
import { shuffled } from '../shuffle';
import { percentile } from '../statistics';

const FEW = 10_000;
const LIMIT = 100;

interface Filled {
  readonly site: Site;
  readonly prefix: string;
  readonly count: number;
}

const PAGES: Readonly<Record<string, (filled: Filled) => string[]>> = {
  'the first page': () => [''],
  'pages at any depth': ({ prefix, count }) =>
    shuffled(Math.floor(count / LIMIT) - 1)
      .slice(0, 1_000)
      .map((page) => `&starting_after=${filledId(prefix, page * LIMIT + 1)}`),
  'the deepest page': ({ prefix }) => [`&starting_after=${filledId(prefix, LIMIT + 1)}`],
};

export const listCustomers: Figure = {
  name: 'list',
  measure: (bench) =>
    withSite(bench, 'list_few', (few) =>
      withSite(bench, 'list_many', async (many) => {
        const small = await fill(few, FEW);
        const large = await fill(many, bench.rows);
        const results: Result[] = [];
        for (const [which, pagesOf] of Object.entries(PAGES)) {
          results.push(await compare(bench, which, small, large, pagesOf));
        }
        return results;
      }),
    ),
};

async function fill(site: Site, count: number): Promise<Filled> {
  await warmUp(site.server, 1);
  // The customers of the warm-up stay the newest: what is filled in is a month old.
  const prefix = bodyPrefix(new Date(Date.now() - 30 * 24 * 60 * 60 * 1000));
  await fillCustomers(site, { prefix, from: 1, to: count });
  return { site, prefix, count };
}

async function compare(
  bench: Bench,
  which: string,
  small: Filled,
  large: Filled,
  pagesOf: (filled: Filled) => string[],
): Promise<Result> {
  await medianTime(small, pagesOf, 1);
  await medianTime(large, pagesOf, 1);
  const values: number[] = [];
  const baseline: number[] = [];
  for (let pair = 0; pair < bench.pairs; pair += 1) {
    await bench.cluster.checkpoint();
    baseline.push(await medianTime(small, pagesOf, bench.seconds / 2));
    values.push(await medianTime(large, pagesOf, bench.seconds / 2));
  }
  return {
    figure: `GET /v1/customers, ${which} of ${bench.rows}`,
    unit: 'ms, p50',
    values,
    baseline: { of: `of ${FEW}`, values: baseline },
    target: { of: 'ratio', is: 'at most', bound: 1.2 },
  };
}

/** Of one client after the other, in milliseconds: nothing waits but for its own page. */
async function medianTime(
  filled: Filled,
  pagesOf: (filled: Filled) => string[],
  seconds: number,
): Promise<number> {
  const { server } = filled.site;
  const { latencies } = await generate({
    port: server.port,
    authorization: server.authorization,
    method: 'GET',
    paths: pagesOf(filled).map((cursor) => `/v1/customers?limit=${LIMIT}${cursor}`),
    clients: 1,
    seconds,
  });
  return percentile(latencies, 0.5);
}
