/** What a figure is: something measured several times, in turn with what it is compared to. */
import type { Cluster } from './cluster';
import type { PgBench } from './pgbench';
import { cpuSeconds } from './processes';
import type { Build } from './server';
import { withSite, type Site } from './site';

export interface Bench {
  readonly cluster: Cluster;
  readonly build: Build;
  readonly pgbench: PgBench;
  /** How often each figure and its baseline are measured, in turn. */
  readonly pairs: number;
  /** How long each measurement takes. */
  readonly seconds: number;
  /** Clients of a closed loop, and of pgbench. */
  readonly clients: number;
  /** Rows of the large table where size matters. */
  readonly rows: number;
  /** Subscriptions that become due at once. */
  readonly due: number;
}

export interface Target {
  /** Of the value itself, or of the value divided by its baseline. */
  readonly of: 'value' | 'ratio';
  readonly is: 'at least' | 'at most';
  readonly bound: number;
}

export interface Result {
  readonly figure: string;
  readonly unit: string;
  /** One each time. */
  readonly values: readonly number[];
  /** What was measured beside it, at the same places of its list. */
  readonly baseline?: { readonly of: string; readonly values: readonly number[] };
  readonly target?: Target;
  /** Whatever else is worth knowing, such as CPU seconds by process. */
  readonly notes?: Readonly<Record<string, number>>;
}

export interface Figure {
  readonly name: string;
  measure(bench: Bench): Promise<Result[]>;
}

export interface Pairs {
  readonly values: number[];
  readonly baseline: number[];
}

/** Baseline, figure, baseline, figure …: whatever else the machine does, it does to both. */
export async function inPairs(
  { cluster, pairs }: Bench,
  baseline: () => Promise<number>,
  ours: () => Promise<number>,
): Promise<Pairs> {
  const measured: Pairs = { values: [], baseline: [] };
  for (let pair = 0; pair < pairs; pair += 1) {
    await cluster.checkpoint();
    measured.baseline.push(await baseline());
    await cluster.checkpoint();
    measured.values.push(await ours());
  }
  return measured;
}

/** Adds up what the processes of a site used while `work` ran, in CPU seconds. */
export function costOf({ cluster }: Bench, { server }: Site) {
  const cost = { server: 0, postgres: 0, generator: 0 };
  return {
    cost,
    async while<T extends { cpuSeconds: number }>(work: () => Promise<T>): Promise<T> {
      const [serverBefore, postgresBefore] = await Promise.all([
        cpuSeconds(server.pid),
        cluster.cpu(),
      ]);
      const done = await work();
      cost.server += (await cpuSeconds(server.pid)) - serverBefore;
      cost.postgres += (await cluster.cpu()) - postgresBefore;
      cost.generator += done.cpuSeconds;
      return done;
    },
  };
}

export { withSite, type Site };
