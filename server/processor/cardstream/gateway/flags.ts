/** What it is started with. */
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { Account } from './accounts';
import type { Delay } from './faults';

export interface Flags {
  readonly host: string;
  readonly port: number;
  /** How a browser finds it, where that is not by host and port. */
  readonly origin: string | undefined;
  readonly accounts: readonly Account[];
  readonly delay: Delay | null;
  readonly journal: string | undefined;
}

const OPTIONS = {
  host: { type: 'string', default: '127.0.0.1' },
  port: { type: 'string', default: '7443' },
  origin: { type: 'string' },
  account: { type: 'string', multiple: true },
  delay: { type: 'string' },
  journal: { type: 'string' },
} as const;

/** Two accounts, so that it can be tried at once. Their secrets are nobody's elsewhere. */
const DEFAULT_ACCOUNTS = [
  { merchantID: '900001', secret: 'calmony stand-in' },
  { merchantID: '900002', secret: 'calmony stand-in', three_ds: true },
];

/**
 * @param args of the command line: `--port 7443 --account '{"merchantID":"900001","secret":"…",
 * "three_ds":true}' --delay 120:0.3 --journal FILE`. A delay is `MEDIAN_MS` or `MEDIAN_MS:SIGMA`.
 * @throws Error with one line that says what is wrong.
 */
export function parseFlags(args: readonly string[]): Flags {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  const given = values.account?.map((text) => readJson('account', text)) ?? DEFAULT_ACCOUNTS;
  const accounts = z.array(Account).safeParse(given);
  if (!accounts.success) throw new Error(`--account: ${z.prettifyError(accounts.error)}`);
  const port = Number(values.port);
  if (!/^\d{1,5}$/.test(values.port) || port > 65_535) throw new Error('--port takes 0 to 65535');
  return {
    host: values.host,
    port,
    origin: values.origin,
    accounts: accounts.data,
    delay: values.delay === undefined ? null : readDelay(values.delay),
    journal: values.journal,
  };
}

function readJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`--${name} takes JSON`);
  }
}

function readDelay(text: string): Delay {
  const [, median_ms, sigma = '0'] = /^(\d{1,6})(?::(\d(?:\.\d+)?))?$/.exec(text) ?? [];
  if (median_ms === undefined || Number(sigma) > 3) {
    throw new Error('--delay takes MEDIAN_MS or MEDIAN_MS:SIGMA');
  }
  return { median_ms: Number(median_ms), sigma: Number(sigma) };
}
