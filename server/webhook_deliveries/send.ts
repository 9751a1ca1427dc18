/**
 * One POST to a receiver, and what became of it. A receiver that is slow, broken or hostile is the
 * ordinary case, so whatever it does is an `Answer` and nothing throws: the whole exchange has one
 * deadline, no more of the body is read than is kept, and redirects are answers, not directions.
 *
 * In live mode receivers are on the public internet and speak https; see `webhook_endpoints/url.ts`. In test
 * mode anything goes, a laptop's own port included.
 */
import { lookup as systemLookup } from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import type { LookupFunction, Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { deliverable, ForbiddenAddress, publicLookup } from '@/server/webhook_endpoints';

export interface Post {
  readonly url: string;
  readonly body: string;
  /** All headers but `Host` and `Content-Length`. */
  readonly headers: Readonly<Record<string, string>>;
  readonly livemode: boolean;
  /** From the first look-up of the name to the last byte of the answer, in milliseconds. */
  readonly timeoutMs: number;
}

export type Answer = Answered | Failed;

/** The receiver answered in full. Only a 2xx `status` is a success. */
export interface Answered {
  readonly kind: 'answered';
  readonly status: number;
  /** At most the first 16 KiB, as UTF-8 text that PostgreSQL can store. */
  readonly body: string;
  /** In whole milliseconds. */
  readonly durationMs: number;
}

/** There was no answer. The receiver may have taken the delivery all the same. */
export interface Failed {
  readonly kind: 'failed';
  readonly reason: Reason;
  /** Fit to show to the merchant. */
  readonly message: string;
  readonly durationMs: number;
}

/** `forbidden_address`: nothing was sent, since the url or all that it resolves to is not allowed. */
export type Reason = 'timeout' | 'refused' | 'dns' | 'tls' | 'forbidden_address' | 'connection';

export interface Sender {
  /** Never throws and never rejects. */
  readonly send: (post: Post) => Promise<Answer>;
  /** Ends the kept connections, at shutdown: call it when the last `send` has answered. */
  readonly close: () => void;
}

const BODY_MAX_BYTES = 16 * 1024;

const CONNECTION = {
  // The 250 ms that Node gives each of a name's addresses is less than one round trip to far places.
  autoSelectFamilyAttemptTimeout: 1_000,
};

const POOL = {
  keepAlive: true,
  /** A host, not all together: the queue behind a dead receiver holds up nobody else. */
  maxSockets: 32,
  /** How long an idle connection is kept, in milliseconds. */
  timeout: 10_000,
};

/** How a request goes out: on a kept connection, or on one opened for it alone. */
interface Route {
  readonly request: typeof http.request;
  readonly pooled: http.Agent;
  readonly fresh: http.Agent;
}

const plainRoute = (options: http.AgentOptions): Route => ({
  request: http.request,
  pooled: new http.Agent({ ...CONNECTION, ...options, ...POOL }),
  fresh: new http.Agent({ ...CONNECTION, ...options }),
});

const secureRoute = (options: https.AgentOptions): Route => ({
  request: https.request,
  pooled: new https.Agent({ ...CONNECTION, ...options, ...POOL }),
  fresh: new https.Agent({ ...CONNECTION, ...options }),
});

/**
 * A sender with connections of its own. `lookup` resolves names in live mode, `ca` is trusted in
 * place of the system's certificate authorities. The modes share no connection: one opened in test
 * mode, where any address is allowed, must not carry a live delivery to the same name.
 */
export function newSender(options: { lookup?: LookupFunction; ca?: string } = {}): Sender {
  const { lookup = publicLookup, ca } = options;
  const live = secureRoute({ lookup, ca });
  const testSecure = secureRoute({ lookup: systemLookup, ca });
  const testPlain = plainRoute({ lookup: systemLookup });
  const routeTo = (url: URL, livemode: boolean): Route =>
    livemode ? live : url.protocol === 'https:' ? testSecure : testPlain;

  return {
    async send(post) {
      const startedAt = performance.now();
      const elapsed = () => Math.round(performance.now() - startedAt);
      try {
        const url = deliverable(post.url, post.livemode);
        if (typeof url === 'string') throw new Failure('forbidden_address', url);
        const answer = await exchange(routeTo(url, post.livemode), url, post, startedAt);
        return { kind: 'answered', ...answer, durationMs: elapsed() };
      } catch (error) {
        const reason = error instanceof Failure ? error.reason : 'connection';
        const message = error instanceof Error ? error.message : String(error);
        return { kind: 'failed', reason, message, durationMs: elapsed() };
      }
    },
    close() {
      for (const { pooled, fresh } of [live, testSecure, testPlain]) {
        pooled.destroy();
        fresh.destroy();
      }
    },
  };
}

/** Why there is no answer. `isStale`: a kept connection had been closed before it was used again. */
class Failure extends Error {
  constructor(
    readonly reason: Reason,
    message: string,
    readonly isStale = false,
  ) {
    super(message);
  }
}

type Reply = Pick<Answered, 'status' | 'body'>;

/**
 * Posts on a kept connection, and once more on a fresh one when the receiver was closing the first
 * at that moment: that is its habit after some idle seconds, not a failure. It may have the
 * delivery then already; receivers must bear with that anyway, deliveries are at least once.
 */
async function exchange(route: Route, url: URL, post: Post, startedAt: number): Promise<Reply> {
  try {
    return await exchangeOver(route.pooled, route, url, post, startedAt);
  } catch (error) {
    if (!(error instanceof Failure && error.isStale)) throw error;
    return exchangeOver(route.fresh, route, url, post, startedAt);
  }
}

/** Rejects with a `Failure`. */
function exchangeOver(
  agent: http.Agent,
  route: Route,
  url: URL,
  post: Post,
  startedAt: number,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const fail = (reason: Reason, message: string) => reject(new Failure(reason, message));
    const request = route.request(url, { method: 'POST', agent, headers: post.headers });
    // Node's own time-outs measure silence, so one byte a second would never end. And a request
    // that still waits for a connection says nothing when it is destroyed: hence the `fail`.
    const deadline = setTimeout(
      () => {
        fail('timeout', `No complete answer within ${post.timeoutMs} ms.`);
        request.destroy();
      },
      startedAt + post.timeoutMs - performance.now(),
    );
    let isAnswering = false;
    request.on('response', (response) => {
      isAnswering = true;
      readText(response, (body) => resolve({ status: response.statusCode ?? 0, body }));
      response.on('error', (error) => fail('connection', error.message));
    });
    request.on('error', (error) => reject(failureOf(error, request)));
    request.on('close', () => {
      clearTimeout(deadline);
      if (!isAnswering) fail('connection', 'The connection closed with no answer.');
    });
    request.end(post.body);
  });
}

