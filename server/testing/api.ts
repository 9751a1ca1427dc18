/**
 * The REST API in this process: a request goes in, what a client would see comes out. No socket,
 * and every answer that is not a refusal is held to the official SDK's types.
 */
import { Registry } from 'prom-client';
import { expectContract } from '@/e2e/support/contract';
import { createApp, type AppParts } from '@/server/api/app';
import { keyFinder } from '@/server/api_keys';
import type { TestWorld } from './context';

export interface Call {
  /** Of the caller. Null sends no key at all. */
  readonly key: string | null;
  readonly method?: string;
  /** From `/v1` on, with the query where there is one. */
  readonly path: string;
  /** A form as text, or anything else, which is sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body. */
  readonly body: Body;
}

export interface Body {
  readonly [field: string]: unknown;
  readonly id: string;
  readonly object: string;
  readonly data: readonly Body[];
  readonly error: ErrorBody;
}

export interface ErrorBody {
  readonly [field: string]: unknown;
  readonly type: string;
  readonly code: string;
  readonly message: string;
  readonly param: string;
}

export type Api = (call: Call) => Promise<Reply>;

/** The API on a world. `parts` replaces what a test wants to see or to break. */
export function createApi(world: TestWorld, parts: Partial<AppParts> = {}): Api {
  const app = createApp({
    runtime: world.runtime,
    findKey: keyFinder(world.runtime.pool),
    isReady: async () => true,
    registry: new Registry(),
    onServed: () => undefined,
    ...parts,
  });
  return async ({ key, method = 'GET', path, body, headers = {} }) => {
    const isForm = typeof body === 'string';
    const response = await app.request(`http://127.0.0.1${path}`, {
      method,
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined
          ? {}
          : {
              'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json',
            }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const reply = {
      status: response.status,
      headers: response.headers,
      text,
      body: (text === '' ? {} : JSON.parse(text)) as Body,
    };
    const isBrowser = key?.startsWith('pk_') === true;
    if (response.ok && text !== '' && !isBrowser && isStripes(reply.body))
      expectContract(reply.body);
    return reply;
  };
}

/** The objects that are ours alone: the SDK has no types for them. */
const OURS: ReadonlySet<unknown> = new Set([
  'api_key',
  'reconciliation_item',
  'settlement_file',
  'webhook_delivery',
]);

const isStripes = ({ object, data }: Body): boolean =>
  !OURS.has(object) && !(Array.isArray(data) && data.some((one: Body) => OURS.has(one.object)));
