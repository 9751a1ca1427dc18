/**
 * Guessing is slowed down, and nobody is locked out. Failures are counted for the account and for
 * the address they come from; after a few, each doubles the wait. A browser in which the account was
 * signed in to before is counted by itself: whatever strangers do to the account, its owner's own
 * browser does not wait for them. What comes too early is refused without being counted, so that a
 * stranger cannot prolong a wait.
 * https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies
 */
import type { People } from '@/server/kernel/context';
import { tooManyAttempts } from '@/server/kernel/errors';
import { sha256 } from '@/server/kernel/secrets';
import { lockThrottle, removeThrottle, updateThrottle } from './store';

/** TABLE: failures in a row that cost nothing. Many people may share an address. */
const FREE = { device: 5, account: 10, address: 30 };

/** Quarter of an hour: 96 guesses a day, of an attacker who never sleeps. */
const WAIT_SECONDS_MAX = 900;

const FORGOTTEN_AFTER_MS = 24 * 60 * 60 * 1000;

export interface Attempt {
  /** What is guessed at, such as `password/ada@example.com`. */
  readonly account: string;
  /** The browser, where it is known to have been signed in to this account. */
  readonly device: string | null;
}

/** How long to wait after so many failures, in seconds. */
export const waitAfter = (failures: number, free: number): number =>
  failures < free ? 0 : Math.min(2 ** (failures - free), WAIT_SECONDS_MAX);

/**
 * Takes an attempt, and counts it as failed: `forgive` is for those that were not. Attempts made at
 * the same moment thus cannot all slip in before the first of them has failed.
 *
 * @throws ApiError 429 with the seconds to wait.
 */
export async function admit(people: People, attempt: Attempt): Promise<void> {
  const { now } = people;
  for (const { key, free } of counters(people, attempt)) {
    const row = await lockThrottle(people, key);
    if (row.retry_at > now) {
      throw tooManyAttempts(Math.ceil((row.retry_at.getTime() - now.getTime()) / 1000));
    }
    const failures = row.failures + 1;
    const wait = waitAfter(failures, free);
    await updateThrottle(people, {
      key,
      failures,
      retry_at: new Date(now.getTime() + wait * 1000),
      forget_at: new Date(now.getTime() + FORGOTTEN_AFTER_MS),
    });
  }
}

/** It was right. What an address has tried at other accounts stays counted. */
export async function forgive(people: People, attempt: Attempt): Promise<void> {
  for (const { key, free } of counters(people, attempt)) {
    if (free === FREE.address) {
      const row = await lockThrottle(people, key);
      await updateThrottle(people, { ...row, failures: Math.max(row.failures - 1, 0) });
    } else await removeThrottle(people, key);
  }
}

interface Counter {
  readonly key: string;
  readonly free: number;
}

/** In one order, always: two attempts that lock the same rows must not wait for each other. */
function counters({ request }: People, { account, device }: Attempt): Counter[] {
  if (device !== null) return [{ key: sha256(`device/${device}/${account}`), free: FREE.device }];
  return [
    { key: sha256(`account/${account}`), free: FREE.account },
    ...(request.ip === null
      ? []
      : [{ key: sha256(`address/${networkOf(request.ip)}`), free: FREE.address }]),
  ];
}

/** Of IPv6, the network: whoever has one address there has 2^64 of them. */
export const networkOf = (ip: string): string =>
  ip.includes(':') && !ip.includes('.') ? ip.split(':').slice(0, 4).join(':') : ip;
