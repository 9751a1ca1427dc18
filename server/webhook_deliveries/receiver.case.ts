/** A receiver of webhooks on a port of this machine, for tests. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Stripe } from 'stripe';

export interface Received {
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
  readonly event: { readonly id: string; readonly type: string; readonly pending_webhooks: number };
}

export interface Receiver {
  readonly url: string;
  readonly received: Received[];
  /** Resolves once this many have come. */
  expecting(count: number): Promise<void>;
  close(): Promise<void>;
}

/** The status to answer with, at once or later; null answers nothing. */
export type Respond = (received: Received) => number | null | Promise<number>;

const nothing = (): void => undefined;

export async function startReceiver(respond: Respond = () => 200): Promise<Receiver> {
  const received: Received[] = [];
  let arrived: () => void = nothing;
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString();
      const delivery = { headers: request.headers, body, event: JSON.parse(body) };
      received.push(delivery);
      arrived();
      const answer = async (): Promise<void> => {
        const status = await respond(delivery);
        if (status !== null) response.writeHead(status).end('answered');
      };
      void answer();
    });
  });
  await new Promise<void>((listening) => {
    server.listen(0, '127.0.0.1', listening);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    received,
    async expecting(count) {
      while (received.length < count) {
        await new Promise<void>((resolve) => {
          arrived = resolve;
        });
      }
    },
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

const stripe = new Stripe('sk_test_000000000000000000000000');

/** The event, if the official SDK takes it for genuine at that time; else it throws. */
export function verify(received: Received, secret: string, at: Date): Stripe.Event {
  const header = received.headers['stripe-signature'] as string;
  return stripe.webhooks.constructEvent(
    received.body,
    header,
    secret,
    300,
    undefined,
    at.getTime(),
  );
}
