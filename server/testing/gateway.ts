/**
 * The Cardstream stand-in for tests: in this process, or in one of its own that can be killed. Either
 * way it is reached over HTTP, and told what to do at its control door.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Account } from '@/server/processor/cardstream/gateway/accounts';
import type { ChallengeStatus } from '@/server/processor/cardstream/gateway/acs';
import type { FaultPlan } from '@/server/processor/cardstream/gateway/faults';
import type { PaymentDetails } from '@/server/processor/cardstream/gateway/hosted_fields';
import { listen } from '@/server/processor/cardstream/gateway/listen';
import type { Entry, Total } from '@/server/processor/cardstream/gateway/reports';
import type { Settle } from '@/server/processor/cardstream/gateway/settlement';
import type { Switches } from '@/server/processor/cardstream/gateway/switches';

/** A merchant without 3-D Secure, and one with it. Their secrets are for tests only. */
export const PLAIN_ACCOUNT = Account.parse({ merchantID: '900001', secret: 'only for tests' });
export const SECURE_ACCOUNT = Account.parse({
  merchantID: '900002',
  secret: 'only for tests, too',
  three_ds: true,
});

/** What the control door is told; see the README of the stand-in. */
export interface GatewayControl {
  /** The faults to come; what was planned before is forgotten. */
  faults(plan: PlanInput): Promise<void>;
  calm(): Promise<void>;
  /** How often each fault has struck since it was planned. */
  struck(): Promise<Readonly<Record<string, number>>>;
  switch(changes: Partial<Switches>): Promise<void>;
  account(account: Account): Promise<void>;
  /** Moves its clock forward. */
  travel(ms: number): Promise<void>;
  /** The night passes. Answers the number of the batch, or null where nothing was settled. */
  settle(options?: Partial<Settle>): Promise<number | null>;
  /** The settlement file, of one batch or of all. */
  settlementFile(filter?: {
    readonly batch?: number;
    readonly merchant_id?: string;
  }): Promise<string>;
  /** The books, by `merchant_id`, `reference`, `xref`, `state`, `action`. */
  books(filter?: Readonly<Record<string, string>>): Promise<readonly Entry[]>;
  totals(merchantId?: string): Promise<readonly Total[]>;
  /** Plays the cardholder on the issuer's page. Answers the `cres` that a browser would bring. */
  challenge(xref: string, status: ChallengeStatus): Promise<string>;
  /** What the hosted fields would give for a card; `cardExpiryDate` is `MM/YY`. */
  token(card: HostedCard): Promise<string>;
  /** The latest callback about a transaction once more; false where there was none. */
  repeatCallback(xref: string): Promise<boolean>;
  /** Resolves when no callback is under way any more. */
  callbacksIdle(): Promise<void>;
}

export interface HostedCard {
  readonly merchantID: string;
  readonly cardNumber: string;
  readonly cardExpiryDate: string;
  readonly cardCVV: string;
}

/** A plan as it is written, with defaults left out. */
export interface PlanInput {
  readonly seed?: number;
  readonly faults?: readonly Partial<FaultPlan['faults'][number]>[];
  readonly delay?: { readonly median_ms: number; readonly sigma?: number } | null;
}

export interface TestGateway extends GatewayControl {
  /** `http://127.0.0.1:PORT`; the Direct API is at `/direct/` below it. */
  readonly url: string;
  stop(): Promise<void>;
}

export interface TestGatewayOptions {
  /** The two of this file where it is not said. */
  readonly accounts?: readonly Account[];
  readonly switches?: Partial<Switches>;
}

/** A stand-in in this process, with the machine's clock. Stop it when the file is done. */
export async function startGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const { accounts = [PLAIN_ACCOUNT, SECURE_ACCOUNT], switches = {} } = options;
  const gateway = await listen({ accounts, switches, clock: Date.now });
  return { url: gateway.url, stop: () => gateway.stop(), ...controlOf(gateway.url) };
}

/** A stand-in in a process of its own, which keeps its books in a file and outlives a kill. */
export interface GatewayProcess extends TestGateway {
  /** Ends it without warning; `restart` brings it back at the same address, with its books. */
  kill(): Promise<void>;
  restart(): Promise<void>;
}

