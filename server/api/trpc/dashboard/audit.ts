import { envelope } from '@/server/api/wire/envelope';
import {
  AuditEntryId,
  ListAuditLog,
  listAuditLog,
  retrieveAuditEntry,
  type AuditEntry,
} from '@/server/audit_log';
import type { ListOf } from '@/server/api/trpc/types';
import { forMember } from './procedure';

export const audit = {
  /** Who did what in the project, the newest first. */
  list: forMember('audit.list')
    .input(ListAuditLog.optional())
    .query(
      async ({ ctx, input }) =>
        envelope(
          await listAuditLog(ctx.scope, input ?? {}),
          '/dashboard/audit',
        ) as ListOf<AuditEntry>,
    ),

  retrieve: forMember('audit.retrieve')
    .input(AuditEntryId)
    .query(({ ctx, input }) => retrieveAuditEntry(ctx.scope, input.id)),
};
