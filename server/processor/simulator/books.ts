/**
 * The bank's books: a journal that is only ever added to, one entry a request.
 *
 * Two things are unique, and all safety rests on them. The reference: a request that arrives twice
 * is written once, and answered twice alike. The sequence within an authorization: of two requests
 * decided upon the same state of it, only one is written, and the other must decide again.
 */
import { NoAnswer, type Outcome } from '../processor';
import type { Sequel } from './cards';
import type { Hold, HoldState } from './rules';

export interface Entry {
  /** The merchant's, or `bank:…` for what the bank wrote on its own account. */
  readonly reference: string;
  /** What was asked; `answer` and `conclude` happen at the bank and are asked by nobody. */
  readonly verb:
    | 'authorize'
    | 'resume'
    | 'capture'
    | 'increment'
    | 'cancel'
    | 'refund'
    | 'answer'
    | 'conclude';
  /** What this request asked for, in the currency's minor unit (pence); 0 where none is named. */
  readonly amount: number;
  /** 1 for the authorization itself, then one more for each request about it. */
  readonly sequence: number;
  /** How the authorization stood afterwards. */
  readonly hold: Hold;
  /** What the merchant was told. */
  readonly outcome: Outcome;
  /** What they will be told besides, without asking. Not part of what can be asked for later. */
  readonly sequel?: Sequel;
}

export interface Books {
  /**
   * Writes the entry, all of it or nothing. Answers the entry that now stands under its reference,
   * which is an earlier one when the request is a repeat, or null when another request about the
   * same authorization came first and this one must be decided again.
   */
  record(entry: Entry): Promise<Entry | null>;
  find(reference: string): Promise<Entry | null>;
  /** The latest entry about an authorization: how it stands. */
  byTransaction(transaction: string): Promise<Entry | null>;
  /** Whether the cardholder behind this token has passed a challenge and been approved. */
  isSetUp(token: string): Promise<boolean>;
}

/** Books that are lost with the process. For unit tests. */
export function memoryBooks(): Books {
  const byReference = new Map<string, Entry>();
  const latest = new Map<string, Entry>();
  return {
    async record(entry) {
      const earlier = byReference.get(entry.reference);
      if (earlier !== undefined) return earlier;
      const { transaction } = entry.hold;
      if (entry.sequence !== (latest.get(transaction)?.sequence ?? 0) + 1) return null;
      byReference.set(entry.reference, entry);
      latest.set(transaction, entry);
      return entry;
    },
    async find(reference) {
      return byReference.get(reference) ?? null;
    },
    async byTransaction(transaction) {
      return latest.get(transaction) ?? null;
    },
    async isSetUp(token) {
      return [...byReference.values()].some(
        ({ verb, hold, outcome }) =>
          verb === 'resume' && hold.token === token && outcome.kind === 'approved',
      );
    },
  };
}

/** Executes one SQL statement and commits it; answers the rows, each as an array of its columns. */
export type Run = (statement: string, params: unknown[]) => Promise<unknown[][]>;

/**
 * Books in the table `simulator_transactions` (`db/schema/simulator.ts`), whose tenant columns are
 * filled and filtered by the transaction's settings.
 *
 * Each call of `run` must have committed when it answers: a bank does not forget what it did because
 * the merchant rolled back.
 */
export function postgresBooks(run: Run): Books {
  const select = async (where: string, param: string): Promise<Entry | null> => {
    const [row] = await ask(run, `SELECT ${SELECTED} FROM ${TABLE} WHERE ${where}`, [param]);
    return row === undefined ? null : toEntry(row);
  };
  const find = (reference: string): Promise<Entry | null> => select('id = $1', reference);
  const write = writer(run);
  return {
    find,
    async record(entry) {
      // Where something stands in the way it is committed, for the insert waited for it. A later
      // statement is needed to see it: the insert's own snapshot may be older.
      return (await write(entry)) ?? find(entry.reference);
    },
    byTransaction: (transaction) =>
      select('transaction = $1 ORDER BY sequence DESC LIMIT 1', transaction),
    async isSetUp(token) {
      const rows = await ask(run, IS_SET_UP, [token]);
      return rows.length > 0;
    },
  };
}

const TABLE = 'simulator_transactions';

/** The columns with their types, but for the outcome. */
const TYPES = {
  id: 'text',
  verb: 'text',
  amount: 'bigint',
  transaction: 'text',
  sequence: 'int',
  token: 'text',
  currency: 'text',
  requested: 'bigint',
  capture: 'boolean',
  state: 'text',
  authorized: 'bigint',
  captured: 'bigint',
  refunded: 'bigint',
} as const;

