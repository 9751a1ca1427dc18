/**
 * The changes of a transaction that are not sent yet. Rows are known before the database has them,
 * so their changes wait until a read needs them or the transaction ends, and then travel as one
 * statement: `with a as (insert …), b as (update …) insert …`. A message to the server costs more
 * than most of what it says.
 *
 * A row that is inserted and then updated is inserted as it became. Rows of one shape go as arrays,
 * so that a statement's text, and with it its plan, does not depend on how many they are.
 */
import { getTableConfig, PgDialect, type PgTable } from 'drizzle-orm/pg-core';

/** A statement by what it does to one row. */
export interface Shape {
  /** The table that it changes. */
  readonly table: string;
  /** For one row: `$1`, `$2` … are its values. */
  readonly one: string;
  /** For any number: `$1`, `$2` … are arrays of values. */
  readonly many: string;
  /** Which values are JSON, by their places: of many rows they are one text, as `toList` makes it. */
  readonly documents?: ReadonlySet<number>;
}

/** What becomes of one row. */
export interface Change {
  readonly shape: Shape;
  /** What the values are of, in order. */
  readonly columns: readonly string[];
  readonly values: readonly unknown[];
  /** Whether it may leave a place in a unique index, which a later change may take. */
  readonly releases: boolean;
  /** Which place it may take, in words of its own; null where it takes none. */
  readonly claims: string | null;
  /** Whether the transaction holds the row as it becomes: whoever reads it by then need not ask. */
  readonly isHeld: boolean;
}

/** A read, as far as changes that wait may make a difference to it. */
export interface Concerned {
  readonly tables: readonly string[];
  /** What is held is laid over its answer. */
  readonly isOverlaid?: boolean;
}

export type Send = (text: string, params: readonly unknown[]) => void;

export interface Changes {
  /** The change of the row that waits, if any does. */
  waiting(table: string, id: string): Change | undefined;
  /** Adds a change of a row. */
  put(id: string, change: Change): void;
  /** As `put`, in place of the one that waits, which it includes. */
  replace(id: string, change: Change): void;
  /** Whether a read must wait until this is sent. */
  concern(reading: Concerned): boolean;
  /** Sends what waits; only if it concerns what is to be read, where that is given. */
  flush(reading?: Concerned): void;
  /** What waits, by its rows' ids, in the order in which it was put. */
  all(): readonly (readonly [string, Change])[];
  /** Takes no more. What waits and was not sent is forgotten. */
  close(): void;
}

/** Further texts are sent piece by piece: each is prepared, and kept, on every connection. */
const TEXTS_MAX = 2_000;

export function changes(send: Send): Changes {
  let waiting = new Map<string, Map<string, Change>>();
  let released = new Map<string, Change>();
  /** Tables of which a row changes that is not held. */
  let loose = new Set<string>();
  let isOver = false;

  const concern = ({ tables, isOverlaid }: Concerned): boolean =>
    tables.some((table) => (isOverlaid === true ? loose : waiting).has(table));

  function flush(reading?: Concerned): void {
    if (waiting.size === 0) return;
    if (reading !== undefined && !concern(reading)) return;
    const groups = groupByShape(waiting);
    waiting = new Map();
    released = new Map();
    loose = new Set();
    const text = textOf(groups);
    if (text !== null) send(text, groups.flatMap(paramsOf));
    else for (const group of groups) send(partOf(group), paramsOf(group));
  }

  function replace(id: string, change: Change): void {
    if (isOver) throw new Error('The transaction is over: nothing more can be changed in it.');
    const { table } = change.shape;
    let rows = waiting.get(table);
    if (rows === undefined) waiting.set(table, (rows = new Map()));
    rows.set(id, change);
    if (change.releases) released.set(table, change);
    if (!change.isHeld) loose.add(table);
  }

  return {
    concern,
    flush,
    replace,
    all: () => [...waiting.values()].flatMap((rows) => [...rows]),
    close: () => void (isOver = true),
    waiting: (table, id) => waiting.get(table)?.get(id),
    put(id, change) {
      const { table } = change.shape;
      const before = released.get(table);
      // The parts of one statement happen in no order: what takes a place waits until it is free,
      // and what is done to a row twice is done one after the other.
      const waits = before !== undefined && change.claims !== null && !isSamePlace(before, change);
      if (waits || waiting.get(table)?.has(id) === true) flush();
      replace(id, change);
    },
  };
}

/**
 * Sends what waits in all of them. Those that do the same share a statement; others have their own,
 * or there would be a text for whatever happens to come together.
 */
