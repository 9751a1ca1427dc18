export { purge } from './purge';
export { find, finish, insert, type IdempotencyKeyRow } from './store';

/** The constraint that lets a key be used once. */
export const ONE_USE = 'idempotency_keys_pkey';
