/**
 * A receiver of webhooks, in a process of its own: it checks each signature, answers 200 and
 * remembers when what came. HTTP on raw sockets, because it shares the machine's cores with the sender.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer, type AddressInfo, type Socket } from 'node:net';

/** What the parent may say. `secret` null takes anything, for the bare baseline. */
export interface Expect {
  readonly secret: string | null;
  /** How many different events are waited for. */
  readonly count: number;
}

export interface Receipt {
  readonly event: string;
  /** The id of the object that the event is about. */
  readonly object: string;
  /** Milliseconds of the unix epoch, with fractions. */
  readonly at: number;
}

/** What the receiver says: the port once, then the receipts of each expectation. */
export type Said =
  | { readonly port: number }
  | { readonly receipts: readonly Receipt[]; readonly forged: number };

let expected: Expect = { secret: null, count: Number.POSITIVE_INFINITY };
let receipts = new Map<string, Receipt>();
let forged = 0;
/** Of all expectations: a delivery may come twice, and the second belongs to none. */
const known = new Set<string>();

const say = (said: Said): boolean | undefined => process.send?.(said);

/** `t=…,v1=…` of the exact body. https://docs.stripe.com/webhooks#verify-manually */
function isGenuine(head: string, body: string, secret: string): boolean {
  const [, time = '', signature = ''] =
    /\r\nstripe-signature: t=(\d+),v1=([0-9a-f]{64})/i.exec(head) ?? [];
  const hmac = createHmac('sha256', secret).update(`${time}.${body}`, 'utf8').digest();
  const given = Buffer.from(signature, 'hex');
  return given.length === hmac.length && timingSafeEqual(given, hmac);
}

function receive(head: string, bytes: Buffer): void {
  const at = performance.timeOrigin + performance.now();
  if (expected.secret === null) return;
  const body = bytes.toString('utf8');
  if (!isGenuine(head, body, expected.secret)) {
    forged += 1;
    return;
  }
  const event = JSON.parse(body) as { id: string; data: { object: { id: string } } };
  if (known.has(event.id)) return;
  known.add(event.id);
  receipts.set(event.id, { event: event.id, object: event.data.object.id, at });
  if (receipts.size === expected.count) say({ receipts: [...receipts.values()], forged });
}

const ANSWER = 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n';

function serve(socket: Socket): void {
  let pending: Buffer = Buffer.alloc(0);
  socket.setNoDelay(true);
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    for (;;) {
      const end = pending.indexOf('\r\n\r\n');
      if (end === -1) return;
      const head = pending.toString('latin1', 0, end);
      const length = Number(/\r\ncontent-length: *(\d+)/i.exec(head)?.[1] ?? 0);
      if (pending.length < end + 4 + length) return;
      receive(head, pending.subarray(end + 4, end + 4 + length));
      pending = pending.subarray(end + 4 + length);
      socket.write(ANSWER);
    }
  });
}

process.on('message', (expect: Expect) => {
  expected = expect;
  receipts = new Map();
  forged = 0;
});
process.on('disconnect', () => process.exit(0));

const server = createServer(serve);
server.listen(0, '127.0.0.1', () => say({ port: (server.address() as AddressInfo).port }));
