import { envelope } from '@/server/api/wire/envelope';
import type { ListOf } from '@/server/api/trpc/types';
import {
  ListRequestLogs,
  listRequestLogs,
  RequestLogId,
  retrieveRequestLog,
  type RequestLog,
} from '@/server/request_logs';
import { forMember } from './procedure';

export const logs = {
  /** What was asked of the API, the newest first. */
  list: forMember('logs.list')
    .input(ListRequestLogs.optional())
    .query(
      async ({ ctx, input }) =>
        envelope(
          await listRequestLogs(ctx.scope, input ?? {}),
          '/dashboard/logs',
        ) as ListOf<RequestLog>,
    ),

  /** With its bodies. */
  retrieve: forMember('logs.retrieve')
    .input(RequestLogId)
    .query(({ ctx, input }) => retrieveRequestLog(ctx.scope, input.id)),
};
