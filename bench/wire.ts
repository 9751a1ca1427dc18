/**
 * Stands between the server and PostgreSQL and counts what the server says, message by message.
 * https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
import { connect, createServer, type AddressInfo } from 'node:net';

export interface Wiretap {
  /** The database's address, by way of this proxy. */
  readonly url: string;
  /** By text, how often each statement was parsed and run since `reset`. */
  readonly statements: ReadonlyMap<string, { parsed: number; run: number }>;
  reset(): void;
  stop(): Promise<void>;
}

/** The startup message has no type byte, only its length. */
const HEADER = 5;

export async function tap(url: string): Promise<Wiretap> {
  const statements = new Map<string, { parsed: number; run: number }>();
  const count = (text: string, what: 'parsed' | 'run'): void => {
    const counted = statements.get(text) ?? { parsed: 0, run: 0 };
    counted[what] += 1;
    statements.set(text, counted);
  };
  const { hostname, port } = new URL(url);
  const server = createServer((front) => {
    const back = connect({
      host: hostname,
      port: Number(port === '' ? 5432 : port),
      noDelay: true,
    });
    const listen = listener(count);
    front.setNoDelay(true);
    front.on('data', (chunk) => {
      listen(chunk);
      back.write(chunk);
    });
    back.on('data', (chunk) => front.write(chunk));
    for (const [one, other] of [
      [front, back],
      [back, front],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const proxied = new URL(url);
  proxied.hostname = '127.0.0.1';
  proxied.port = String((server.address() as AddressInfo).port);
  return {
    url: proxied.href,
    statements,
    reset: () => statements.clear(),
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** Reads one connection's messages: Parse, Bind and Query name or are a statement. */
function listener(count: (text: string, what: 'parsed' | 'run') => void) {
  const texts = new Map<string, string>();
  let pending: Buffer = Buffer.alloc(0);
  let isStarted = false;
  return (chunk: Buffer): void => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    if (!isStarted) {
      if (pending.length < 4 || pending.length < pending.readInt32BE(0)) return;
      pending = pending.subarray(pending.readInt32BE(0));
      isStarted = true;
    }
    while (pending.length >= HEADER && pending.length >= 1 + pending.readInt32BE(1)) {
      const end = 1 + pending.readInt32BE(1);
      const [first = '', second = ''] = pending.toString('utf8', HEADER, end).split('\0', 2);
      switch (String.fromCharCode(pending[0] ?? 0)) {
        case 'P': // Parse: the name, then the text
          texts.set(first, second);
          count(second, 'parsed');
          break;
        case 'B': // Bind: the portal, then the statement's name
          count(texts.get(second) ?? '', 'run');
          break;
        case 'Q': // Query: the text, of one statement or several
          count(first, 'run');
          break;
        default:
      }
      pending = pending.subarray(end);
    }
  };
}
