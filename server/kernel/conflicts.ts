/**
 * What the database refused, in Stripe's words. A foreign key is named for its table and parameter
 * (`charges_customer_fkey`), so its refusal is an unknown id in that parameter; a lock not had in
 * time is Stripe's `lock_timeout`. Everything else is a bug, and stays one.
 */
import { lockTimeout, resourceMissing, type ApiError } from './errors';
import { kindOf } from './ids';

interface DatabaseError {
  code: string;
  constraint_name?: string;
  table_name?: string;
  /** What postgres.js sent. */
  query?: string;
  parameters?: readonly unknown[];
}

const FOREIGN_KEY_VIOLATION = '23503';
const UNIQUE_VIOLATION = '23505';
const LOCK_NOT_AVAILABLE = '55P03';
const DEADLOCK_DETECTED = '40P01';
const SERIALIZATION_FAILURE = '40001';

const isDatabaseError = (error: unknown): error is DatabaseError =>
  error instanceof Error && error.name === 'PostgresError';

/** The name of the unique constraint that a statement ran into, or null. */
export const uniqueConstraintOf = (error: unknown): string | null =>
  isDatabaseError(error) && error.code === UNIQUE_VIOLATION
    ? (error.constraint_name ?? null)
    : null;

export function refusalOf(error: unknown): ApiError | null {
  if (!isDatabaseError(error)) return null;
  switch (error.code) {
    case LOCK_NOT_AVAILABLE:
    case DEADLOCK_DETECTED:
    case SERIALIZATION_FAILURE:
      return lockTimeout();
    case FOREIGN_KEY_VIOLATION:
      return missingReference(error);
    default:
      return null;
  }
}

/**
 * Row-level security keeps the offending key out of PostgreSQL's message, so the parameter is read
 * from the constraint's name, and the id from the statement that was refused.
 */
function missingReference({
  constraint_name = '',
  table_name = '',
  query = '',
  parameters = [],
}: DatabaseError): ApiError | null {
  const param = constraint_name.slice(table_name.length + 1, -'_fkey'.length);
  const place = insertedAt(query, table_name, param) ?? updatedAt(query, table_name, param);
  const id = place === null ? null : parameters[place - 1];
  return typeof id === 'string' ? resourceMissing(kindOf(id) ?? param, id, param) : null;
}

/** `insert into "t" ("a", "b") values ($1, $2)`: the place of a column's value. */
function insertedAt(query: string, table: string, column: string): number | null {
  const pattern = new RegExp(`insert into "${table}" \\(([^)]*)\\) values \\(([^)]*)\\)`);
  const [, columns, values] = pattern.exec(query) ?? [];
  const index = columns?.split(', ').indexOf(`"${column}"`) ?? -1;
  const place = values?.split(', ')[index];
  return place === undefined ? null : Number(place.slice(1));
}

/** `update "t" set "a" = $2`: the place of a column's value. */
function updatedAt(query: string, table: string, column: string): number | null {
  const pattern = new RegExp(`update "${table}" set [^;]*?"${column}" = \\$(\\d+)`);
  const place = pattern.exec(query)?.[1];
  return place === undefined ? null : Number(place);
}
