import { getTableColumns } from 'drizzle-orm';
import { projects } from '@/db/schema/projects';
import type { Scope } from '@/server/kernel/context';

export type ProjectRow = typeof projects.$inferSelect;

/** The project of the scope: the policy lets no other be seen. */
export async function current(scope: Scope): Promise<ProjectRow> {
  const [row] = await scope.db.select(getTableColumns(projects)).from(projects);
  if (row === undefined) throw new Error(`Project ${scope.projectId} does not exist.`);
  return row;
}
