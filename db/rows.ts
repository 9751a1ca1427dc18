/**
 * The statements that every tenant table needs, built once a table and prepared: insert, find,
 * lock, update, remove. A folder's `store.ts` takes them from here and adds its own.
 *
 * Writes are not awaited, and not even sent at once: see `changes.ts`. The row is known before the
 * database has it, because the application fills in every column but the tenant's, and the tenant
 * is the scope's.
 */
import { eq, getTableColumns, getTableName, type InferSelectModel, type SQL } from 'drizzle-orm';
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import { listOf, placesOf, type Change, type Shape } from './changes';
import type { Question, Reader, Tenant, Writer } from './scope';

type OwnedTable = PgTable & { projectId: PgColumn; id: PgColumn };

/** A row as the application gives it: all of it but whose it is. */
export type NewRow<T extends PgTable> = Omit<InferSelectModel<T>, 'projectId' | 'livemode'>;

export interface Rows<T extends PgTable, Row = InferSelectModel<T>> {
  readonly insert: (tx: Writer & Tenant, row: NewRow<T>) => Row;
  readonly find: (scope: Reader, id: string) => Promise<Row | null>;
  /**
   * Finds the rows with a value in a column, in the order of their ids; or as the end of the
   * statement says, which may have a further condition, another order, or a lock.
   */
  readonly findBy: (
    column: keyof InferSelectModel<T> & string,
    end?: string,
  ) => (scope: Reader, value: string) => Promise<Row[]>;
  /** In no particular order; what does not exist is left out. */
  readonly findAll: (scope: Reader, ids: readonly string[]) => Promise<Row[]>;
  /** As `find`, but nobody else may change the row until this transaction ends. */
  readonly lock: (tx: Writer, id: string) => Promise<Row | null>;
  /** As `findAll`, locked, without waiting: rows that somebody else holds are left out. */
  readonly claim: (tx: Writer, ids: readonly string[]) => Promise<Row[]>;
  /** Of a row that this transaction locked. Answers the row as it then is. */
  readonly update: <R extends Partial<Row> & { readonly id: string }>(
    tx: Writer,
    row: R,
    changes: Partial<NewRow<T>>,
  ) => R;
  readonly remove: (tx: Writer, id: string) => void;
  /** Rows of another statement that selected `columns` in order. */
  readonly toRow: (values: readonly unknown[]) => Row;
  readonly columns: string;
}

/** The columns of a table as a list for `select`, and how a row of them is read. */
export function selectable<T extends PgTable>(table: T) {
  const columns = Object.entries<PgColumn>(getTableColumns(table));
  return {
    list: columns.map(([, column]) => quoted(column)).join(', '),
    /** Where a column is in the list. */
    placeOf: (key: string): number => columns.findIndex(([name]) => name === key),
    toRow: (values: readonly unknown[]): InferSelectModel<T> =>
      Object.fromEntries(
        columns.map(([key, column], index) => [key, fromDriver(column, values[index])]),
      ) as InferSelectModel<T>,
  };
}

/** The statements of one tenant table. */
export function rowsOf<T extends OwnedTable>(table: T): Rows<T> {
  type Row = InferSelectModel<T>;
  const plain = getTableName(table);
  const name = `"${plain}"`;
  const columns = Object.entries<PgColumn>(getTableColumns(table));
  const mine = columns.filter(([key]) => key !== 'projectId' && key !== 'livemode');
  const { list, placeOf, toRow } = selectable(table);
  const places = placesOf(table);

  const insertion = insertionOf(plain, mine);
  const insertKeys = mine.map(([key]) => key);
  const findAllText = `select ${list} from ${name} where "id" = any($1)`;
  const ask = (text: string): Question => ({ text, column: placeOf('id'), table: plain });
  const finding = ask(findAllText);
  // A transaction's rows are locked in the order of their ids.
  const locking = ask(`${findAllText} order by "id" for no key update`);
  const removeText = `delete from ${name} where "id" = $1`;
  const updates = new Map<string, Shape>();

  /** The update of a row by these values; `before` tells whether it leaves a unique place. */
  function updateOf(id: string, given: Record<string, unknown>, releases: boolean): Change {
    const changed = columns.filter(([key]) => key in given);
    const keys = ['id', ...changed.map(([key]) => key)];
    const key = keys.join();
    let shape = updates.get(key);
    if (shape === undefined) updates.set(key, (shape = updateShapeOf(plain, table.id, changed)));
    return {
      shape,
      columns: keys,
      values: [id, ...changed.map(([changedKey]) => given[changedKey])],
      releases,
      claims: claimOf(
        changed.filter(([, column]) => places.has(column.name)),
        given,
      ),
    };
  }

  const first = (rows: readonly unknown[][]): Row | null =>
    rows[0] === undefined ? null : toRow(rows[0]);

  const heldIn = ({ held }: Reader, id: string): Row | undefined =>
    held?.get(plain)?.get(id) as Row | undefined;

  function hold({ held }: Reader, id: string, row: Row): Row {
    const rows = held?.get(plain);
    if (rows === undefined) held?.set(plain, new Map([[id, row as object]]));
    else rows.set(id, row);
    return row;
  }

  return {
    columns: list,
    toRow,
    insert(tx, row) {
      const given = row as Record<string, unknown>;
      tx.changes.put(String(given['id']), {
        shape: insertion,
        columns: insertKeys,
        values: mine.map(([key, column]) => toDriver(column, given[key])),
        releases: false,
        claims: places.size > 0 ? `insert ${String(given['id'])}` : null,
      });
      return hold(tx, String(given['id']), {
        projectId: tx.projectId,
        livemode: tx.livemode,
        ...row,
      } as Row);
    },
    find: async (scope, id) => heldIn(scope, id) ?? first(await scope.lookUpEach(finding, id)),
    findBy(key, end = 'order by "id"') {
      const at = placeOf(key);
      const [, column] = columns[at] ?? [];
      if (column === undefined) throw new Error(`${plain} has no column ${key}.`);
      const question: Question = {
        text: `select ${list} from ${name} where ${quoted(column)} = any($1) ${end}`,
        column: at,
        table: plain,
      };
      return async (scope, value) => (await scope.lookUpEach(question, value)).map(toRow);
    },
    async findAll(scope, ids) {
      if (ids.length > FEW) return (await scope.lookUp(findAllText, [ids], plain)).map(toRow);
      const found = await Promise.all([...new Set(ids)].map((id) => scope.lookUpEach(finding, id)));
      return found.flat().map(toRow);
    },
    async lock(tx, id) {
      const known = heldIn(tx, id);
      if (known !== undefined) return known;
      const row = first(await tx.lookUpEach(locking, id));
      return row === null ? null : hold(tx, id, row);
    },
    claim: async (tx, ids) =>
      ids.length === 0
        ? []
        : (await tx.lookUp(`${findAllText} for no key update skip locked`, [ids], plain)).map(
            toRow,
          ),
    update(tx, row, changes) {
      const given: Record<string, unknown> = {};
      let releases = false;
      for (const [key, column] of columns) {
        const value = (changes as Record<string, unknown>)[key];
        if (value === undefined) continue;
        given[key] = toDriver(column, value);
        releases ||= places.has(column.name) && (row as Record<string, unknown>)[key] !== null;
      }
      if (Object.keys(given).length === 0) return row;
      const { id } = row;
      const known = heldIn(tx, id);
      if (known !== undefined) hold(tx, id, { ...known, ...defined(changes) });
      const waiting = tx.changes.waiting(plain, id);
      if (waiting === undefined) tx.changes.put(id, updateOf(id, given, releases));
      else if (waiting.shape === insertion) tx.changes.replace(id, merged(waiting, given));
      else {
        const both = { ...valuesOf(waiting), ...given };
        tx.changes.replace(id, updateOf(id, both, releases || waiting.releases));
      }
      return { ...row, ...defined(changes) };
    },
    remove: (tx, id) => tx.write(removeText, [id]),
  };
}

