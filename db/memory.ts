/**
 * What one transaction leaves for the next. A payment is intended in one transaction and concluded in
 * another, and while the processor works hardly anybody touches its rows. So the second does not ask
 * for them: it goes on from them as the first left them, and has the database make sure that they are
 * still so, which takes no round trip of its own. Where one is not, nothing of the second transaction
 * has happened, and it runs again without its memory.
 */
import postgres from 'postgres';
import type { Held } from './scope';

/** The rows of a transaction as they were when it committed. */
export interface Memory {
  readonly held: Held;
  /** The id of the transaction, which the rows that it wrote have as `xmin`; once it has committed. */
  readonly transaction: Promise<string>;
}

/** A row that a transaction relies on, and the transaction that wrote it last. */
interface Relied {
  readonly table: string;
  readonly id: string;
  readonly writer: string;
}

/** The memory of a transaction that is under way. */
export interface Recollection {
  /** The row as it was left, where that is known. The transaction fails if it was changed since. */
  recall(table: string, id: string): object | undefined;
  /** Has it made sure of: to be called before anything that may itself change what was recalled. */
  makeSure(): void;
}

/** By rows that were read: which transaction had written them. */
const writers = new WeakMap<object, string>();

export const noteWriter = (row: object, writer: string): void => void writers.set(row, writer);

/** Begins to recall, in a transaction whose statements `tell` sends. */
export async function recollect(
  { held, transaction }: Memory,
  tell: (text: string, params: readonly unknown[]) => void,
): Promise<Recollection> {
  const own = await transaction;
  let relied: Relied[] = [];

  /** A row that was only found is as it was found, whatever became of it afterwards. */
  function writerOf(table: string, id: string, row: object): string | undefined {
    const isOwn = held.rows.get(table)?.get(id) === row && held.written.has(`${table}/${id}`);
    return isOwn ? own : writers.get(row);
  }

  return {
    recall(table, id) {
      const row = held.rows.get(table)?.get(id) ?? held.found.get(table)?.get(id);
      const writer = row === undefined ? undefined : writerOf(table, id, row);
      if (writer === undefined) return undefined;
      relied.push({ table, id, writer });
      return row;
    },
    makeSure() {
      if (relied.length === 0) return;
      tell(
        `select ${relied.map(({ table }, at) => unchanged(table, at)).join(', ')}`,
        relied.flatMap(({ id, writer }) => [id, writer]),
      );
      relied = [];
    },
  };
}

/** Locks the row in passing, as whoever asks for it would. */
const unchanged = (table: string, at: number): string =>
  `expect_unchanged((select count(*) from (select from "${table}"
    where "id" = $${2 * at + 1} and xmin = $${2 * at + 2}::text::xid for no key update) as it))`;

/** As `expect_unchanged` raises it: `db/privileges.ts`. */
const SERIALIZATION_FAILURE = '40001';

/** Whether a transaction failed because its memory was of the past: nothing of it has happened. */
export const isOutdated = (error: unknown): boolean =>
  error instanceof postgres.PostgresError && error.code === SERIALIZATION_FAILURE;
