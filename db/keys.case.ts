/** A row that tests of the database make, change and lose: the key of a request that has begun. */
import { rowsOf } from './rows';
import { idempotency_keys } from './schema/idempotency_keys';

export const keyRow = (id: string, request = 'req_1') => ({
  id,
  fingerprint: 'f',
  status: 'started' as const,
  request,
  attempt: null,
  response_status: 0,
  response_body: null,
  created_at: new Date('2026-03-01T12:00:00Z'),
});

export const keys = rowsOf(idempotency_keys);
