import { z } from 'zod';
import { record } from '@/server/audit_log';
import { EVENT_TYPES, loadEvents } from '@/server/events';
import type { Tx } from '@/server/kernel/context';
import type { MemberOfProject } from '@/server/api/holder';
import {
  ListDeliveries,
  resendFailed,
  ResendFailed,
  sendTestEvent,
  SendTestEvent,
  webhook_deliveries,
} from '@/server/webhook_deliveries';
import { findEndpoints, revealSecret } from '@/server/webhook_endpoints';
import { forMember } from './procedure';

const Id = z.strictObject({ id: z.string() });

export const webhooks = {
  /** What an endpoint can listen for. */
  eventTypes: forMember('webhooks.eventTypes').query(() => [...EVENT_TYPES]),

  /** As the API lists them, with the type of the event, null once that is no longer kept, and the URL. */
  deliveries: forMember('webhooks.deliveries')
    .input(ListDeliveries.optional())
    .query(async ({ ctx, input }) => {
      const { data, has_more } = await webhook_deliveries.operations.list.run(
        ctx.scope,
        input ?? {},
      );
      const [events, endpoints] = await Promise.all([
        loadEvents(ctx.scope, [...new Set(data.map(({ event }) => event))]),
        findEndpoints(ctx.scope, [...new Set(data.map(({ endpoint }) => endpoint))]),
      ]);
      const types = new Map(events.map(({ id, type }) => [id, type]));
      const urls = new Map(endpoints.map(({ id, url }) => [id, url]));
      return {
        data: data.map((one) => ({
          ...one,
          event_type: types.get(one.event) ?? null,
          endpoint_url: urls.get(one.endpoint) ?? null,
        })),
        has_more,
      };
    }),

  revealSecret: forMember('webhooks.revealSecret')
    .input(Id)
    .mutation(({ ctx, input }) =>
      ctx.transaction(async (tx) => {
        const revealed = await revealSecret(tx, input.id);
        enter(tx, ctx.by, 'webhook_endpoints.revealSecret', input.id, null);
        return revealed;
      }),
    ),

  resendFailed: forMember('webhooks.resendFailed')
    .input(ResendFailed)
    .mutation(({ ctx, input }) =>
      ctx.transaction(async (tx) => {
        const done = await resendFailed(tx, input);
        enter(tx, ctx.by, 'webhook_endpoints.resendFailed', input.endpoint, { ...input, ...done });
        return done;
      }),
    ),

  sendTestEvent: forMember('webhooks.sendTestEvent')
    .input(SendTestEvent)
    .mutation(({ ctx, input }) =>
      ctx.transaction(async (tx) => {
        const sent = await sendTestEvent(tx, input);
        enter(tx, ctx.by, 'webhook_endpoints.sendTestEvent', input.endpoint, sent);
        return sent;
      }),
    ),
};

/** Into the audit log, in the transaction of what was done. */
const enter = (
  tx: Tx,
  { actor }: { actor: MemberOfProject },
  action: string,
  object: string,
  after: object | null,
): void =>
  record(
    tx,
    { actor, now: tx.now, request: tx.request },
    { action, object, mode: tx.livemode ? 'live' : 'test', after },
  );
