/**
 * Readers for every tenant, over one pool. Look-ups by key that arrive together travel in one
 * transaction: under load the messages that open and close it are shared by all of them.
 */
import { database, type Carrier, type Pool } from './client';
import { send } from './conversation';
import { gathering } from './gather';
import { prelude, transact, type Reader, type Tenant } from './scope';
import { together } from './together';

interface LookUp {
  readonly text: string;
  readonly params: readonly unknown[];
  readonly resolve: (rows: unknown[][]) => void;
  readonly reject: (reason: unknown) => void;
}

const LIMITS = { atOnce: 4, most: 100 };

export function readers(pool: Pool): (tenant: Tenant) => Reader {
  const gather = gathering<LookUp>((tenant, batch) => inOne(pool, tenant, batch), LIMITS);
  return (tenant) => {
    const rows: Carrier['rows'] = (text, params) => alone(pool, tenant, text, params);
    const lookUp: Reader['lookUp'] = (text, params) =>
      new Promise((resolve, reject) => gather(tenant, { text, params, resolve, reject }));
    return {
      db: database({ rows }),
      lookUp,
      lookUpEach: together(({ text }, keys) => lookUp(text, [keys])),
    };
  };
}

async function inOne(pool: Pool, tenant: Tenant, batch: readonly LookUp[]): Promise<void> {
  try {
    const connection = await pool.reserve();
    try {
      const opened = connection.unsafe(prelude(tenant)).execute();
      const answers = batch.map(({ text, params }) => send(connection, text, params).values());
      const closed = connection.unsafe('commit').execute();
      // All of them, also when one fails: the connection goes back when nothing is under way on it.
      const ended = await Promise.allSettled([opened, ...answers, closed]);
      for (const end of ended) if (end.status === 'rejected') throw end.reason;
      const results = await Promise.all(answers);
      batch.forEach(({ resolve }, index) => resolve(results[index] ?? []));
    } finally {
      connection.release();
    }
  } catch (error) {
    if (batch.length === 1) batch[0]?.reject(error);
    // One refused statement aborts them all: each gets its own answer alone.
    else {
      for (const { text, params, resolve, reject } of batch) {
        await alone(pool, tenant, text, params).then(resolve, reject);
      }
    }
  }
}

const alone = (
  pool: Pool,
  tenant: Tenant,
  text: string,
  params: readonly unknown[],
): Promise<unknown[][]> => transact(pool, tenant, ({ lookUp }) => lookUp(text, params));