/** Gives the body as far as it is kept; a longer one costs the receiver its connection. */
function readText(response: http.IncomingMessage, done: (text: string) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  response.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
    if (size > BODY_MAX_BYTES) {
      done(toText(chunks));
      response.destroy();
    }
  });
  response.on('end', () => done(toText(chunks)));
}

function toText(chunks: readonly Buffer[]): string {
  const bytes = Buffer.concat(chunks).subarray(0, BODY_MAX_BYTES);
  // As a stream, so that a character cut in two at the end is left out. PostgreSQL refuses NUL.
  return new TextDecoder().decode(bytes, { stream: true }).replaceAll('\0', '\uFFFD');
}

function failureOf(error: Error, request: http.ClientRequest): Failure {
  // When each address of a name failed, the first failure speaks for all.
  const cause: NodeJS.ErrnoException = error instanceof AggregateError ? error.errors[0] : error;
  const isStale = request.reusedSocket && (cause.code === 'ECONNRESET' || cause.code === 'EPIPE');
  return new Failure(reasonOf(cause, request.socket), cause.message, isStale);
}

function reasonOf(error: NodeJS.ErrnoException, socket: Socket | null): Reason {
  if (error instanceof ForbiddenAddress) return 'forbidden_address';
  // First, since a name server can refuse and time out as well.
  if (/^(getaddrinfo|query)/.test(error.syscall ?? '')) return 'dns';
  if (error.code === 'ECONNREFUSED') return 'refused';
  if (error.code === 'ETIMEDOUT') return 'timeout';
  if (error.syscall === 'connect') return 'connection';
  // Connected, and the receiver has not proved who it is: the handshake is what failed.
  return socket instanceof TLSSocket && !socket.authorized ? 'tls' : 'connection';
}
