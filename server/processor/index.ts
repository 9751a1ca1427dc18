/** Which processor serves a project and mode. */
import type { Pool } from '@/db/client';
import { transact, type Tenant } from '@/db/scope';
import { newId } from '@/server/kernel/ids';
import { NoAnswer, type Processor } from './processor';
import { postgresBooks, simulator } from './simulator';
import type { Run } from './simulator/books';
import type { Faults } from './simulator/faults';

export interface ProcessorOptions {
  /** Where a browser reaches this server: challenge pages are below it. */
  readonly origin: string;
  /** For tests: what goes wrong at the simulated bank. */
  readonly faults?: Faults | undefined;
}

/** Test mode goes to the simulator, whose books are in the same database but its own transactions. */
export const processorsOn =
  (pool: Pool, { origin, faults }: ProcessorOptions) =>
  (tenant: Tenant): Processor => {
    if (tenant.livemode) return unconfigured;
    const run: Run = (statement, params) =>
      transact(pool, tenant, async ({ objects }) => objects(statement, params));
    return simulator({
      books: postgresBooks(run),
      newTransaction: () => newId('processor_transaction'),
      redirect: (transaction) => `${origin}/simulator/challenge/${transaction}`,
      ...(faults === undefined ? {} : { faults }),
    });
  };

const refuse = async (): Promise<never> => {
  throw new NoAnswer('No processor is configured for live mode.');
};

/** Live mode without a gateway: operations refuse before they get here. */
const unconfigured: Processor = {
  name: 'none',
  authorize: refuse,
  resume: refuse,
  capture: refuse,
  cancel: refuse,
  refund: refuse,
  inquire: refuse,
};
