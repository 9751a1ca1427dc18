/**
 * `npm start`: builds if the sources have changed, then becomes the server. The server is imported and
 * not spawned, so that signals reach it and only one process holds memory.
 *
 * `--build-only` stops after the build (`npm run build`).
 */
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ensureBuilt } from './build.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');

// Next looks for `.next` in the working directory, and CALMONY_HOME is relative to it.
process.chdir(root);

// What was built is a production build, and React decides by this variable which of its halves to load.
// Set by the operator, it means a deployment, where a key must not be made up (server/env.ts).
if ((process.env.NODE_ENV ?? '') === '') {
  Object.assign(process.env, { NODE_ENV: 'production' });
  process.env.CALMONY_SECRETS_IN_HOME ||= 'true';
}

/** @type {boolean} */
const isBuildOnly = process.argv.includes('--build-only');

try {
  await ensureBuilt(root);
  if (!isBuildOnly) {
    process.setSourceMapsEnabled(true);
    await import(pathToFileURL(path.join(root, 'dist/server.js')).href);
  }
} catch (error) {
  process.stderr.write(`calmony: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