export interface GatewayProcessOptions {
  readonly journal: string;
  readonly accounts?: readonly Account[];
  /** `MEDIAN_MS` or `MEDIAN_MS:SIGMA` */
  readonly delay?: string;
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const MAIN = 'server/processor/cardstream/gateway/main.ts';

export async function startGatewayProcess(options: GatewayProcessOptions): Promise<GatewayProcess> {
  const { accounts = [PLAIN_ACCOUNT, SECURE_ACCOUNT], journal, delay } = options;
  const flags = [
    ...accounts.flatMap((account) => ['--account', JSON.stringify(account)]),
    '--journal',
    path.resolve(journal),
    ...(delay === undefined ? [] : ['--delay', delay]),
  ];
  const first = await spawnGateway([...flags, '--port', '0']);
  const { url } = first;
  let child = first.child;
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'close');
  };
  return {
    url,
    ...controlOf(url),
    kill,
    stop: kill,
    async restart() {
      ({ child } = await spawnGateway([...flags, '--port', new URL(url).port]));
    },
  };
}

/** A cold start on a busy machine, in milliseconds. */
const START_TIMEOUT_MS = 60_000;

async function spawnGateway(
  flags: readonly string[],
): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN, ...flags], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  const announced = new Promise<string>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        log += text;
        const [, url] = /is ready at (\S+)/.exec(log) ?? [];
        if (url !== undefined) resolve(url);
      });
    }
  });
  const late = AbortSignal.timeout(START_TIMEOUT_MS);
  const url = await Promise.race([
    announced,
    once(child, 'close').then(() => null),
    once(late, 'abort').then(() => null),
  ]);
  if (url === null) {
    child.kill('SIGKILL');
    throw new Error(`The Cardstream stand-in did not start.\n${log}`);
  }
  return { child, url };
}

function controlOf(url: string): GatewayControl {
  const ask = async (method: string, door: string, body?: object): Promise<Response> => {
    const response = await fetch(`${url}/control/${door}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${door}: ${await response.text()}`);
    return response;
  };
  const read = async <T>(method: string, door: string, body?: object): Promise<T> =>
    (await (await ask(method, door, body)).json()) as T;
  const search = (filter: object): string =>
    new URLSearchParams(
      Object.entries(filter).map(([name, value]): [string, string] => [name, String(value)]),
    ).toString();
  return {
    async faults(plan) {
      await ask('PUT', 'faults', plan);
    },
    async calm() {
      await ask('DELETE', 'faults');
    },
    async struck() {
      const { faults } = await read<{ faults: { struck: Record<string, number> } }>(
        'GET',
        'status',
      );
      return faults.struck;
    },
    async switch(changes) {
      await ask('PATCH', 'switches', changes);
    },
    async account(account) {
      await ask('PUT', 'accounts', account);
    },
    async travel(advance_ms) {
      await ask('POST', 'clock', { advance_ms });
    },
    async settle(options = {}) {
      return (await read<{ batch: number | null }>('POST', 'settle', options)).batch;
    },
    async settlementFile(filter = {}) {
      return (await ask('GET', `settlement.csv?${search(filter)}`)).text();
    },
    async books(filter = {}) {
      const { transactions } = await read<{ transactions: Entry[] }>(
        'GET',
        `books?${search(filter)}`,
      );
      return transactions;
    },
    async totals(merchantId) {
      const filter = merchantId === undefined ? {} : { merchant_id: merchantId };
      return (await read<{ totals: Total[] }>('GET', `totals?${search(filter)}`)).totals;
    },
    async challenge(xref, status) {
      return (await read<{ cres: string }>('POST', 'challenge', { xref, status })).cres;
    },
    async token(card) {
      const response = await fetch(`${url}/hosted/tokens`, {
        method: 'POST',
        body: JSON.stringify(card),
      });
      const details = (await response.json()) as PaymentDetails;
      if (details.paymentToken === undefined) throw new Error(JSON.stringify(details));
      return details.paymentToken;
    },
    async repeatCallback(xref) {
      return (await read<{ repeated: boolean }>('POST', 'callbacks', { xref })).repeated;
    },
    async callbacksIdle() {
      await ask('GET', 'callbacks?idle');
    },
  };
}
