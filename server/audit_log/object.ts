import type { AuditRow } from './store';

export interface AuditEntry {
  readonly id: string;
  readonly object: 'audit_entry';
  /** Resource and verb, such as `members.update`. */
  readonly action: string;
  /** The fields that changed, as they were, and as they are. */
  readonly before: Readonly<Record<string, unknown>> | null;
  readonly after: Readonly<Record<string, unknown>> | null;
  /** Unix seconds. */
  readonly created: number;
  readonly ip: string | null;
  /** Null for what concerns both modes. */
  readonly mode: 'test' | 'live' | null;
  readonly request: string | null;
  /** The id of what it was done to. */
  readonly subject: string | null;
  readonly user: { readonly id: string; readonly email: string };
}

export const toAuditEntry = (row: AuditRow): AuditEntry => ({
  id: row.id,
  object: 'audit_entry',
  action: row.action,
  before: row.before,
  after: row.after,
  created: row.created,
  ip: row.ip,
  mode: row.mode,
  request: row.request,
  subject: row.object,
  user: { id: row.user, email: row.email },
});
