/**
 * The only door to tenant tables: a transaction with the project, the mode and the application's
 * role set for its length. Settings are transaction-local, so nothing leaks through the pool and a
 * pooler in transaction mode is welcome.
 *
 * Statements are pipelined. A transaction sends `begin`, the settings, its changes and `commit`
 * without waiting between them; only a read waits, because its answer is needed. A transaction
 * whose rows are known beforehand is three messages and one round trip: see `changes.ts`. Those that
 * requests begin at the same moment share even these: see `jointly.ts`.
 */
import { changes, type Changes } from './changes';
import { together } from './together';
import { database, type Database, type Pool } from './client';
import { converse, type Conversation } from './conversation';
import type { Connection } from './loans';
import { recollect, type Memory, type Recollection } from './memory';
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

/** What a transaction need not ask, because nobody else can change it until it ends. */
export interface Held {
  /** By table and id, rows that it locked or made. (And its project, of which it wants one version.) */
  readonly rows: Map<string, Map<string, object>>;
  /** The ids of rows that it made: whatever refers to them, it made too. */
  readonly made: Set<string>;
  /** As `table/id`, rows that it made or changed. */
  readonly written: Set<string>;
  /** By table and id, rows that it found and did not lock: others may have changed them since. */
  readonly found: Map<string, Map<string, object>>;
}

export const nothingHeld = (): Held => ({
  rows: new Map(),
  made: new Set(),
  written: new Set(),
  found: new Map(),
});

/**
 * What a transaction that goes on from a memory holds to begin with: what was not locked, and only
 * wanted in one version. Rows are recalled when they are locked.
 */
export const heldFrom = ({ held }: Memory): Held => {
  const begun = nothingHeld();
  for (const table of UNLOCKED) {
    const rows = held.rows.get(table);
    if (rows !== undefined) begun.rows.set(table, rows);
  }
  return begun;
};

const UNLOCKED = ['projects'];

/** A look-up of any number of keys: `$1` is the array of them. */
export interface Question {
  readonly text: string;
  /** Which column of the answer is the key. */
  readonly column: number;
  /** The only table that is read. */
  readonly table: string;
  /** Which column of the answer is the id, where the rows are locked. */
  readonly locks?: number;
  /** Whoever asks lays what the transaction holds over the answer. */
  readonly isOverlaid?: true;
}

/** What a transaction can do. */
export interface Writer extends Reader {
  /** What becomes of single rows. It is sent with what comes after it, and at the latest at the end. */
  readonly changes: Pick<Changes, 'put' | 'replace' | 'waiting'>;
  /**
   * Sends a statement without waiting for it. A refusal surfaces when the transaction commits,
   * and then nothing of it has happened.
   */
  write(text: string, params: readonly unknown[]): void;
  /** Rows as objects, for statements that no table's columns describe. */
  objects<Row>(text: string, params: readonly unknown[]): Promise<Row[]>;
  /** What the transaction leaves for another that goes on from it. */
  remember(): Memory;
  /** A row as it was left by the one that this goes on from; it is locked by that. */
  recall(table: string, id: string): object | undefined;
}

/** Begins, and says who is asking, in one message. All three values are ours, none is input. */
export const prelude = ({ projectId, livemode }: Tenant): string =>
  `begin;set local role ${APP_ROLE};set local calmony.project_id=${projectId};set local calmony.livemode=${livemode}`;

/**
 * Runs `work` in a transaction of the tenant. It commits when `work` resolves.
 *
 * @throws what `isOutdated` knows, where it went on from a memory that is not true any more
 */
export async function transact<T>(
  pool: Pool,
  tenant: Tenant,
  work: (writer: Writer) => Promise<T>,
  memory?: Memory,
): Promise<T> {
  const connection = await pool.reserve();
  try {
    return await conduct(connection, prelude(tenant), work, memory);
  } finally {
    connection.release();
  }
}

/** Runs `work` in the transaction that `opening` begins, in whatever role that takes on. */
export const conduct = <T>(
  connection: Connection,
  opening: string,
  work: (writer: Writer) => Promise<T>,
  memory?: Memory,
): Promise<T> =>
  converse(connection, opening, async (conversation) => {
    const held = memory === undefined ? nothingHeld() : heldFrom(memory);
    const past = memory === undefined ? null : await recollect(memory, conversation.tell);
    const pending = changes((text, params) => {
      past?.makeSure();
      conversation.tell(text, params);
    });
    try {
      const answer = await work(writerOn(conversation, pending, held, past));
      past?.makeSure();
      pending.flush();
      return answer;
    } finally {
      pending.close();
    }
  });

/** All of a conversation is this writer's: its changes are sent when a read needs them. */
function writerOn(
  { tell, ask, askObjects, identify }: Conversation,
  pending: Changes,
  held: Held,
  past: Recollection | null,
): Writer {
  const flush: Changes['flush'] = (reading) => {
    past?.makeSure();
    pending.flush(reading);
  };
  const forget = (): void => {
    held.rows.clear();
    held.made.clear();
  };
  const lookUp: Writer['lookUp'] = async (text, params, table) => {
    const tables = table === undefined ? readingOf(text).tables : [table];
    if (tables === undefined) forget();
    flush(tables === undefined ? undefined : { tables });
    return ask(text, params);
  };
  return {
    db: database({ rows: (text, params) => lookUp(text, params) }),
    lookUp,
    lookUpEach: together(async ({ text, table, ...question }, keys) => {
      flush({ tables: [table], ...question });
      return ask(text, [keys]);
    }),
    held,
    changes: pending,
    write(text, params) {
      forget();
      flush();
      tell(text, params);
    },
    objects(text, params) {
      forget();
      flush();
      return askObjects(text, params);
    },
    remember: () => ({ held, transaction: identify() }),
    recall: (table, id) => past?.recall(table, id),
  };
}

/** What a query does, as far as its text tells. */
interface Reading {
  /** The tables that it names; undefined where it may write. */
  readonly tables: readonly string[] | undefined;
  readonly locks: boolean;
}

const readings = new Map<string, Reading>();

/** Kept: texts are few, and the same. */
export function readingOf(text: string): Reading {
  let reading = readings.get(text);
  if (reading === undefined) {
    const named = [...text.matchAll(/\b(?:from|join)\s+"?(\w+)"?/gi)].map(([, name = '']) => name);
    reading = {
      tables: /^\s*select\b/i.test(text) ? named : undefined,
      locks: /\bfor (?:no key )?(?:update|share)\b|\bpg_advisory/i.test(text),
    };
    readings.set(text, reading);
  }
  return reading;
}
