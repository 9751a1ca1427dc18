/**
 * Copies of answers to the merchant's `callbackURL`, signed like them. The real gateway does not say
 * whether it repeats one that failed; this one does not, unless it is told to.
 */
import { Agent as PlainAgent, request as requestPlainly } from 'node:http';
import { Agent as SecureAgent, request as requestSecurely } from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Callbacks {
  /** Posts it, in its own time; what becomes of it is counted. */
  send(url: string, body: string, delayMs?: number): void;
  /** The latest that was meant for a transaction goes out again. False where there was none. */
  repeat(xref: string): boolean;
  remember(xref: string, url: string, body: string): void;
  report(): Readonly<Record<'sent' | 'failed' | 'pending', number>>;
  /** Resolves when nothing is under way any more. */
  idle(): Promise<void>;
  close(): void;
}

const TIMEOUT_MS = 10_000;
const CONNECTIONS = 64;
const REMEMBERED = 20_000;

export function newCallbacks(): Callbacks {
  const agents = {
    'http:': new PlainAgent({ keepAlive: true, maxSockets: CONNECTIONS }),
    'https:': new SecureAgent({ keepAlive: true, maxSockets: CONNECTIONS }),
  };
  const latest = new Map<string, readonly [url: string, body: string]>();
  const underWay = new Set<Promise<void>>();
  const counts = { sent: 0, failed: 0 };
  const stopping = new AbortController();

  const post = (url: string, body: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const isSecure = url.startsWith('https:');
      const request = (isSecure ? requestSecurely : requestPlainly)(url, {
        method: 'POST',
        agent: agents[isSecure ? 'https:' : 'http:'],
        timeout: TIMEOUT_MS,
        signal: stopping.signal,
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          'content-length': Buffer.byteLength(body),
        },
      });
      request.on('timeout', () => request.destroy(new Error('The receiver is too slow.')));
      request.on('error', reject);
      request.on('response', (response) => {
        const { statusCode = 0 } = response;
        response.resume().on('end', () => {
          if (statusCode < 300) resolve();
          else reject(new Error(`The receiver answered ${statusCode}.`));
        });
        response.on('error', reject);
      });
      request.end(body);
    });

  return {
    send(url, body, delayMs = 0) {
      const sending = (async () => {
        try {
          // Behind the answer itself, if only just.
          await sleep(delayMs, undefined, { signal: stopping.signal });
          await post(url, body);
          counts.sent += 1;
        } catch {
          counts.failed += 1;
        }
      })();
      underWay.add(sending);
      void sending.finally(() => underWay.delete(sending));
    },
    remember(xref, url, body) {
      latest.set(xref, [url, body]);
      const [oldest] = latest.keys();
      if (latest.size > REMEMBERED && oldest !== undefined) latest.delete(oldest);
    },
    repeat(xref) {
      const known = latest.get(xref);
      if (known !== undefined) this.send(...known);
      return known !== undefined;
    },
    report: () => ({ ...counts, pending: underWay.size }),
    async idle() {
      while (underWay.size > 0) await Promise.all(underWay);
    },
    close() {
      stopping.abort();
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}
