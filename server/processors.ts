/**
 * Which processor an account is kept at. Accounts are rows that any process may change, and opening
 * one costs a read and a decryption, so what was opened is believed for a moment, and kept for as
 * long as the row is the same.
 */
import type { Logger } from 'pino';
import type { Pool } from '@/db/client';
import { readers } from '@/db/readers';
import type { Reader, Tenant } from '@/db/scope';
import type { Keyring } from '@/server/kernel/secrets';
import { processorsOn, type ProcessorOptions } from '@/server/processor';
import { newCardstream } from '@/server/processor/cardstream';
import type { Processor } from '@/server/processor/processor';
import { findAccount, openCredentials, type Credentials } from '@/server/processor_accounts';

/** The processor of an account, which must exist; of null the simulator, which live mode has not. */
export type ProcessorFinder = (tenant: Tenant, account: string | null) => Promise<Processor>;

export interface ProcessorParts extends ProcessorOptions {
  readonly pool: Pool;
  /** The simulated bank keeps its own connections: it is another company. */
  readonly bank: Pool;
  readonly keyring: Keyring;
  readonly clock: () => Date;
  readonly log: Logger;
}

/** How long an account's row is believed without looking again, in milliseconds. */
const BELIEVED_MS = 1_000;
const REMEMBERED = 10_000;

interface Known {
  readonly revision: number;
  readonly processor: Processor;
}

export function findProcessors(parts: ProcessorParts): ProcessorFinder {
  const simulatorOf = processorsOn(parts.bank, parts);
  const readerOf = readers(parts.pool);
  const memory = new Map<string, { known: Promise<Known>; until: number }>();
  return async (tenant, account) => {
    if (account === null) return simulatorOf(tenant);
    const key = `${tenant.projectId}/${tenant.livemode}/${account}`;
    const before = memory.get(key);
    const now = parts.clock().getTime();
    if (before === undefined || now >= before.until) {
      if (memory.size >= REMEMBERED) memory.clear();
      const known = read(parts, readerOf(tenant), tenant, account, before?.known);
      memory.set(key, { known, until: now + BELIEVED_MS });
      known.catch(() => memory.delete(key));
      return (await known).processor;
    }
    return (await before.known).processor;
  };
}

async function read(
  parts: ProcessorParts,
  reader: Reader,
  tenant: Tenant,
  account: string,
  before: Promise<Known> | undefined,
): Promise<Known> {
  const row = await findAccount(reader, account);
  if (row === null) throw new Error(`Processor account ${account} does not exist.`);
  const known = await before?.catch(() => undefined);
  if (known?.revision === row.revision) return known;
  const credentials = openCredentials(parts.keyring, row);
  return { revision: row.revision, processor: connect(parts, tenant, credentials) };
}

function connect(
  { origin, clock, log }: ProcessorParts,
  { projectId, livemode }: Tenant,
  { callbackToken, ...credentials }: Credentials,
): Processor {
  // Nobody can guess a reference: whoever has it may answer for the card.
  const pageOf = (reference: string): string =>
    `${origin}/challenge/${livemode ? 'live' : 'test'}/${projectId}/${reference}`;
  return newCardstream({
    ...credentials,
    callbackUrl: `${origin}/callbacks/cardstream/${callbackToken}`,
    redirect: pageOf,
    returnUrl: (reference) => `${pageOf(reference)}/return`,
    clock,
    log,
  });
}
