import { index, integer, pgTable, text } from 'drizzle-orm/pg-core';
import { idText, owned, tenancy, unixTime } from './_columns';

/** Each request to the API, redacted, written after the answer and in batches. */
export const request_logs = pgTable(
  'request_logs',
  {
    ...owned(),
    method: text('method').notNull(),
    path: text('path').notNull(),
    response_status: integer('response_status').notNull(),
    duration_ms: integer('duration_ms').notNull(),
    api_key: idText('api_key'),
    api_version: text('api_version'),
    idempotency_key: text('idempotency_key'),
    ip: text('ip'),
    user_agent: text('user_agent'),
    error_type: text('error_type'),
    error_code: text('error_code'),
    request_body: text('request_body'),
    response_body: text('response_body'),
    created: unixTime('created').notNull(),
  },
  (table) => [
    ...tenancy('request_logs', table),
    index('request_logs_created_idx').using('brin', table.created),
  ],
);
