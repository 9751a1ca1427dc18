/**
 * The statements that every tenant table needs, built once a table and prepared: insert, find,
 * lock, update, remove. A folder's `store.ts` takes them from here and adds its own.
 *
 * Writes are not awaited. The row is known before the database has it, because the application
 * fills in every column but the tenant's, and the tenant is the scope's.
 */
import { eq, getTableColumns, getTableName, type InferSelectModel, type SQL } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import type { Reader, Tenant, Writer } from './scope';

type OwnedTable = PgTable & { projectId: PgColumn; livemode: PgColumn; id: PgColumn };

/** A row as the application gives it: all of it but whose it is. */
export type NewRow<T extends PgTable> = Omit<InferSelectModel<T>, 'projectId' | 'livemode'>;

export interface Rows<T extends PgTable, Row = InferSelectModel<T>> {
  readonly insert: (tx: Writer & Tenant, row: NewRow<T>) => Row;
  readonly find: (scope: Reader, id: string) => Promise<Row | null>;
  /** In no particular order; what does not exist is left out. */
  readonly findAll: (scope: Reader, ids: readonly string[]) => Promise<Row[]>;
  /** As `find`, but nobody else may change the row until this transaction ends. */
  readonly lock: (tx: Writer, id: string) => Promise<Row | null>;
  /** As `findAll`, locked, without waiting: rows that somebody else holds are left out. */
  readonly claim: (tx: Writer, ids: readonly string[]) => Promise<Row[]>;
  /** Of a row that this transaction locked. Answers the row as it then is. */
  readonly update: <R extends Row>(tx: Writer, row: R, changes: Partial<NewRow<T>>) => R;
  readonly remove: (tx: Writer, id: string) => void;
  /** Rows of another statement that selected `columns` in order. */
  readonly toRow: (values: readonly unknown[]) => Row;
  readonly columns: string;
}

/** The statements of one tenant table. */
export function rowsOf<T extends OwnedTable>(table: T): Rows<T> {
  type Row = InferSelectModel<T>;
  const name = `"${getTableName(table)}"`;
  const columns = Object.entries<PgColumn>(getTableColumns(table));
  const mine = columns.filter(([key]) => key !== 'projectId' && key !== 'livemode');
  const quoted = (column: PgColumn): string => `"${column.name}"`;
  const list = columns.map(([, column]) => quoted(column)).join(', ');

  const insertText = `insert into ${name} (${mine.map(([, column]) => quoted(column)).join(', ')}) values (${mine.map((_, index) => `$${index + 1}`).join(', ')})`;
  const findText = `select ${list} from ${name} where "id" = $1`;
  const findAllText = `select ${list} from ${name} where "id" = any($1)`;
  const removeText = `delete from ${name} where "id" = $1`;
  const updateTexts = new Map<string, string>();

  const toRow = (values: readonly unknown[]): Row =>
    Object.fromEntries(
      columns.map(([key, column], index) => [key, fromDriver(column, values[index])]),
    ) as Row;
  const first = (rows: readonly unknown[][]): Row | null =>
    rows[0] === undefined ? null : toRow(rows[0]);

  return {
    columns: list,
    toRow,
    insert(tx, row) {
      const given = row as Record<string, unknown>;
      tx.write(
        insertText,
        mine.map(([key, column]) => toDriver(column, given[key])),
      );
      return { projectId: tx.projectId, livemode: tx.livemode, ...row } as Row;
    },
    find: async (scope, id) => first(await scope.lookUp(findText, [id])),
    findAll: async (scope, ids) =>
      ids.length === 0 ? [] : (await scope.lookUp(findAllText, [ids])).map(toRow),
    lock: async (tx, id) => first(await tx.lookUp(`${findText} for no key update`, [id])),
    claim: async (tx, ids) =>
      ids.length === 0
        ? []
        : (await tx.lookUp(`${findAllText} for no key update skip locked`, [ids])).map(toRow),
    update(tx, row, changes) {
      const changed = columns.filter(
        ([key]) => (changes as Record<string, unknown>)[key] !== undefined,
      );
      if (changed.length === 0) return row;
      const shape = changed.map(([key]) => key).join();
      let text = updateTexts.get(shape);
      if (text === undefined) {
        const assignments = changed.map(([, column], index) => `${quoted(column)} = $${index + 2}`);
        text = `update ${name} set ${assignments.join(', ')} where "id" = $1`;
        updateTexts.set(shape, text);
      }
      const given = changes as Record<string, unknown>;
      tx.write(text, [
        (row as unknown as { id: string }).id,
        ...changed.map(([key, column]) => toDriver(column, given[key])),
      ]);
      return { ...row, ...defined(changes) };
    },
    remove: (tx, id) => tx.write(removeText, [id]),
  };
}

const toDriver = (column: PgColumn, value: unknown): unknown =>
  value === null || value === undefined ? null : column.mapToDriverValue(value);

const fromDriver = (column: PgColumn, value: unknown): unknown =>
  value === null || value === undefined ? null : column.mapFromDriverValue(value);

function defined<T extends object>(changes: T): T {
  return Object.fromEntries(
    Object.entries(changes).filter(([, value]) => value !== undefined),
  ) as T;
}

/** `column = value` where a value was given: the shape of most list filters. */
export const whenGiven = (column: PgColumn, value: unknown): SQL | undefined =>
  value === undefined ? undefined : eq(column, value);
