/**
 * A stand-in for Cardstream: the protocol of its Direct API, its test cards, 3-D Secure pages and
 * settlement, with books of its own. It knows nothing of us.
 */
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { Hono, type Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { OutgoingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Account } from './accounts';
import { createAcs } from './acs';
import type { Bank } from './bank';
import { openBooks } from './books';
import { newCallbacks, type Callbacks } from './callbacks';
import { createControl } from './control';
import { newFaults, type Delay, type Faults } from './faults';
import { createHostedFields } from './hosted_fields';
import { serve, type Reply } from './serve';
import { Switches } from './switches';
import { newTokens } from './tokens';

export interface GatewayOptions {
  readonly accounts: readonly Account[];
  /** Milliseconds of the epoch. */
  readonly clock: () => number;
  /** Where a browser reaches it, `http://127.0.0.1:7443`; asked when it is needed. */
  readonly origin: () => string;
  /** A file that the books are written to as they grow, and read from at the start. */
  readonly journal?: string | undefined;
  /** How long answers take. */
  readonly delay?: Delay | null;
  readonly switches?: Partial<Switches>;
}

export interface Gateway {
  readonly app: Hono;
  readonly bank: Bank;
  readonly faults: Faults;
  readonly callbacks: Callbacks;
  accounts(): readonly Account[];
  addAccount(account: Account): void;
  /** Changes switches; answers how they all stand. */
  turn(changes: Partial<Switches>): Switches;
  /** Moves the clock forward by milliseconds; null brings it back. */
  travel(ms: number | null): void;
  close(): void;
}

export function createGateway(options: GatewayOptions): Gateway {
  const accounts = new Map(options.accounts.map((account) => [account.merchantID, account]));
  let switches = Switches.parse(options.switches ?? {});
  let ahead = 0;
  const bank: Bank = {
    books: openBooks(options.journal),
    tokens: newTokens(),
    get switches() {
      return switches;
    },
    now: () => options.clock() + ahead,
    accountOf: (merchantID) => accounts.get(merchantID) ?? null,
    origin: options.origin,
  };
  const app = new Hono();
  const gateway: Gateway = {
    app,
    bank,
    faults: newFaults(options.delay ?? null),
    callbacks: newCallbacks(),
    accounts: () => [...accounts.values()],
    addAccount: (account) => void accounts.set(account.merchantID, account),
    turn: (changes) => (switches = Switches.parse({ ...switches, ...changes })),
    travel: (ms) => void (ahead = ms === null ? 0 : ahead + ms),
    close() {
      gateway.callbacks.close();
      bank.books.close();
    },
  };
  app.get('/', (http) => http.text('A stand-in for Cardstream. No money moves here.\n'));
  app.all('/direct', (http) => direct(gateway, http));
  app.all('/direct/', (http) => direct(gateway, http));
  app.route('/', createAcs(bank));
  app.route('/', createHostedFields(bank));
  app.route('/', createControl(gateway));
  app.onError((error, http) => {
    if (error instanceof HTTPException) return http.json({ error: error.message }, error.status);
    throw error;
  });
  return gateway;
}

async function direct(gateway: Gateway, http: Context): Promise<Response> {
  return send(http, await serve(gateway, await http.req.text()));
}

/** As node's server has it; in a test that calls the app there is none. */
interface Connection {
  readonly incoming?: { readonly socket: Socket };
  readonly outgoing?: OutgoingMessage & { writeHead(status: number, headers: object): unknown };
}

/** An answer that never comes, where there is no connection that could be left hanging. */
export class NoReply extends Error {
  override readonly name = 'NoReply';
}

async function send(http: Context, reply: Reply): Promise<Response> {
  const { incoming, outgoing } = (http.env ?? {}) as Connection;
  if (reply.kind === 'text') {
    // By the guide's own sample; nobody may rely on it.
    const headers = { 'content-type': 'text/html; charset=UTF-8' };
    return http.body(reply.body, reply.status, headers);
  }
  if (incoming === undefined || outgoing === undefined) throw new NoReply(reply.kind);
  if (reply.kind === 'torn') {
    const body = Buffer.from(reply.body);
    outgoing.writeHead(200, { 'content-type': 'text/html', 'content-length': body.length });
    await new Promise((resolve) => outgoing.write(body.subarray(0, body.length / 2), resolve));
  }
  if (reply.kind !== 'hung') incoming.socket.destroy();
  return RESPONSE_ALREADY_SENT;
}
