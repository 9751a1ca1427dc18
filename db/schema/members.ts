import { sql } from 'drizzle-orm';
import { bigint, index, pgPolicy, pgTable, primaryKey, text, unique } from 'drizzle-orm/pg-core';
import { idText, unixTime } from './_columns';
import { projects } from './projects';
import { users } from './users';

const isMyProject = sql.raw(
  "project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint)",
);

/** A user's role in a project. It belongs to the project in both modes, so it has no `livemode`. */
export const members = pgTable(
  'members',
  {
    projectId: bigint('project_id', { mode: 'number' })
      .notNull()
      .default(sql`nullif(current_setting('calmony.project_id', true), '')::bigint`)
      .references(() => projects.id),
    id: idText('id').notNull(),
    user: idText('user')
      .notNull()
      .references(() => users.id),
    role: text('role', {
      enum: ['owner', 'admin', 'developer', 'support', 'viewer'],
    }).notNull(),
    status: text('status', { enum: ['active', 'removed'] }).notNull(),
    created: unixTime('created').notNull(),
  },
  (table) => [
    primaryKey({ name: 'members_pkey', columns: [table.projectId, table.id] }),
    unique('members_project_id_user_key').on(table.projectId, table.user),
    index('members_project_id_status_idx').on(table.projectId, table.status),
    index('members_user_idx').on(table.user),
    pgPolicy('members_tenant', {
      as: 'permissive',
      for: 'all',
      using: isMyProject,
      withCheck: isMyProject,
    }),
  ],
);
