/** Sending again what an endpoint has missed, as the dashboard asks for it. */
import { z } from 'zod';
import { events } from '@/server/events';
import type { Tx } from '@/server/kernel/context';
import { parameterInvalid } from '@/server/kernel/errors';
import { expectEnabled, retryEvent } from './operations';
import * as store from './store';

/** From `since` on, before `until`, both in unix seconds and of when the events happened. */
export const ResendFailed = z.strictObject({
  endpoint: z.string(),
  since: z.int().min(0),
  until: z.int().min(0).optional(),
});
export type ResendFailed = z.infer<typeof ResendFailed>;

/** Makes the deliveries due that were given up. Answers how many there are. */
export async function resendFailed(
  tx: Tx,
  { endpoint, since, until }: ResendFailed,
): Promise<{ resent: number }> {
  await expectEnabled(tx, endpoint, 'endpoint');
  return { resent: await store.retryFailed(tx, endpoint, since, until ?? null) };
}

export const SendTestEvent = z.strictObject({ endpoint: z.string(), type: z.string() });
export type SendTestEvent = z.infer<typeof SendTestEvent>;

/**
 * Sends the newest event of a type to an endpoint, whether or not it listens for it: what a receiver
 * gets is what really happened, and can be looked up. Nothing is announced, so nobody else is told.
 */
export async function sendTestEvent(
  tx: Tx,
  { endpoint, type }: SendTestEvent,
): Promise<{ event: string }> {
  const { data } = await events.operations.list.run(tx, { type, limit: 1 });
  const [newest] = data;
  if (newest === undefined) {
    throw parameterInvalid(`No ${type} has happened here yet: there is none to send.`, 'type');
  }
  await retryEvent.run(tx, { id: newest.id, webhook_endpoint: endpoint });
  return { event: newest.id };
}
