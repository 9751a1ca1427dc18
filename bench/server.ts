/** The built server as a process of its own, as an operator would start it. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as esbuild from 'esbuild';
import { WITH_OWNER } from '@/e2e/support/merchant';

const run = promisify(execFile);

export const ROOT = path.resolve(fileURLToPath(new URL('..', import.meta.url)));

/** Which program is measured, and whether it serves pages as well. */
export interface Build {
  readonly file: string;
  readonly role: 'all' | 'worker';
}

/** As `npm run build` does. */
export async function build(): Promise<Build> {
  await run(process.execPath, ['server/start.mjs', '--build-only'], { cwd: ROOT });
  return { file: path.join(ROOT, 'dist/server.js'), role: 'all' };
}

/** The server alone, without the minute that the pages take. Its memory is then less, too. */
export async function buildWithoutPages(): Promise<Build> {
  const file = path.join(ROOT, 'bench/results/server.js');
  await esbuild.build({
    absWorkingDir: ROOT,
    entryPoints: ['server/main.ts'],
    outfile: file,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20.9',
    sourcemap: true,
    logLevel: 'warning',
  });
  return { file, role: 'worker' };
}

export interface RunningServer {
  readonly pid: number;
  readonly port: number;
  /** For the secret key of the first project, in test mode. */
  readonly authorization: string;
  /** From the start of the process until it said that it is ready. */
  readonly readyMs: number;
  stop(): Promise<void>;
}

export interface ServerOptions extends Build {
  /** Without it the server starts its own, in `home`. */
  readonly databaseUrl?: string;
  /** Where it keeps its secrets; a temporary directory unless given. */
  readonly home?: string;
  /** For Node itself, such as `--cpu-prof`. */
  readonly flags?: readonly string[];
  /** Beside what every server here is given. */
  readonly env?: Readonly<Record<string, string>>;
}

const SECRET_KEY = 'sk_test_0123456789abcdefghijklmn';
const PUBLISHABLE_KEY = 'pk_test_0123456789abcdefghijklmn';

export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const home = options.home ?? (await fs.mkdtemp(path.join(tmpdir(), 'calmony-bench-')));
  const began = performance.now();
  const child = spawn(process.execPath, [...(options.flags ?? []), options.file], {
    cwd: ROOT,
    env: {
      PATH: process.env.PATH,
      NODE_ENV: 'production',
      PORT: '0',
      CALMONY_HOME: home,
      CALMONY_ROLE: options.role,
      CALMONY_SECRETS_IN_HOME: 'true',
      CALMONY_TEST_SECRET_KEY: SECRET_KEY,
      CALMONY_TEST_PUBLISHABLE_KEY: PUBLISHABLE_KEY,
      CALMONY_SIMULATOR_FAULTS: '',
      ...WITH_OWNER,
      ...(options.databaseUrl === undefined ? {} : { DATABASE_URL: options.databaseUrl }),
      ...options.env,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await readyPort(child);
  return {
    pid: child.pid ?? 0,
    port,
    authorization: `Bearer ${SECRET_KEY}`,
    readyMs: performance.now() - began,
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      if (options.home === undefined) await fs.rm(home, { recursive: true, force: true });
    },
  };
}

/** The port that the server announces when it takes requests. */
function readyPort(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      if (output.length < 10_000) output += text;
      const port = /is ready at http:\/\/[^\s:]+:(\d+)/.exec(output)?.[1];
      if (port !== undefined) resolve(Number(port));
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`The server ended with code ${code}.`)));
  });
}
