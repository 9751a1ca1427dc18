/**
 * Callbacks that are to be kept at about the same moment share a transaction: one flush of the log, and
 * one statement, where each would have had its own.
 */
import type { Logger } from 'pino';
import { gathering } from '@/db/gather';
import type { Tenant } from '@/db/scope';
import type { Told } from './callback';

/** Keeps all of a tenant's, or none. */
type KeepAll = (tenant: Tenant, told: readonly Told[]) => Promise<void>;

interface Waiting {
  readonly told: Told;
  readonly resolve: () => void;
  readonly reject: (reason: unknown) => void;
}

/** What comes while a batch is under way is the next one. */
const LIMITS = { atOnce: 1, most: 64 };

/** Keeps one, with others. Resolves once it is stored. */
export function keepingTogether(
  keepAll: KeepAll,
  log: Pick<Logger, 'warn'>,
): (tenant: Tenant, told: Told) => Promise<void> {
  /** Where one fails, the others are kept without it. */
  async function carry(tenant: Tenant, batch: readonly Waiting[]): Promise<void> {
    const told = batch.map((one) => one.told);
    try {
      await keepAll(tenant, told);
      for (const { resolve } of batch) resolve();
    } catch (error) {
      if (batch.length > 1)
        log.warn({ err: error, batch: batch.length }, 'callbacks go one by one');
      await Promise.all(
        batch.map((one) => keepAll(tenant, [one.told]).then(one.resolve, one.reject)),
      );
    }
  }
  const gather = gathering<Waiting>(carry, LIMITS);
  return (tenant, told) =>
    new Promise((resolve, reject) => gather(tenant, { told, resolve, reject }));
}
