/**
 * Chromium for tests that look at pages: Playwright's own where it is installed, else the system's,
 * else one is fetched. Where there is none to be had the tests fail and say what to install.
 */
import { execFile } from 'node:child_process';
import { access, constants } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { chromium, type Browser } from 'playwright';

const run = promisify(execFile);

/** Nothing that calls home, and nothing that a container lacks. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-dev-shm-usage',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** The first is Chromium without windows, which asks a good deal less of the machine. */
const SYSTEM_NAMES = [
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
];

const ON_A_MAC = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/** How long a download may take, in milliseconds. */
const INSTALL_TIMEOUT_MS = 300_000;

/**
 * Starts a browser; close it when the file is done. A suite that may have to fetch one first gives
 * this more time than a hook has by default.
 *
 * @throws Error with one line that says what to install.
 */
export async function startBrowser(): Promise<Browser> {
  const executablePath = (await findBrowser()) ?? (await installBrowser());
  return chromium.launch({ executablePath, args: ARGUMENTS });
}

/** Longer than it takes to fetch a browser, in milliseconds: for the hook that starts one. */
export const BROWSER_TIMEOUT_MS = 2 * INSTALL_TIMEOUT_MS + 60_000;

async function findBrowser(): Promise<string | null> {
  const directories = (process.env.PATH ?? '').split(path.delimiter);
  const onSystem = SYSTEM_NAMES.flatMap((name) =>
    directories.map((directory) => path.join(directory, name)),
  );
  for (const file of [chromium.executablePath(), ...onSystem, ...ON_A_MAC]) {
    if (await isExecutable(file)) return file;
  }
  return null;
}

const isExecutable = (file: string): Promise<boolean> =>
  access(file, constants.X_OK).then(
    () => true,
    () => false,
  );

/** Playwright's download first; where that is barred, Debian's package, which root may install. */
async function installBrowser(): Promise<string> {
  const playwright = createRequire(import.meta.url).resolve('playwright/package.json');
  const cli = path.join(path.dirname(playwright), 'cli.js');
  const isRoot = process.getuid?.() === 0;
  const ways: (readonly [command: string, ...args: string[]])[][] = [
    [[process.execPath, cli, 'install', 'chromium', ...(isRoot ? ['--with-deps'] : [])]],
    isRoot
      ? [
          ['apt-get', 'update'],
          ['apt-get', 'install', '--yes', '--no-install-recommends', 'chromium-headless-shell'],
        ]
      : [],
    isRoot ? [['apt-get', 'install', '--yes', '--no-install-recommends', 'chromium']] : [],
  ];
  for (const way of ways) {
    const isDone = await inTurn(way);
    const found = isDone ? await findBrowser() : null;
    if (found !== null) return found;
  }
  throw new Error(
    'There is no Chromium for the browser tests: install one with `npx playwright install --with-deps chromium`, or `apt-get install chromium`.',
  );
}

/** Whether all of them could be run. Why not is of no use: another way is tried. */
async function inTurn(
  commands: readonly (readonly [command: string, ...args: string[]])[],
): Promise<boolean> {
  for (const [command, ...args] of commands) {
    const isDone = await run(command, args, { timeout: INSTALL_TIMEOUT_MS }).then(
      () => true,
      () => false,
    );
    if (!isDone) return false;
  }
  return commands.length > 0;
}