export function sendTogether(several: readonly Changes[], send: Send): void {
  const kinds = new Map<string, Changes>();
  for (const one of several) {
    const all = one.all();
    const kind = [...new Set(all.map(([, { shape }]) => serialOf(shape)))]
      .toSorted((a, b) => a - b)
      .join();
    let whole = kinds.get(kind);
    if (whole === undefined) kinds.set(kind, (whole = changes(send)));
    for (const [id, change] of all) whole.put(id, change);
  }
  for (const whole of kinds.values()) whole.flush();
}

/** What makes the same of two rows lets neither take the place that the other leaves. */
const isSamePlace = (before: Change, change: Change): boolean =>
  before.shape === change.shape && before.claims === change.claims;

type Group = readonly [Change, ...Change[]];

function groupByShape(waiting: ReadonlyMap<string, ReadonlyMap<string, Change>>): Group[] {
  const groups = new Map<Shape, [Change, ...Change[]]>();
  for (const rows of waiting.values()) {
    for (const change of rows.values()) {
      const group = groups.get(change.shape);
      if (group === undefined) groups.set(change.shape, [change]);
      else group.push(change);
    }
  }
  // Always in the same order, so that the same changes make the same text.
  return [...groups.values()].toSorted(
    ([one], [other]) => serialOf(one.shape) - serialOf(other.shape),
  );
}

const isMany = (group: Group): boolean =>
  group.length > 1 || group[0].shape.one === group[0].shape.many;

const partOf = (group: Group): string => (isMany(group) ? group[0].shape.many : group[0].shape.one);

function paramsOf(group: Group): readonly unknown[] {
  const [{ shape, values: first }] = group;
  if (!isMany(group)) return first;
  return first.map((_, index) => {
    const all = group.map(({ values }) => values[index]);
    return shape.documents?.has(index) === true ? toList(all) : toArray(all);
  });
}

const texts = new Map<string, string>();
const serials = new Map<Shape, number>();

const serialOf = (shape: Shape): number => {
  let serial = serials.get(shape);
  if (serial === undefined) serials.set(shape, (serial = serials.size));
  return serial;
};

/** One statement for all groups; null where there are too many such statements already. */
function textOf(groups: readonly Group[]): string | null {
  const key = groups
    .map((group) => `${serialOf(group[0].shape)}${isMany(group) ? '*' : ''}`)
    .join();
  let text = texts.get(key);
  if (text !== undefined) return text;
  if (texts.size >= TEXTS_MAX) return null;
  let offset = 0;
  const parts = groups.map((group) => {
    const by = offset;
    offset += group[0].values.length;
    return partOf(group).replaceAll(/\$(\d+)/g, (_, place: string) => `$${Number(place) + by}`);
  });
  const last = parts.pop() ?? '';
  const first = parts.map((part, index) => `w${index} as (${part})`).join(', ');
  text = first === '' ? last : `with ${first} ${last}`;
  texts.set(key, text);
  return text;
}

/** An array as PostgreSQL reads it, whatever its elements are. */
export function toArray(values: readonly unknown[]): string {
  const elements = values.map((value) =>
    value === null || value === undefined ? 'NULL' : quoted(String(value as number | string)),
  );
  return `{${elements.join(',')}}`;
}

/** In SQL, and here, what stands between two documents: a character that JSON escapes in texts. */
const SEPARATOR = { sql: 'chr(31)', text: '\u001F' };

/**
 * JSON documents as one text. In an array each of their many quotation marks would be escaped, which
 * costs both sides more than all else about an event.
 */
export const toList = (documents: readonly unknown[]): string =>
  documents.map((document) => document ?? 'NULL').join(SEPARATOR.text);

/** The array of what `toList` made one text of. */
export const listOf = (param: string, type: string): string =>
  `string_to_array(${param}, ${SEPARATOR.sql}, 'NULL')::${type}[]`;

/** Most have nothing to escape, and looking is much cheaper than replacing. */
const quoted = (text: string): string =>
  /[\\"]/.test(text) ? `"${text.replaceAll(/[\\"]/g, String.raw`\$&`)}"` : `"${text}"`;

const dialect = new PgDialect();

/** The columns on which it depends whether a row has a place in a unique index of the table. */
export function placesOf(table: PgTable): ReadonlySet<string> {
  const names = new Set<string>();
  for (const { config } of getTableConfig(table).indexes) {
    if (!config.unique) continue;
    for (const column of config.columns) if ('name' in column) names.add(String(column.name));
    if (config.where === undefined) continue;
    for (const [, name] of dialect.sqlToQuery(config.where).sql.matchAll(/"(\w+)"(?!\.)/g)) {
      if (name !== undefined) names.add(name);
    }
  }
  return names;
}
