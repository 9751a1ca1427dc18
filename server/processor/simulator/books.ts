/**
 * The bank's books: a journal that is only ever added to, one entry a request.
 *
 * Two things are unique, and all safety rests on them. The reference: a request that arrives twice
 * is written once, and answered twice alike. The sequence within an authorization: of two requests
 * decided upon the same state of it, only one is written, and the other must decide again.
 */
import { NoAnswer, type Outcome } from '../processor';
import type { Hold, HoldState } from './rules';

export interface Entry {
  /** The merchant's, or `bank:…` for what the bank wrote on its own account. */
  readonly reference: string;
  /** What was asked; `answer` and `conclude` happen at the bank and are asked by nobody. */
  readonly verb: 'authorize' | 'resume' | 'capture' | 'cancel' | 'refund' | 'answer' | 'conclude';
  /** What this request asked for, in the currency's minor unit (pence); 0 where none is named. */
  readonly amount: number;
  /** 1 for the authorization itself, then one more for each request about it. */
  readonly sequence: number;
  /** How the authorization stood afterwards. */
  readonly hold: Hold;
  /** What the merchant was told. */
  readonly outcome: Outcome;
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
  return {
    find,
    async record(entry) {
      const [row] = await ask(run, INSERT, toParams(entry));
      if (row !== undefined) return toEntry(row);
      // Something stands in the way, and it is committed, for the insert waited for it. A later
      // statement is needed to see it: the insert's own snapshot may be older.
      return find(entry.reference);
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

const COLUMNS = [
  'id',
  'verb',
  'amount',
  'transaction',
  'sequence',
  'token',
  'currency',
  'requested',
  'capture',
  'state',
  'authorized',
  'captured',
  'refunded',
] as const;

// The outcome crosses as text, so that no driver's own idea of JSON comes between.
const SELECTED = `${COLUMNS.join(', ')}, outcome::text AS outcome`;

const INSERT = `
  INSERT INTO ${TABLE} (${COLUMNS.join(', ')}, outcome)
  VALUES (${COLUMNS.map((_, at) => `$${at + 1}`).join(', ')}, $${COLUMNS.length + 1}::text::jsonb)
  ON CONFLICT DO NOTHING
  RETURNING ${SELECTED}`;

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
}

/** Books that cannot be reached are a bank that does not answer: nobody knows what it wrote. */
async function ask(run: Run, statement: string, params: unknown[]): Promise<unknown[][]> {
  try {
    return await run(statement, params);
  } catch (cause) {
    throw new NoAnswer('The simulator could not read or write its books.', { cause });
  }
}

function toParams({ reference, verb, amount, sequence, hold, outcome }: Entry): unknown[] {
  const row = { ...hold, id: reference, verb, amount, sequence };
  return [...COLUMNS.map((column) => row[column]), JSON.stringify(outcome)];
}

function toEntry(values: readonly unknown[]): Entry {
  const row = Object.fromEntries(
    [...COLUMNS, 'outcome'].map((column, index) => [column, values[index]]),
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
    },
    outcome: JSON.parse(row.outcome) as Outcome,
  };
}
