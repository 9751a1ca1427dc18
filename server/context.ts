/**
 * Builds what operations are given. Here the two edges, database and processor, meet the tables
 * that say what follows from what; nothing below this file knows all of them.
 */
import type { Pool } from '@/db/client';
import { withPeople } from '@/db/people';
import { joiners, type Transact } from '@/db/jointly';
import { isOutdated, type Memory } from '@/db/memory';
import { readers } from '@/db/readers';
import { transact, type Reader, type Tenant } from '@/db/scope';
import type { Logger } from 'pino';
import type { SignInSettings } from '@/server/api/auth/settings';
import { record } from '@/server/events';
import { refusalOf } from '@/server/kernel/conflicts';
import type { Caller, Ctx, Scope, Tx, Visit, Visitor } from '@/server/kernel/context';
import { failpoint } from '@/server/kernel/failpoint';
import type { EventName } from '@/server/kernel/object';
import type { Keyring } from '@/server/kernel/secrets';
import type { ProcessorFinder } from '@/server/processors';
import { reactions } from '@/server/reactions';

/** What exists once a process. */
export interface Runtime {
  readonly pool: Pool;
  readonly readerOf: (tenant: Tenant) => Reader;
  /** Opens a transaction, or shares one with others that come at the same moment. */
  readonly joinerOf: (tenant: Tenant) => Transact;
  readonly processorOf: ProcessorFinder;
  readonly keyring: Keyring;
  readonly clock: () => Date;
  readonly log: Logger;
  readonly signIn: SignInSettings;
  /** Tells the worker of this process what was announced. Others find by looking what is due of it. */
  readonly wake: (announced: ReadonlySet<EventName>) => void;
}

export type RuntimeParts = Omit<Runtime, 'joinerOf' | 'readerOf'>;

export const createRuntime = (parts: RuntimeParts): Runtime => ({
  ...parts,
  readerOf: readers(parts.pool),
  joinerOf: joiners(parts.pool),
});

type Asker = Tenant & Partial<Pick<Caller, 'publishable' | 'rights' | 'actor' | 'request' | 'now'>>;

const callerOf = (runtime: Runtime, asker: Asker): Caller => ({
  projectId: asker.projectId,
  livemode: asker.livemode,
  now: asker.now ?? runtime.clock(),
  /** Of each transaction, which takes a copy when it begins: a processor may take its time between two. */
  get wallClock() {
    return runtime.clock();
  },
  publishable: asker.publishable ?? false,
  rights: asker.rights ?? null,
  actor: asker.actor ?? null,
  request: asker.request ?? null,
  keyring: runtime.keyring,
  origin: runtime.signIn.origin,
});

/** Whoever comes to the door. */
export function visitorOf(runtime: Runtime, visit: Omit<Visit, 'keyring'>): Visitor {
  const visitor = { ...visit, keyring: runtime.keyring };
  return {
    ...visitor,
    people: (work) => withPeople(runtime.pool, (writer) => work({ ...visitor, ...writer })),
  };
}

/** Enough to read as the asker. */
export const scopeOf = (runtime: Runtime, asker: Asker): Scope => {
  const reader = runtime.readerOf(asker);
  return { ...callerOf(runtime, asker), ...reader };
};

/** To act as the asker: open transactions, and call the processor between them. */
export function ctxOf(runtime: Runtime, asker: Asker): Ctx {
  const caller = callerOf(runtime, asker);
  // Requests come one by one, and many at a time; what became due is taken many at a time already.
  const open: Transact =
    caller.request === null
      ? (work, memory) => transact(runtime.pool, asker, work, memory)
      : runtime.joinerOf(asker);
  async function transaction<T>(work: (tx: Tx) => Promise<T>, memory?: Memory): Promise<T> {
    const announced = new Set<EventName>();
    try {
      const answer = await open(async (writer) => {
        const tx: Tx = {
          ...caller,
          ...writer,
          async announce(type, object, previous) {
            announced.add(type);
            const event = record(tx, type, object, previous);
            for (const react of [...(reactions[type] ?? []), ...reactions['*']]) {
              await react(tx, event);
            }
          },
        };
        const result = await work(tx);
        await failpoint('transaction.worked');
        return result;
      }, memory);
      await failpoint('transaction.committed');
      if (announced.size > 0) runtime.wake(announced);
      return answer;
    } catch (error) {
      if (memory !== undefined && isOutdated(error)) return transaction(work);
      throw refusalOf(error) ?? error;
    }
  }
  return {
    ...caller,
    processor: (account) => runtime.processorOf(asker, account),
    transaction,
  };
}
