/**
 * The API as Next's own code calls it, to have a page arrive with its rows: through the same door as
 * a browser, with the same session, rights and log, but without a socket.
 *
 * Next compiles its own copy of what it imports, so it must not import the router: what exists once
 * a process (here, the door) lives on `globalThis`.
 */
import { createTRPCClient, httpLink } from '@trpc/client';
import type { AppRouter, Client } from './client';

type Door = (request: Request) => Response | Promise<Response>;

const once = globalThis as { calmonyDoor?: Door };

/** Called once, before pages are served. */
export function openDoor(door: Door): void {
  once.calmonyDoor = door;
}

export interface CallerHeaders {
  /** Of the page's own request: the session. */
  readonly cookie: string;
  /** `acct_…` and `test` or `live`, from the page's address. */
  readonly account?: string;
  readonly mode?: string;
}

/** A client whose calls are the visitor's own. */
export function createCaller({ cookie, account, mode }: CallerHeaders): Client {
  return createTRPCClient<AppRouter>({
    links: [
      httpLink({
        // Nobody resolves it: the door only reads the path.
        url: 'http://calmony.internal/api/trpc',
        headers: {
          cookie,
          ...(account === undefined ? {} : { 'x-calmony-account': account }),
          ...(mode === undefined ? {} : { 'x-calmony-mode': mode }),
        },
        fetch: async (url, init) => knock(new Request(url, init as RequestInit)),
      }),
    ],
  });
}

async function knock(request: Request): Promise<Response> {
  if (once.calmonyDoor === undefined) throw new Error('No door was opened in this process.');
  return once.calmonyDoor(request);
}
