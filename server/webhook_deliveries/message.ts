/** What a receiver is sent, and what its answer means. https://docs.stripe.com/webhooks */
import { unix, type ApiObject } from '@/server/kernel/object';
import { secretsOf, type WebhookEndpointRow } from '@/server/webhook_endpoints';
import type { Keyring } from '@/server/kernel/secrets';
import { statusAfter } from './lifecycle';
import { nextAttemptAt } from './retries';
import type { Answer, Post } from './send';
import { sign, standardHeaders } from './signature';
import type { ClaimedRow, Result } from './store';

/** A delivery in our hands, with all that it takes to send it. */
export interface Claimed extends ClaimedRow {
  readonly lease: Date;
  readonly event: Required<ApiObject>;
  readonly endpoint: WebhookEndpointRow;
}

/** How long a receiver has to answer, in milliseconds: half the lease. */
const TIMEOUT_MS = 30_000;

/**
 * The event as its own route would answer it now, signed at `now`. The text that is signed is the
 * text that is sent.
 */
export function toPost({ event, endpoint }: Claimed, keyring: Keyring, now: Date): Post {
  const body = JSON.stringify(event);
  const secrets = secretsOf(keyring, endpoint, now);
  const timestamp = unix(now);
  return {
    url: endpoint.url,
    body,
    headers: {
      'Content-Type': 'application/json; charset=utf-8',
      'User-Agent': 'CalmonyPay/1.0 (webhooks)',
      Accept: '*/*',
      'Cache-Control': 'no-cache',
      'Stripe-Signature': sign(body, secrets, timestamp),
      ...standardHeaders(event.id, body, secrets, timestamp),
    },
    livemode: endpoint.livemode,
    timeoutMs: TIMEOUT_MS,
  };
}

const isSuccess = (answer: Answer): boolean =>
  answer.kind === 'answered' && answer.status >= 200 && answer.status < 300;

/**
 * What to record of an attempt that began at `sentAt` and was answered at `now`. `id` is that of
 * the attempt, `random` in [0, 1) spreads the next one.
 */
export function toResult(
  { row, first_attempt, lease }: Claimed,
  answer: Answer,
  { id, sentAt, now, random }: { id: string; sentAt: Date; now: Date; random: number },
): Result {
  const firstAt = first_attempt === null ? sentAt : new Date(first_attempt * 1000);
  const next = isSuccess(answer) ? null : nextAttemptAt(row.attempts + 1, firstAt, now, random);
  const action = isSuccess(answer) ? 'succeed' : next === null ? 'give_up' : 'retry';
  const isAnswered = answer.kind === 'answered';
  return {
    id,
    delivery: row.id,
    endpoint: row.endpoint,
    response_status: isAnswered ? answer.status : null,
    response_body: isAnswered ? answer.body : null,
    failure: isAnswered ? null : `${answer.reason}: ${answer.message}`,
    duration_ms: answer.durationMs,
    created: unix(sentAt),
    lease,
    status: statusAfter(row.status, action),
    next_attempt_at: next,
  };
}
