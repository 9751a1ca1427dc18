/**
 * The server as `npm start` runs it, in a process of its own, for tests that look from outside or
 * kill it. It is built first, if the sources have changed.
 */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Of the first project of every server that is started here. */
export const SECRET_KEY = 'sk_test_0123456789abcdefghijklmn';
export const PUBLISHABLE_KEY = 'pk_test_0123456789abcdefghijklmn';

/** A cold start on a busy machine, in milliseconds. */
const START_TIMEOUT_MS = 60_000;

export interface ServerOptions {
  readonly databaseUrl: string;
  /** 0, the default, takes a free one. */
  readonly port?: number;
  /** Over what is set here, e.g. `{ CALMONY_FAILPOINTS: 'settle.answered=exit' }`. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface ServerProcess {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly port: number;
  /** Resolves when the process has ended, for whatever reason. */
  readonly ended: Promise<void>;
  /** All that it wrote, on both streams. */
  log(): string;
  /** Lets requests under way end, as a deployment does. Throws if the process reports a failure. */
  stop(): Promise<void>;
  /** Ends it without warning, as a power cut does. */
  kill(): Promise<void>;
}

let built: Promise<unknown> | null = null;

/** Builds once a process; the build itself sees to it that processes do not build side by side. */
const build = (): Promise<unknown> =>
  (built ??= promisify(execFile)(process.execPath, ['server/start.mjs', '--build-only'], {
    cwd: ROOT,
  }));

/** Starts a server and resolves when it takes requests. Throws with its log when it does not. */
export async function startProcess(options: ServerOptions): Promise<ServerProcess> {
  await build();
  const home = await mkdtemp(path.join(tmpdir(), 'calmony-home-'));
  const child = spawn(process.execPath, ['--enable-source-maps', 'dist/server.js'], {
    cwd: ROOT,
    env: environment(options, home),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  const announced = new Promise<string>((resolve) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        log += text;
        const [, url] = /is ready at (\S+)\n/.exec(log) ?? [];
        if (url !== undefined) resolve(url);
      });
    }
  });
  const ended = once(child, 'close').then(() => rm(home, { recursive: true, force: true }));

  const late = AbortSignal.timeout(START_TIMEOUT_MS);
  const url = await Promise.race([
    announced,
    ended.then(() => null),
    once(late, 'abort').then(() => null),
  ]);
  if (url === null || !(await isReady(url))) {
    child.kill('SIGKILL');
    throw new Error(`The server did not start.\n${log}`);
  }
  return {
    url,
    port: Number(new URL(url).port),
    ended,
    log: () => log,
    async stop() {
      child.kill('SIGTERM');
      await ended;
      if (child.exitCode !== 0) throw new Error(`The server did not stop in order.\n${log}`);
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Nothing of ours is inherited: a variable set on the developer's machine must not decide a test. */
const environment = (
  { databaseUrl, port = 0, env }: ServerOptions,
  home: string,
): NodeJS.ProcessEnv => ({
  PATH: process.env.PATH,
  NODE_ENV: 'production',
  PORT: String(port),
  DATABASE_URL: databaseUrl,
  CALMONY_HOME: home,
  CALMONY_ENCRYPTION_KEY: `test:${Buffer.alloc(32, 'calm').toString('hex')}`,
  CALMONY_TEST_SECRET_KEY: SECRET_KEY,
  CALMONY_TEST_PUBLISHABLE_KEY: PUBLISHABLE_KEY,
  NEXTAUTH_SECRET: 'a secret that is only for tests',
  LOG_LEVEL: 'warn',
  ...env,
});

const isReady = async (url: string): Promise<boolean> =>
  fetch(`${url}/readyz`).then(
    ({ ok }) => ok,
    () => false,
  );
