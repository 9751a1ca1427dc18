import { and, eq } from 'drizzle-orm';
import { rowsOf, whenGiven } from '@/db/rows';
import { audit_log } from '@/db/schema/audit_log';
import type { Scope } from '@/server/kernel/context';
import { pageOf, within } from '@/server/kernel/page';
import type { ListAuditLog } from './params';

export type AuditRow = typeof audit_log.$inferSelect;

const rows = rowsOf(audit_log);
export const { find, insert } = rows;

export const page = (scope: Scope, params: ListAuditLog) =>
  pageOf<AuditRow>(
    scope,
    { table: audit_log, rows, object: 'audit_entry' },
    params,
    and(
      whenGiven(audit_log.user, params.user),
      whenGiven(audit_log.email, params.email),
      whenGiven(audit_log.object, params.object),
      whenGiven(audit_log.action, params.action),
      params.mode === undefined ? undefined : eq(audit_log.mode, params.mode),
      within(audit_log.created, params.created),
    ),
  );
