import { eq, getTableColumns } from 'drizzle-orm';
import { rowsOf, selectable } from '@/db/rows';
import { brand_images } from '@/db/schema/brand_images';
import { projects } from '@/db/schema/projects';
import type { Question, Writer } from '@/db/scope';
import type { Scope } from '@/server/kernel/context';

export type ProjectRow = typeof projects.$inferSelect;

const { list, placeOf, toRow } = selectable(projects);

const OWN: Question = {
  text: `select ${list} from projects where id = any($1::text[]::bigint[])`,
  column: placeOf('id'),
  table: 'projects',
};

/**
 * The project of the scope: the policy lets no other be seen. A transaction asks once, so that all of
 * it goes by one version of the settings.
 */
export async function current(scope: Scope): Promise<ProjectRow> {
  const key = String(scope.projectId);
  const known = scope.held?.rows.get(OWN.table)?.get(key);
  if (known !== undefined) return known as ProjectRow;
  const [values] = await scope.lookUpEach(OWN, key);
  if (values === undefined) throw new Error(`Project ${scope.projectId} does not exist.`);
  const row = toRow(values);
  scope.held?.rows.set(OWN.table, new Map([[key, row]]));
  return row;
}

/** As `current`, but nobody else may change it until this transaction ends. */
export async function lockCurrent(tx: Writer): Promise<ProjectRow> {
  const [row] = await tx.db.select(getTableColumns(projects)).from(projects).for('no key update');
  if (row === undefined) throw new Error('There is no project in this scope.');
  return row;
}

/** Of the scope's own project. */
export async function updateCurrent(
  tx: Writer,
  before: ProjectRow,
  changes: Partial<Pick<ProjectRow, 'default_currency' | 'name' | 'settings'>>,
): Promise<ProjectRow> {
  await tx.db.update(projects).set(changes).where(eq(projects.id, before.id));
  return { ...before, ...changes };
}

// Pictures of the brand

const images = rowsOf(brand_images);

export const { insert: insertImage, find: findImage, remove: removeImage } = images;
