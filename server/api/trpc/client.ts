/** For internal tools: the whole API, typed, over one connection. */
import {
  createTRPCClient,
  httpBatchStreamLink,
  type TRPCClient,
  type TRPCClientError,
} from '@trpc/client';
import type { AppRouter } from './router';

export type { AppRouter, StripeError } from './router';

export type Client = TRPCClient<AppRouter>;

/** What a refused call throws. `data.stripe` is the error as the REST API would have answered it. */
export type ClientError = TRPCClientError<AppRouter>;

/**
 * A client for one project and mode, which are the key's. Calls that are made together travel
 * together, and each resolves as soon as its own answer is there.
 *
 * @param url of the server, such as `http://127.0.0.1:3000`.
 * @param key a secret or restricted API key.
 */
export const createClient = ({ url, key }: { url: string; key: string }): Client =>
  createTRPCClient<AppRouter>({
    links: [
      httpBatchStreamLink({
        url: new URL('/api/trpc', url),
        headers: { authorization: `Bearer ${key}` },
      }),
    ],
  });
