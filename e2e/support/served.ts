import type { Stripe } from 'stripe';
import { afterAll } from 'vitest';
import { startServer, type TestServer } from './server';
import { strictStripe } from './stripe';

/**
 * A server of its own for a file of tests, stopped after the last of them, and the official SDK on
 * it, which fails a test where an answer breaks the contract.
 */
export async function served(): Promise<{ server: TestServer; stripe: Stripe }> {
  const server = await startServer();
  afterAll(() => server.stop());
  return { server, stripe: strictStripe(server) };
}