/** So few ids are looked up with those of others. */
const FEW = 10;

const quoted = (column: PgColumn): string => `"${column.name}"`;

/** An array of such values can be a parameter; null where the values are arrays themselves. */
function arrayTypeOf(column: PgColumn): string | null {
  const type = column.getSQLType();
  return type.endsWith(']') ? null : `${type.replace(/ collate .*/, '')}[]`;
}

function unnestOf(columns: readonly PgColumn[]): string | null {
  const arrays = columns.map((column, index) => {
    const param = `$${index + 1}`;
    if (isDocument(column)) return listOf(param, column.getSQLType());
    const type = arrayTypeOf(column);
    return type === null ? null : `${param}::${type}`;
  });
  return arrays.includes(null) ? null : `unnest(${arrays.join(', ')})`;
}

const isDocument = (column: PgColumn): boolean => ['json', 'jsonb'].includes(column.getSQLType());

const documentsOf = (columns: readonly PgColumn[]): ReadonlySet<number> =>
  new Set(columns.flatMap((column, index) => (isDocument(column) ? [index] : [])));

function insertionOf(name: string, columns: readonly (readonly [string, PgColumn])[]): Shape {
  const into = `insert into "${name}" (${columns.map(([, column]) => quoted(column)).join(', ')})`;
  const given = columns.map(([, column]) => column);
  const unnest = unnestOf(given);
  return {
    table: name,
    documents: documentsOf(given),
    one: `${into} values (${columns.map((_, index) => `$${index + 1}`).join(', ')})`,
    many: unnest === null ? null : `${into} select * from ${unnest}`,
  };
}

function updateShapeOf(
  name: string,
  id: PgColumn,
  changed: readonly (readonly [string, PgColumn])[],
): Shape {
  const names = changed.map(([, column]) => quoted(column));
  const given = [id, ...changed.map(([, column]) => column)];
  const unnest = unnestOf(given);
  const one = names.map((column, index) => `${column} = $${index + 2}`).join(', ');
  const many = names.map((column) => `${column} = given.${column}`).join(', ');
  return {
    table: name,
    documents: documentsOf(given),
    one: `update "${name}" set ${one} where "id" = $1`,
    many:
      unnest === null
        ? null
        : // The ids are said twice: by the first the rows are found, however small the table was
          // when the plan was made; a join alone may be planned to read all of them.
          `update "${name}" set ${many} from ${unnest} as given("id", ${names.join(', ')}) where "${name}"."id" = any($1) and "${name}"."id" = given."id"`,
  };
}

const claimOf = (
  changed: readonly (readonly [string, PgColumn])[],
  given: Readonly<Record<string, unknown>>,
): string | null =>
  changed.length === 0 ? null : JSON.stringify(changed.map(([key]) => [key, given[key]]));

const valuesOf = ({ columns, values }: Change): Record<string, unknown> =>
  Object.fromEntries(
    columns.map((key, index) => [key, values[index]] as const).filter(([key]) => key !== 'id'),
  );

/** A row that is yet to be inserted, as it is after an update. */
const merged = (insertion: Change, given: Record<string, unknown>): Change => ({
  ...insertion,
  values: insertion.columns.map((key, index) =>
    key in given ? given[key] : insertion.values[index],
  ),
});

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
