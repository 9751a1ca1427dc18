/** Ours: Stripe shows requests in its dashboard, and has no route for them. */
import type { RequestLogRow } from './store';

export interface RequestLog {
  readonly id: string;
  readonly object: 'request_log';
  /** Of the key that was used; null for a member, who has none. */
  readonly api_key: string | null;
  readonly api_version: string | null;
  readonly created: number;
  readonly duration_ms: number;
  readonly error_code: string | null;
  readonly error_type: string | null;
  readonly idempotency_key: string | null;
  readonly ip: string | null;
  readonly livemode: boolean;
  readonly method: string;
  readonly path: string;
  /** The parameters as JSON, at most 16 KiB and without secrets; only where one log is retrieved. */
  readonly request_body?: string | null;
  /** As `request_body`; null for what was merely read, which can be read again. */
  readonly response_body?: string | null;
  readonly status: number;
  readonly user_agent: string | null;
}

export const toRequestLog = (
  row: Omit<RequestLogRow, 'request_body' | 'response_body'>,
): RequestLog => ({
  id: row.id,
  object: 'request_log',
  api_key: row.api_key,
  api_version: row.api_version,
  created: row.created,
  duration_ms: row.duration_ms,
  error_code: row.error_code,
  error_type: row.error_type,
  idempotency_key: row.idempotency_key,
  ip: row.ip,
  livemode: row.livemode,
  method: row.method,
  path: row.path,
  status: row.response_status,
  user_agent: row.user_agent,
});
