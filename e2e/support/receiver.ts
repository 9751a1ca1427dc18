/** A merchant's webhook receiver: it verifies each delivery with the official SDK and remembers it. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Stripe } from 'stripe';

export interface Delivery {
  readonly event: Stripe.Event;
  /** Path of the endpoint. */
  readonly path: string;
  /** The exact bytes that were signed. */
  readonly body: string;
  /** Header `Stripe-Signature`. */
  readonly signature: string;
}

/** The status to answer with, or null to leave the sender waiting. */
export type Behaviour = (delivery: Delivery) => number | null;

export interface Receiver {
  /** Of the receiver; each path below it may be an endpoint of its own. */
  readonly url: string;
  /** What was signed with the secret of its path, duplicates included. */
  readonly deliveries: readonly Delivery[];
  /** What was not. */
  readonly refused: readonly string[];
  /** From now on deliveries to `path` are verified with `secret`. */
  expectAt(path: string, secret: string): void;
  /** From now on it answers so; 200 to everything is how it begins. */
  behave(behaviour: Behaviour): void;
  /** The first delivery that satisfies the predicate, now or later. */
  arrival(predicate: (delivery: Delivery) => boolean): Promise<Delivery>;
  close(): void;
}

const ARRIVAL_TIMEOUT_MS = 20_000;

export async function startReceiver(): Promise<Receiver> {
  const secrets = new Map<string, string>();
  const deliveries: Delivery[] = [];
  const refused: string[] = [];
  const waiting = new Set<(delivery: Delivery) => void>();
  let behaviour: Behaviour = () => 200;

  /** The status to answer with, or null for none. */
  function receive(path: string, body: string, signature: string): number | null {
    let event: Stripe.Event;
    try {
      event = Stripe.webhooks.constructEvent(body, signature, secrets.get(path) ?? 'none');
    } catch (error) {
      refused.push(String(error));
      return 400;
    }
    const delivery = { event, path, body, signature };
    const status = behaviour(delivery);
    if (status === null || status >= 300) return status;
    deliveries.push(delivery);
    for (const tell of waiting) tell(delivery);
    return status;
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const status = receive(request.url ?? '', body, String(request.headers['stripe-signature']));
      if (status !== null) response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    deliveries,
    refused,
    expectAt: (path, secret) => void secrets.set(path, secret),
    behave: (next) => void (behaviour = next),
    arrival(predicate) {
      const past = deliveries.find(predicate);
      if (past !== undefined) return Promise.resolve(past);
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          const types = deliveries.map(({ event }) => event.type).join(', ');
          reject(new Error(`It did not arrive. What did: ${types || 'nothing'}.`));
        }, ARRIVAL_TIMEOUT_MS);
        const tell = (delivery: Delivery): void => {
          if (!predicate(delivery)) return;
          clearTimeout(timer);
          waiting.delete(tell);
          resolve(delivery);
        };
        waiting.add(tell);
      });
    },
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
