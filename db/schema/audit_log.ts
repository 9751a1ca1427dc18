import { index, jsonb, pgTable, text } from 'drizzle-orm/pg-core';
import { idText, ofProject, projectTenancy, unixTime } from './_columns';

/** Who did what in the dashboard. Rows are written and never changed. */
export const audit_log = pgTable(
  'audit_log',
  {
    ...ofProject(),
    /** The user, and the address they had: a record stays true when the person has gone. */
    user: idText('user').notNull(),
    email: text('email').notNull(),
    /** Resource and verb, such as `members.update`. */
    action: text('action').notNull(),
    /** The id of what it was done to. */
    object: idText('object'),
    /** Null for what concerns both modes. */
    mode: text('mode', { enum: ['test', 'live'] }),
    /** The fields that changed, as they were; null where there was nothing before. */
    before: jsonb('before').$type<Record<string, unknown>>(),
    /** The same fields as they are now; null where there is nothing left. */
    after: jsonb('after').$type<Record<string, unknown>>(),
    ip: text('ip'),
    request: idText('request'),
    created: unixTime('created').notNull(),
  },
  (table) => [
    ...projectTenancy('audit_log', table),
    index('audit_log_user_idx').on(table.projectId, table.user, table.id),
    index('audit_log_email_idx').on(table.projectId, table.email, table.id),
    index('audit_log_object_idx').on(table.projectId, table.object, table.id),
    index('audit_log_action_idx').on(table.projectId, table.action, table.id),
  ],
);
