/** What somebody should look at before it costs money: webhooks that fail, keys that are about to end. */
import type { Scope } from '@/server/kernel/context';
import { unix } from '@/server/kernel/object';
import { expiringKeys, failingEndpoints, type ExpiringKey, type FailingEndpoint } from './store';

const DAY = 24 * 60 * 60;

/** How long ahead the end of a key is announced, in seconds. */
const EXPIRES_WITHIN = 7 * DAY;

/** What failed longer ago has been seen. In seconds. */
const FAILED_WITHIN = 3 * DAY;

export interface Notices {
  readonly failing_endpoints: readonly FailingEndpoint[];
  readonly expiring_keys: readonly ExpiringKey[];
}

export async function noticesOf(scope: Scope): Promise<Notices> {
  const now = unix(scope.now);
  const [failing_endpoints, expiring_keys] = await Promise.all([
    failingEndpoints(scope, now - FAILED_WITHIN),
    expiringKeys(scope, now, now + EXPIRES_WITHIN),
  ]);
  return { failing_endpoints, expiring_keys };
}
