/**
 * The gateway's own books: every transaction, in memory, and in a journal when there is one. Nobody
 * else writes them, so that they can be held against ours.
 */
import { closeSync, existsSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs';
import type { Action, Transaction } from './transaction';

export interface Books {
  /** Adds a transaction, or replaces it by how it stands now. */
  put(transaction: Transaction): void;
  byXref(xref: string): Transaction | null;
  /** By the reference of a step of 3-D Secure, whether or not it is the latest. */
  byThreeDSRef(ref: string): Transaction | null;
  /** By the id that the 3-D Secure server or the access control server gave it. */
  byAuthentication(transID: string): Transaction | null;
  /** When a request with this key was first taken, in milliseconds of the epoch. */
  taken(key: string): Taken | null;
  take(key: string, taken: Taken): void;
  /** Rows of settlement files, which are only ever added to. */
  settle(row: SettledRow): void;
  readonly settled: readonly SettledRow[];
  /** In the order in which they were made. */
  all(): Iterable<Transaction>;
  readonly size: number;
  /** The greatest id so far; 0 in empty books. */
  readonly lastId: number;
  close(): void;
}

/** What a duplicate is a duplicate of. */
export interface Taken {
  readonly at: number;
  readonly xref: string;
}

/** What became of a transaction in one settlement run. */
export interface SettledRow {
  /** Of the run, counted from 1. */
  readonly batch: number;
  readonly merchantID: string;
  /** `transactionUnique` */
  readonly reference: string | null;
  readonly xref: string;
  readonly id: number;
  readonly action: Action;
  readonly state: 'accepted' | 'rejected' | 'deferred';
  /** That was captured, in minor units; of a refund what goes back. */
  readonly amount: number;
  /** ISO 4217's three digits. */
  readonly currency: string;
  /** Of a refund, the `xref` of its sale. */
  readonly previous: string | null;
  /** Milliseconds of the epoch. */
  readonly at: number;
}

type Line =
  | { readonly transaction: Transaction }
  | { readonly settled: SettledRow }
  | { readonly key: string; readonly taken: Taken };

/**
 * @param journal a file that is only added to. What is in it already is read first: a gateway that was
 * killed goes on where it was. A last line that was cut off was never answered, and is dropped.
 */
export function openBooks(journal?: string): Books {
  const transactions = new Map<string, Transaction>();
  const refs = new Map<string, string>();
  const authentications = new Map<string, string>();
  const keys = new Map<string, Taken>();
  const settled: SettledRow[] = [];
  let lastId = 0;

  const keep = (transaction: Transaction): void => {
    const { xref, id, authentication } = transaction;
    transactions.set(xref, transaction);
    lastId = Math.max(lastId, id);
    if (authentication === null) return;
    refs.set(authentication.ref, xref);
    authentications.set(authentication.serverTransID, xref);
    authentications.set(authentication.acsTransID, xref);
  };
  const find = (xref: string | undefined): Transaction | null =>
    (xref === undefined ? undefined : transactions.get(xref)) ?? null;

  for (const line of journal === undefined ? [] : readJournal(journal)) {
    if ('transaction' in line) keep(line.transaction);
    else if ('settled' in line) settled.push(line.settled);
    else keys.set(line.key, line.taken);
  }
  const descriptor = journal === undefined ? null : openSync(journal, 'a');
  const lines: string[] = [];
  /**
   * All that one request changed in one write, before it is answered: it outlives the process, if not
   * the machine, and a process that is killed leaves no half of it.
   */
  const flush = (): void => {
    if (descriptor !== null && lines.length > 0) writeSync(descriptor, lines.splice(0).join(''));
  };
  const write = (line: Line): void => {
    if (descriptor === null) return;
    // Deciding awaits nothing, and answering does.
    if (lines.length === 0) queueMicrotask(flush);
    lines.push(`${JSON.stringify(line)}\n`);
  };

  return {
    put(transaction) {
      write({ transaction });
      keep(transaction);
    },
    byXref: find,
    byThreeDSRef: (ref) => find(refs.get(ref)),
    byAuthentication: (transID) => find(authentications.get(transID)),
    taken: (key) => keys.get(key) ?? null,
    take(key, taken) {
      write({ key, taken });
      keys.set(key, taken);
    },
    settle(row) {
      write({ settled: row });
      settled.push(row);
    },
    settled,
    all: () => transactions.values(),
    get size() {
      return transactions.size;
    },
    get lastId() {
      return lastId;
    },
    close() {
      flush();
      if (descriptor !== null) closeSync(descriptor);
    },
  };
}

function* readJournal(file: string): Generator<Line> {
  if (!existsSync(file)) return;
  const text = readFileSync(file, 'utf8');
  // After the last line end there is nothing, or what was being written when the process was killed.
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  truncateSync(file, Buffer.byteLength(whole));
  for (const line of whole.split('\n')) if (line !== '') yield JSON.parse(line) as Line;
}
