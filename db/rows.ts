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
import { noteWriter } from './memory';
import type { Question, Reader, Tenant, Writer } from './scope';

type OwnedTable = PgTable & { projectId: PgColumn; id: PgColumn };

/** A row as the application gives it: all of it but whose it is. */
export type NewRow<T extends PgTable> = Omit<InferSelectModel<T>, 'projectId' | 'livemode'>;

export interface Rows<T extends PgTable, Row = InferSelectModel<T>> {
  readonly insert: (tx: Writer & Tenant, row: NewRow<T>) => Row;
  readonly find: (scope: Reader, id: string) => Promise<Row | null>;
  /** Finds the rows with a value in a column. Of what this transaction made it asks nobody. */
  readonly findBy: (
    column: keyof InferSelectModel<T> & string,
    which?: Which<Row>,
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

/** Which rows are found, and how. */
export interface Which<Row> {
  /** Those with these values: constants of ours, which become part of the statement. */
  readonly only?: Partial<Row>;
  /** The column that they are ordered by: `id` unless another is named. */
  readonly by?: 'id' | (keyof Row & string);
  readonly descending?: true;
  /** Nobody else may change them until the transaction ends. */
  readonly lock?: true;
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

/**
 * The statements of one tenant table.
 *
 * @param isRemembered whether a transaction may go on from rows that an earlier one only read
 */
export function rowsOf<T extends OwnedTable>(table: T, isRemembered = false): Rows<T> {
  type Row = InferSelectModel<T>;
  const plain = getTableName(table);
  const name = `"${plain}"`;
  const columns = Object.entries<PgColumn>(getTableColumns(table));
  const mine = columns.filter(([key]) => key !== 'projectId' && key !== 'livemode');
  const { list, placeOf, toRow } = selectable(table);
  const places = placesOf(table);

  const insertion = insertionOf(plain, mine);
  const insertKeys = mine.map(([key]) => key);
  const version = isRemembered ? ', xmin' : '';
  const findAllText = `select ${list}${version} from ${name} where "id" = any($1)`;
  const atId = placeOf('id');
  const finding: Question = { text: findAllText, column: atId, table: plain, isOverlaid: true };
  // A transaction's rows are locked in the order of their ids.
  const locking: Question = {
    ...finding,
    text: `${findAllText} order by "id" for no key update`,
    locks: atId,
  };
  const removeText = `delete from ${name} where "id" = $1`;
  const updates = new Map<string, Shape>();

  /** The update of a row by these values. */
  function updateOf(
    id: string,
    given: Record<string, unknown>,
    { releases, isHeld }: Pick<Change, 'isHeld' | 'releases'>,
  ): Change {
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
      isHeld,
      claims: claimOf(
        changed.filter(([, column]) => places.has(column.name)),
        given,
      ),
    };
  }

  function first([values]: readonly unknown[][]): Row | null {
    if (values === undefined) return null;
    const row = toRow(values);
    if (isRemembered) noteWriter(row, String(values.at(-1)));
    return row;
  }

  const heldIn = ({ held }: Reader, id: string): Row | undefined =>
    held?.rows.get(plain)?.get(id) as Row | undefined;

  const find: Rows<T>['find'] = async (scope, id) => {
    const known = heldIn(scope, id);
    if (known !== undefined) return known;
    const row = first(await scope.lookUpEach(finding, id));
    if (isRemembered && row !== null && scope.held !== undefined) keep(scope.held.found, row);
    return row;
  };

  const idOf = (row: Row): string => (row as { id: string }).id;
  const byId = (row: Row): readonly [string, Row] => [idOf(row), row];

  function keep(kept: Map<string, Map<string, object>>, row: Row): void {
    const rows = kept.get(plain);
    if (rows === undefined) kept.set(plain, new Map([[idOf(row), row as object]]));
    else rows.set(idOf(row), row);
  }

  function hold({ held }: Reader, row: Row): Row {
    if (held !== undefined) keep(held.rows, row);
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
        isHeld: true,
      });
      tx.held?.made.add(String(given['id']));
      tx.held?.written.add(`${plain}/${String(given['id'])}`);
      return hold(tx, {
        projectId: tx.projectId,
        livemode: tx.livemode,
        ...row,
      } as Row);
    },
    find,
    findBy(key, which = {}) {
      const at = placeOf(key);
      const [, column] = columns[at] ?? [];
      if (column === undefined) throw new Error(`${plain} has no column ${key}.`);
      const question: Question = {
        text: `select ${list} from ${name} where ${quoted(column)} = any($1)${endOf(which)}`,
        column: at,
        table: plain,
        isOverlaid: true,
        ...(which.lock === undefined ? {} : { locks: atId }),
      };
      return async (scope, value) => {
        const isMade = scope.held?.made.has(value) === true;
        const found = isMade ? [] : (await scope.lookUpEach(question, value)).map(toRow);
        const held = scope.held?.rows.get(plain) as Map<string, Row> | undefined;
        const rows =
          held === undefined
            ? found
            : chosen([...new Map([...found.map(byId), ...held]).values()], key, value, which);
        return which.lock === undefined ? rows : rows.map((row) => hold(scope, row));
      };
    },
    async findAll(scope, ids) {
      if (ids.length > FEW) return (await scope.lookUp(findAllText, [ids], plain)).map(toRow);
      const found = await Promise.all([...new Set(ids)].map((id) => find(scope, id)));
      return found.filter((row) => row !== null);
    },
    async lock(tx, id) {
      const known = heldIn(tx, id);
      if (known !== undefined) return known;
      // What was changed without having been looked at is not as it was left.
      const isChanging = tx.changes.waiting(plain, id) !== undefined;
      const recalled = isChanging ? undefined : (tx.recall(plain, id) as Row | undefined);
      if (recalled !== undefined) return hold(tx, recalled);
      const row = first(await tx.lookUpEach(locking, id));
      return row === null ? null : hold(tx, row);
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
      tx.held?.written.add(`${plain}/${id}`);
      const known = heldIn(tx, id);
      if (known !== undefined) hold(tx, { ...known, ...defined(changes) });
      const isHeld = known !== undefined;
      const waiting = tx.changes.waiting(plain, id);
      if (waiting === undefined) tx.changes.put(id, updateOf(id, given, { releases, isHeld }));
      else if (waiting.shape === insertion) tx.changes.replace(id, merged(waiting, given));
      else {
        const both = { ...valuesOf(waiting), ...given };
        const state = { releases: releases || waiting.releases, isHeld };
        tx.changes.replace(id, updateOf(id, both, state));
      }
      return { ...row, ...defined(changes) };
    },
    remove: (tx, id) => tx.write(removeText, [id]),
  };
}