const COLUMNS = Object.keys(TYPES) as (keyof typeof TYPES)[];

// JSON crosses as text, so that no driver's own idea of it comes between.
const SELECTED = `${COLUMNS.join(', ')}, outcome::text AS outcome, latitudes::text AS latitudes`;

/** Entries with what follows them, or, where one is there already, neither. */
const INSERT = `
  WITH asked AS (
    SELECT DISTINCT ON (id) * FROM jsonb_to_recordset($1::text::jsonb)
      AS asked (${COLUMNS.map((column) => `${column} ${TYPES[column]}`).join(', ')}, outcome jsonb, latitudes jsonb, sequel text)
  ), entry AS (
    INSERT INTO ${TABLE} (${COLUMNS.join(', ')}, outcome, latitudes)
    SELECT ${COLUMNS.join(', ')}, outcome, latitudes FROM asked
    ON CONFLICT DO NOTHING
    RETURNING ${SELECTED}
  ), sequel AS (
    INSERT INTO simulator_sequels (id, kind, due_at)
    SELECT id, asked.sequel, 0 FROM entry JOIN asked USING (id) WHERE asked.sequel IS NOT NULL
  )
  SELECT * FROM entry`;

const IS_SET_UP = `
  SELECT 1 FROM ${TABLE}
  WHERE token = $1 AND verb = 'resume' AND outcome->>'kind' = 'approved' LIMIT 1`;

/** Drivers give `bigint` as a string, a number or a bigint: `Number` takes them all. */
type Whole = string | number | bigint;

interface Row {
  id: string;
  verb: Entry['verb'];
  amount: Whole;
  transaction: string;
  sequence: Whole;
  token: string;
  currency: string;
  requested: Whole;
  capture: boolean;
  state: HoldState;
  authorized: Whole;
  captured: Whole;
  refunded: Whole;
  outcome: string;
  latitudes: string;
}

/** Books that cannot be reached are a bank that does not answer: nobody knows what it wrote. */
async function ask(run: Run, statement: string, params: unknown[]): Promise<unknown[][]> {
  try {
    return await run(statement, params);
  } catch (cause) {
    throw new NoAnswer('The simulator could not read or write its books.', { cause });
  }
}

interface Writing {
  readonly entry: Entry;
  readonly resolve: (written: Entry | null) => void;
  readonly reject: (reason: unknown) => void;
}

/** Inserts entries, those of one moment as one statement. Null where one stands in the way. */
function writer(run: Run): (entry: Entry) => Promise<Entry | null> {
  let waiting: Writing[] = [];

  async function insert(batch: readonly Writing[]): Promise<void> {
    const rows = batch.map(({ entry: { reference, hold, ...entry } }) => ({
      ...hold,
      ...entry,
      id: reference,
    }));
    try {
      const inserted = await ask(run, INSERT, [JSON.stringify(rows)]);
      const written = new Map(inserted.map(toEntry).map((entry) => [entry.reference, entry]));
      for (const { entry, resolve } of batch) resolve(written.get(entry.reference) ?? null);
    } catch (reason) {
      // One that cannot be written takes the others with it: each is written alone.
      if (batch.length > 1) await Promise.all(batch.map((one) => insert([one])));
      else for (const { reject } of batch) reject(reason);
    }
  }

  return (entry) =>
    new Promise((resolve, reject) => {
      if (waiting.length === 0) {
        setImmediate(() => {
          const batch = waiting;
          waiting = [];
          void insert(batch);
        });
      }
      waiting.push({ entry, resolve, reject });
    });
}

function toEntry(values: readonly unknown[]): Entry {
  const row = Object.fromEntries(
    [...COLUMNS, 'outcome', 'latitudes'].map((column, index) => [column, values[index]]),
  ) as unknown as Row;
  return {
    reference: row.id,
    verb: row.verb,
    amount: Number(row.amount),
    sequence: Number(row.sequence),
    hold: {
      transaction: row.transaction,
      token: row.token,
      currency: row.currency,
      requested: Number(row.requested),
      capture: row.capture,
      state: row.state,
      authorized: Number(row.authorized),
      captured: Number(row.captured),
      refunded: Number(row.refunded),
      latitudes: JSON.parse(row.latitudes) as Hold['latitudes'],
    },
    outcome: JSON.parse(row.outcome) as Outcome,
  };
}
