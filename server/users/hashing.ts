/**
 * Argon2id in a thread of its own: a hash takes some fifty milliseconds of a processor, in which the
 * event loop would answer nobody else. One thread, one hash at a time: whoever floods the door with
 * passwords keeps one processor busy and no more.
 */
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { tooManyAttempts } from '@/server/kernel/errors';

/** Further ones are turned away: they would wait for longer than anybody does. */
const WAITING_MAX = 100;

interface Task {
  readonly name: 'argon2id' | 'argon2Verify';
  readonly options: object;
}

interface Reply {
  readonly number: number;
  readonly result?: unknown;
  readonly failure?: string;
}

/** Plain JavaScript as text, because the server is bundled to one file and a thread needs one. */
const THREAD = `
const { parentPort, workerData } = require('node:worker_threads');
const library = require(workerData);
parentPort.on('message', async ({ number, name, options }) => {
  try {
    parentPort.postMessage({ number, result: await library[name](options) });
  } catch (error) {
    parentPort.postMessage({ number, failure: String(error) });
  }
});`;

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

const waiting = new Map<number, Waiting>();
let last = 0;
let thread: Worker | null = null;

/** Starts with the first password, and keeps no process alive. */
function start(): Worker {
  const path = createRequire(import.meta.url).resolve('hash-wasm');
  const started = new Worker(THREAD, { eval: true, workerData: path });
  started.unref();
  started.on('message', ({ number, result, failure }: Reply) => {
    const one = waiting.get(number);
    waiting.delete(number);
    if (failure === undefined) one?.resolve(result);
    else one?.reject(new Error(failure));
    if (waiting.size === 0) started.unref();
  });
  started.on('error', (error) => {
    thread = null;
    for (const { reject } of waiting.values()) reject(error);
    waiting.clear();
  });
  return started;
}

function ask(task: Task): Promise<unknown> {
  if (waiting.size >= WAITING_MAX) throw tooManyAttempts(1);
  const worker = (thread ??= start());
  const number = (last += 1);
  return new Promise((resolve, reject) => {
    waiting.set(number, { resolve, reject });
    // Whoever waits for a hash must not see the process end before it.
    worker.ref();
    worker.postMessage({ number, ...task }, []);
  });
}

export interface Argon2idOptions {
  readonly password: string;
  readonly salt: Uint8Array;
  /** Kibibytes. */
  readonly memorySize: number;
  readonly iterations: number;
  readonly parallelism: number;
  /** Bytes. */
  readonly hashLength: number;
}

/** In the PHC form, `$argon2id$v=19$m=…,t=…,p=…$salt$hash`. */
export const argon2id = async (options: Argon2idOptions): Promise<string> =>
  String(await ask({ name: 'argon2id', options: { ...options, outputType: 'encoded' } }));

export const argon2Verify = async (password: string, hash: string): Promise<boolean> =>
  (await ask({ name: 'argon2Verify', options: { password, hash } })) === true;
