/**
 * The production build: Next's pages to `.next`, and the server around them to `dist/server.js`. Plain
 * JavaScript, because nothing has been compiled yet when this runs.
 *
 * A fingerprint of all sources and the lockfile is kept beside the result. It is what decides whether
 * to build again; modification times do not survive a checkout or a copied image.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** What goes into a build. Everything else (tests, docs, benchmarks) may change without one. */
const SOURCES = [
  'app',
  'components',
  'db',
  'public',
  'server',
  'next.config.mjs',
  'package-lock.json',
  'postcss.config.mjs',
  'proxy.ts',
  'tailwind.config.ts',
  'tsconfig.json',
];

const FINGERPRINT = 'dist/fingerprint';
const LOCK = 'dist/lock';

/** A build takes a minute. A lock this old was left by a process whose number is in use again. */
const LOCK_MAX_AGE_MS = 10 * 60_000;

/** @param {string} line */
const say = (line) => process.stdout.write(`calmony: ${line}\n`);

/**
 * Builds unless the last build was of these very sources. Processes that start together build once.
 *
 * @param {string} root absolute path of the repository
 * @throws {Error} with the output of the step that failed
 */
export async function ensureBuilt(root) {
  if (await isCurrent(root)) return;
  await fs.mkdir(path.join(root, 'dist'), { recursive: true });
  const release = await lock(path.join(root, LOCK));
  try {
    // Whoever held the lock before us has probably built what we came for.
    if (!(await isCurrent(root))) await build(root);
  } finally {
    await release();
  }
}

/** @param {string} root */
async function isCurrent(root) {
  const built = await fs.readFile(path.join(root, FINGERPRINT), 'utf8').catch(() => null);
  return built !== null && built === (await fingerprint(root));
}

/**
 * @param {string} root
 * @returns {Promise<string>} SHA-256 over the path and the content of every source
 */
async function fingerprint(root) {
  const hash = createHash('sha256');
  for (const file of (await Promise.all(SOURCES.map((name) => list(root, name)))).flat()) {
    hash.update(`${file}\0`).update(await fs.readFile(path.join(root, file)));
  }
  return hash.digest('hex');
}

/**
 * @param {string} root
 * @param {string} name
 * @returns {Promise<string[]>} the files below it in a fixed order, tests left out
 */
async function list(root, name) {
  const stat = await fs.stat(path.join(root, name)).catch(() => null);
  if (stat === null) return [];
  /** @type {boolean} */
  const isFile = stat.isFile();
  if (isFile) return /\.(?:test|spec)\.tsx?$/.test(name) ? [] : [name];
  const names = (await fs.readdir(path.join(root, name))).sort();
  return (await Promise.all(names.map((child) => list(root, path.join(name, child))))).flat();
}

/** @param {string} root */
async function build(root) {
  const began = performance.now();
  const sources = await fingerprint(root);
  // Removed first: if we are killed half-way, what lies there must not pass for a build.
  await fs.rm(path.join(root, FINGERPRINT), { force: true });
  say('building, which takes a minute the first time and whenever the sources change');
  await Promise.all([buildPages(root), buildServer(root)]);
  await fs.writeFile(path.join(root, FINGERPRINT), sources);
  say(`built in ${((performance.now() - began) / 1000).toFixed(1)} s`);
}

/**
 * In a process of its own, so that the compiler's memory is gone before the server runs.
 *
 * @param {string} root
 */
async function buildPages(root) {
  const next = createRequire(import.meta.url).resolve('next/dist/bin/next');
  const child = spawn(process.execPath, [next, 'build'], {
    cwd: root,
    env: { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => (output += text));
  }
  /** @type {number | null} */
  const code = await new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code !== 0) throw new Error(`The pages could not be built.\n${output}`);
}

/** @param {string} root */
async function buildServer(root) {
  const esbuild = await import('esbuild');
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: ['server/main.ts'],
    outfile: 'dist/server.js',
    bundle: true,
    // Our own files only. What npm installed is loaded from where it is.
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20.9',
    sourcemap: true,
    logLevel: 'warning',
  });
  await esbuild.stop();
}

/**
 * Waits for the lock and takes it. A hard link is made whole or not at all, and fails if it is there.
 *
 * @param {string} file
 * @returns {Promise<() => Promise<void>>} gives the lock back
 */
async function lock(file) {
  const own = `${file}.${process.pid}`;
  await fs.writeFile(own, String(process.pid));
  let isWaiting = false;
  try {
    for (;;) {
      try {
        await fs.link(own, file);
        return () => fs.rm(file, { force: true });
      } catch (error) {
        if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'EEXIST') throw error;
      }
      if (await isAbandoned(file)) {
        await fs.rm(file, { force: true });
      } else {
        if (!isWaiting) say('another process is building; waiting for it');
        isWaiting = true;
        await sleep(250);
      }
    }
  } finally {
    await fs.rm(own, { force: true });
  }
}

/**
 * @param {string} file
 * @returns {Promise<boolean>} whether the process that took the lock is gone
 */
async function isAbandoned(file) {
  try {
    const [pid, { mtimeMs }] = [Number(await fs.readFile(file, 'utf8')), await fs.stat(file)];
    if (pid === process.pid || Date.now() - mtimeMs > LOCK_MAX_AGE_MS) return true;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === 'ESRCH';
  }
}