/** The end of the statement that finds them. */
function endOf<Row>({ only = {}, by = 'id', descending, lock }: Which<Row>): string {
  const conditions = Object.entries(only).map(([column, value]) =>
    value === null ? ` and "${column}" is null` : ` and "${column}" = '${String(value)}'`,
  );
  const order = ` order by "${by}"${descending === undefined ? '' : ' desc'}`;
  return `${conditions.join('')}${order}${lock === undefined ? '' : ' for no key update'}`;
}

/** Those of the rows that the statement would find, in its order. */
function chosen<Row>(
  rows: readonly Row[],
  key: keyof Row,
  value: string,
  { only = {}, by = 'id', descending }: Which<Row>,
): Row[] {
  const found = rows
    .filter((row) => row[key] === value)
    .filter((row) => Object.entries(only).every(([column, is]) => row[column as keyof Row] === is))
    .toSorted((one, other) => (one[by as keyof Row] < other[by as keyof Row] ? -1 : 1));
  return descending === undefined ? found : found.toReversed();
}

/** So few ids are looked up with those of others. */
const FEW = 10;

const quoted = (column: PgColumn): string => `"${column.name}"`;

/** The type of a column, as a cast names it. */
const typeOf = (column: PgColumn): string => column.getSQLType().replace(/ collate .*/, '');

const isArray = (column: PgColumn): boolean => column.getSQLType().endsWith(']');

/** The values of any number of rows as a table: an array for each column. */
const unnestOf = (columns: readonly PgColumn[]): string =>
  `unnest(${columns
    .map((column, index) => {
      const param = `$${index + 1}`;
      if (isDocument(column)) return listOf(param, column.getSQLType());
      // Arrays of arrays would have to be of one length: each is a text until it is stored.
      return `${param}::${isArray(column) ? 'text' : typeOf(column)}[]`;
    })
    .join(', ')}) as given(${columns.map(quoted).join(', ')})`;

/** A column of that table. */
const givenOf = (column: PgColumn): string =>
  isArray(column) ? `given.${quoted(column)}::${typeOf(column)}` : `given.${quoted(column)}`;

const isDocument = (column: PgColumn): boolean => ['json', 'jsonb'].includes(column.getSQLType());

const documentsOf = (columns: readonly PgColumn[]): ReadonlySet<number> =>
  new Set(columns.flatMap((column, index) => (isDocument(column) ? [index] : [])));

function insertionOf(name: string, columns: readonly (readonly [string, PgColumn])[]): Shape {
  const into = `insert into "${name}" (${columns.map(([, column]) => quoted(column)).join(', ')})`;
  const given = columns.map(([, column]) => column);
  return {
    table: name,
    documents: documentsOf(given),
    one: `${into} values (${columns.map((_, index) => `$${index + 1}`).join(', ')})`,
    many: `${into} select ${given.map(givenOf).join(', ')} from ${unnestOf(given)}`,
  };
}

function updateShapeOf(
  name: string,
  id: PgColumn,
  changed: readonly (readonly [string, PgColumn])[],
): Shape {
  const updated = changed.map(([, column]) => column);
  const given = [id, ...updated];
  const one = updated.map((column, index) => `${quoted(column)} = $${index + 2}`).join(', ');
  const many = updated.map((column) => `${quoted(column)} = ${givenOf(column)}`).join(', ');
  return {
    table: name,
    documents: documentsOf(given),
    one: `update "${name}" set ${one} where "id" = $1`,
    // The ids are said twice: by the first the rows are found, however small the table was when the
    // plan was made; a join alone may be planned to read all of them.
    many: `update "${name}" set ${many} from ${unnestOf(given)} where "${name}"."id" = any($1) and "${name}"."id" = given."id"`,
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
