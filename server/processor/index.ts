/** Which processor serves a project and mode. */
import type { Pool } from '@/db/client';
import { readers } from '@/db/readers';
import type { Reader, Tenant } from '@/db/scope';
import { newId } from '@/server/kernel/ids';
import { NoAnswer, type Processor } from './processor';
import { answerChallenge, postgresBooks, simulator } from './simulator';
import type { Books } from './simulator/books';
import type { Faults } from './simulator/faults';

export interface ProcessorOptions {
  /** Where a browser reaches this server: challenge pages are below it. */
  readonly origin: string;
  /** For tests: what goes wrong at the simulated bank. */
  readonly faults?: Faults | undefined;
}

/** Test mode goes to the simulator, whose books are in the same database but its own transactions. */
export function processorsOn(
  pool: Pool,
  { origin, faults }: ProcessorOptions,
): (tenant: Tenant) => Processor {
  const readerOf = readers(pool);
  const books = new Map<number, Books>();
  return (tenant) => {
    if (tenant.livemode) return unconfigured;
    const known = books.get(tenant.projectId) ?? booksOf(readerOf(tenant));
    books.set(tenant.projectId, known);
    return simulator({
      books: known,
      newTransaction: () => newId('processor_transaction'),
      // Nobody can guess a reference: whoever has it may answer for the card.
      redirect: (reference) => `${origin}/simulator/challenge/${tenant.projectId}/${reference}`,
      ...(faults === undefined ? {} : { faults }),
    });
  };
}

/** The cardholder answers on the bank's page. It takes the first answer; a second changes nothing. */
export async function answerSimulatedChallenge(
  pool: Pool,
  tenant: Tenant,
  transaction: string,
  passed: boolean,
): Promise<void> {
  await answerChallenge(booksOf(readers(pool)(tenant)), transaction, passed);
}

/** What is written at the same moment is one statement, and is answered when it is committed. */
const booksOf = ({ lookUp }: Reader): Books =>
  postgresBooks((text, params) => lookUp(text, params));

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
