/**
 * Takes due deliveries and sends them. Each run claims as many as there are free slots and does not
 * wait for receivers: whenever one answers, its slot is free for the next claim, so the stream of
 * deliveries has no lock step in which the slowest holds up the rest.
 *
 * Three moments, two of them with the database: claim, send, record. While a receiver is waited for
 * no transaction is open; the claim is a lease, a time after which anybody may take the delivery
 * over.
 */
import { byTenant } from '@/db/system';
import { loadEvents } from '@/server/events';
import type { Ctx } from '@/server/kernel/context';
import type { System } from '@/server/kernel/due';
import { failpoint } from '@/server/kernel/failpoint';
import { newId } from '@/server/kernel/ids';
import { findEndpoints } from '@/server/webhook_endpoints';
import { inLanes } from '@/server/kernel/lanes';
import { move } from './lifecycle';
import { toPost, toResult, type Claimed } from './message';
import { newRecording } from './recording';
import { newSender, type Sender } from './send';
import { EACH_MOST, newSlots } from './slots';
import * as store from './store';

/** How long a claimed delivery is ours, in milliseconds: twice what a receiver may take. */
const LEASE_MS = 60_000;

/** Tenants whose deliveries are claimed at the same time: each needs a connection. */
const LANES = 4;

export interface Sending {
  /** Starts what is due, as far as there are slots, and answers how much that was. */
  run(system: System, again: () => void): Promise<number>;
  /** Resolves when everything started has ended and is recorded. */
  drain(): Promise<void>;
}

/** `random` gives numbers in [0, 1). */
export function newSending(random: () => number, sender: Sender = newSender()): Sending {
  const slots = newSlots();
  const recording = newRecording();
  const underWay = new Set<Promise<void>>();

  async function deliver(system: System, claimed: Claimed, again: () => void): Promise<void> {
    const { endpoint } = claimed;
    let durationMs = 0;
    try {
      const sentAt = system.clock();
      const post = toPost(claimed, system.ctxOf(endpoint).keyring, sentAt);
      const answer = await sender.send(post);
      await failpoint('delivery.sent');
      durationMs = answer.durationMs;
      const now = system.clock();
      const attempt = { id: newId('webhook_attempt'), sentAt, now, random: random() };
      recording.add(system, endpoint, toResult(claimed, answer, attempt));
    } catch (error) {
      // A secret that no key opens, say. The lease runs out, and it is tried again.
      system.log.error({ err: error, delivery: claimed.row.id }, 'webhook not sent');
    }
    const wasFull = slots.free() === 0 || slots.full().includes(endpoint.id);
    slots.release(endpoint.id, durationMs);
    if (wasFull) again();
  }

  function start(system: System, claimed: Claimed, again: () => void): void {
    const delivery = deliver(system, claimed, again).finally(() => underWay.delete(delivery));
    underWay.add(delivery);
  }

  return {
    async run(system, again) {
      if (slots.free() === 0) return 0;
      const limit = { each: EACH_MOST, all: slots.free() };
      const found = await store.findDue(system.pool, system.clock(), limit, slots.full());
      const taken = found.filter(({ endpoint }) => slots.take(endpoint));
      const unused = new Map(taken.map(({ id, endpoint }) => [id, endpoint]));
      let started = 0;
      await inLanes(LANES, byTenant(taken), async ({ tenant, ids }) => {
        try {
          for (const claimed of await claim(system.ctxOf(tenant), ids)) {
            unused.delete(claimed.row.id);
            start(system, claimed, again);
            started += 1;
          }
        } catch (error) {
          system.log.error({ err: error, project: tenant.projectId }, 'webhooks not claimed');
        }
      });
      for (const endpoint of unused.values()) slots.giveBack(endpoint);
      return started;
    },

    async drain() {
      await Promise.all(underWay);
      await recording.settled();
      sender.close();
    },
  };
}

/**
 * Takes those that are still due, with all that it needs to send them. What nobody wants any more,
 * because the endpoint is disabled, or cannot be sent, because the event is no longer kept, ends
 * here.
 */
const claim = (ctx: Ctx, ids: readonly string[]): Promise<Claimed[]> =>
  ctx.transaction(async (tx) => {
    const lease = new Date(tx.now.getTime() + LEASE_MS);
    const claimed = await store.claim(tx, ids, lease);
    const [events, endpoints] = await Promise.all([
      loadEvents(tx, [...new Set(claimed.map(({ row }) => row.event))]),
      findEndpoints(tx, [...new Set(claimed.map(({ row }) => row.endpoint))]),
    ]);
    const eventOf = new Map(events.map((event) => [event.id, event]));
    const endpointOf = new Map(endpoints.map((endpoint) => [endpoint.id, endpoint]));
    return claimed.flatMap((each) => {
      const event = eventOf.get(each.row.event);
      const endpoint = endpointOf.get(each.row.endpoint);
      if (event !== undefined && endpoint?.status === 'enabled') {
        return [{ ...each, lease, event, endpoint }];
      }
      move(tx, each.row, 'give_up');
      return [];
    });
  });
