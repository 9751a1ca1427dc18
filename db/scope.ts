/**
 * The only door to tenant tables: a transaction with the project, the mode and the application's
 * role set for its length. Settings are transaction-local, so nothing leaks through the pool and a
 * pooler in transaction mode is welcome.
 *
 * Statements are pipelined. A transaction sends `begin`, the settings, its changes and `commit`
 * without waiting between them; only a read waits, because its answer is needed. A transaction
 * whose rows are known beforehand is three messages and one round trip: see `changes.ts`.
 */
import { changes, type Changes } from './changes';
import { together } from './together';
import { database, type Carrier, type Database, type Pool } from './client';
import type { Connection } from './loans';
import { APP_ROLE } from './roles';

export interface Tenant {
  readonly projectId: number;
  readonly livemode: boolean;
}

/** What a scope can do with the database when it may only read. */
export interface Reader {
  /** The query builder. Each statement is a transaction of its own. */
  readonly db: Database;
  /**
   * A look-up by key, which may share its transaction with others that wait at the same moment.
   * `table` is the only one that it reads, where that is known.
   */
  lookUp(text: string, params: readonly unknown[], table?: string): Promise<unknown[][]>;
  /** As `lookUp`, together with others who ask the same for other keys at the same moment. */
  lookUpEach(question: Question, key: string): Promise<unknown[][]>;
  /** Of a transaction only. Forgotten whenever a statement may have changed any of them. */
  readonly held?: Held;
}

/**
 * Rows that a transaction need not ask for again, by table and id: it locked them or made them, so
 * nobody else can change them until it ends. (And its project, of which it wants one version.)
 */
export type Held = Map<string, Map<string, object>>;

/** A look-up of any number of keys: `$1` is the array of them. */
export interface Question {
  readonly text: string;
  /** Which column of the answer is the key. */
  readonly column: number;
  /** The only table that is read. */
  readonly table: string;
}

/** What a transaction can do. */
export interface Writer extends Reader {
  /** What becomes of single rows. It is sent with what comes after it, and at the latest at the end. */
  readonly changes: Omit<Changes, 'close' | 'flush'>;
  /**
   * Sends a statement without waiting for it. A refusal surfaces when the transaction commits,
   * and then nothing of it has happened.
   */
  write(text: string, params: readonly unknown[]): void;
  /** Rows as objects, for statements that no table's columns describe. */
  objects<Row>(text: string, params: readonly unknown[]): Promise<Row[]>;
}

/** Begins, and says who is asking, in one message. All three values are ours, none is input. */
const prelude = ({ projectId, livemode }: Tenant): string =>
  `begin;set local role ${APP_ROLE};set local calmony.project_id=${projectId};set local calmony.livemode=${livemode}`;

/** Prepared, also where there are no parameters, which the driver would send as plain text. */
const send = (connection: Connection, text: string, params: readonly unknown[]) =>
  connection.unsafe(text, params as never[], PREPARED).execute();

const PREPARED = { prepare: true, simple: false };

/** Runs `work` in a transaction of the tenant. It commits when `work` resolves. */
export async function transact<T>(
  pool: Pool,
  tenant: Tenant,
  work: (writer: Writer) => Promise<T>,
): Promise<T> {
  const connection = await pool.reserve();
  try {
    return await conduct(connection, prelude(tenant), work);
  } finally {
    connection.release();
  }
}

