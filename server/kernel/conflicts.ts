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
  detail?: string;
  table_name?: string;
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
    case FOREIGN_KEY_VIOLATION: {
      // Key (project_id, livemode, customer)=(1, f, cus_1) is not present in table "customers".
      const found = /\((\w+(?:, \w+)*)\)=\((.*)\) is not present/.exec(error.detail ?? '');
      const param = found?.[1]?.split(', ').at(-1);
      const id = found?.[2]?.split(', ').at(-1);
      if (param === undefined || id === undefined) return null;
      return resourceMissing(kindOf(id) ?? param, id, param);
    }
    default:
      return null;
  }
}
