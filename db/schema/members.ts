import { foreignKey, index, pgTable, text, unique } from 'drizzle-orm/pg-core';
import { idText, ofProject, projectTenancy, unixTime } from './_columns';
import { projects } from './projects';
import { users } from './users';

/** What a member may do: see `server/members/roles.ts`. */
export const ROLES = ['owner', 'admin', 'developer', 'support', 'viewer'] as const;

/** A user's role in a project. It belongs to the project in both modes, so it has no `livemode`. */
export const members = pgTable(
  'members',
  {
    ...ofProject(),
    user: idText('user')
      .notNull()
      .references(() => users.id),
    role: text('role', { enum: ROLES }).notNull(),
    status: text('status', { enum: ['active', 'removed'] }).notNull(),
    created: unixTime('created').notNull(),
  },
  (table) => [
    ...projectTenancy('members', table),
    foreignKey({
      name: 'members_project_id_projects_id_fk',
      columns: [table.projectId],
      foreignColumns: [projects.id],
    }),
    unique('members_project_id_user_key').on(table.projectId, table.user),
    index('members_user_idx').on(table.user),
  ],
);
