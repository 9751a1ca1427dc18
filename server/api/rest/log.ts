/** What is kept of a request: censored, and of the bodies no more than can be read. */
import type { Served } from '@/server/api/served';
import { unix } from '@/server/kernel/object';
import { censor, scrub } from '@/server/log';
import type { NewRequestLog } from '@/server/request_logs';

const BODY_KEPT = 16 * 1024;

export function toRequestLog(served: Served): NewRequestLog {
  const isRead = served.method === 'GET' && served.error === null;
  const isSecret = served.endpoint?.operation.confidential === true;
  return {
    id: served.request.id,
    method: served.method,
    path: served.path.slice(0, 1_000),
    response_status: served.status,
    duration_ms: Math.round(served.durationMs),
    api_key: served.holder?.member === undefined ? (served.holder?.id ?? null) : null,
    api_version: served.apiVersion?.slice(0, 100) ?? null,
    idempotency_key: served.request.idempotency_key?.slice(0, 255) ?? null,
    ip: served.request.ip,
    user_agent: served.userAgent?.slice(0, 500) ?? null,
    error_type: served.error?.type ?? null,
    error_code: served.error?.details.code ?? null,
    request_body:
      served.params === null ? null : JSON.stringify(censor(served.params)).slice(0, BODY_KEPT),
    // What was merely read can be read again.
    response_body: isRead || isSecret ? null : scrub(served.body.slice(0, BODY_KEPT)),
    created: unix(served.at),
  };
}