/** Runs `work` in the transaction that `opening` begins, in whatever role that takes on. */
export async function conduct<T>(
  connection: Connection,
  opening: string,
  work: (writer: Writer) => Promise<T>,
): Promise<T> {
  let failure: unknown;
  const sent: Promise<unknown>[] = [];
  // The first failure is the cause: those behind it only say that the transaction is aborted.
  const track = (statement: PromiseLike<unknown>): void => {
    sent.push(
      Promise.resolve(statement).catch((error: unknown) => {
        failure ??= error;
      }),
    );
  };
  const pending = changes((text, params) => track(send(connection, text, params)));
  const held: Held = new Map();
  const lookUp: Writer['lookUp'] = async (text, params, table) => {
    try {
      const reads = table === undefined ? tablesOf(text) : [table];
      if (reads === undefined) held.clear();
      pending.flush(reads);
      return await send(connection, text, params).values();
    } catch (error) {
      failure ??= error;
      throw failure;
    }
  };

  track(connection.unsafe(opening).execute());
  const lookUpEach = together(({ text, table }, keys) => lookUp(text, [keys], table));
  let answer: T;
  try {
    answer = await work({
      db: database({ rows: (text, params) => lookUp(text, params) }),
      lookUp,
      lookUpEach,
      held,
      changes: pending,
      write(text, params) {
        held.clear();
        pending.flush();
        track(send(connection, text, params));
      },
      objects: async <Row>(text: string, params: readonly unknown[]) => {
        try {
          held.clear();
          pending.flush();
          return [...(await send(connection, text, params))] as unknown as Row[];
        } catch (error) {
          failure ??= error;
          throw failure;
        }
      },
    });
    pending.flush();
    pending.close();
  } catch (error) {
    pending.close();
    await rollBack(connection);
    await Promise.all(sent);
    throw failure ?? error;
  }
  const commit = connection.unsafe('commit').execute();
  const [ending] = await Promise.all([
    commit.catch((error: unknown) => void (failure ??= error)),
    ...sent,
  ]);
  if (failure !== undefined) throw failure;
  // The commit of a failed transaction is a rollback, and PostgreSQL says so without an error.
  if (ending?.command !== 'COMMIT') throw new Error('The transaction was rolled back.');
  return answer;
}

/** Where the connection is lost, the server has rolled back already. */
async function rollBack(connection: Connection): Promise<void> {
  try {
    await connection.unsafe('rollback');
  } catch {
    // What made it roll back is the news, and is thrown.
  }
}

const tables = new Map<string, readonly string[] | undefined>();

/** The tables that a query names; undefined where it may write. Kept: texts are few, and the same. */
function tablesOf(text: string): readonly string[] | undefined {
  if (!tables.has(text)) {
    const reads = /^\s*select\b/i.test(text);
    const named = [...text.matchAll(/\b(?:from|join)\s+"?(\w+)"?/gi)].map(([, name = '']) => name);
    tables.set(text, reads ? named : undefined);
  }
  return tables.get(text);
}

interface Waiting {
  text: string;
  params: readonly unknown[];
  resolve: (rows: unknown[][]) => void;
  reject: (reason: unknown) => void;
}

/** Batches of look-ups a tenant may have under way before further ones wait and share the next. */
const BATCHES_AT_ONCE = 4;

/**
 * Readers for every tenant, over one pool. Look-ups by key that arrive together travel in one
 * transaction: under load the four messages that open and close it are shared by all of them.
 */
export function readers(pool: Pool): (tenant: Tenant) => Reader {
  const lanes = new Map<string, Lane>();
  return (tenant) => {
    const key = `${tenant.projectId}/${tenant.livemode}`;
    const rows: Carrier['rows'] = (text, params) => alone(pool, tenant, text, params);
    const lookUp: Reader['lookUp'] = (text, params) =>
      new Promise((resolve, reject) => {
        let lane = lanes.get(key);
        if (lane === undefined) {
          lane = { waiting: [], underWay: 0, scheduled: false };
          lanes.set(key, lane);
        }
        lane.waiting.push({ text, params, resolve, reject });
        schedule(pool, tenant, lane, () => lanes.delete(key));
      });
    return {
      db: database({ rows }),
      lookUp,
      lookUpEach: together(({ text }, keys) => lookUp(text, [keys])),
    };
  };
}

interface Lane {
  waiting: Waiting[];
  underWay: number;
  scheduled: boolean;
}

function schedule(pool: Pool, tenant: Tenant, lane: Lane, drained: () => void): void {
  if (lane.scheduled || lane.underWay >= BATCHES_AT_ONCE) return;
  lane.scheduled = true;
  // After the events of this turn: what they ask for joins the same batch.
  setImmediate(() => {
    lane.scheduled = false;
    const batch = lane.waiting;
    lane.waiting = [];
    lane.underWay += 1;
    void inOne(pool, tenant, batch).finally(() => {
      lane.underWay -= 1;
      if (lane.waiting.length > 0) schedule(pool, tenant, lane, drained);
      else if (lane.underWay === 0 && !lane.scheduled) drained();
    });
  });
}

async function inOne(pool: Pool, tenant: Tenant, batch: readonly Waiting[]): Promise<void> {
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
