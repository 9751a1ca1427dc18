/** The books of a test's tenant: whether they agree, and what happens if somebody tampers with them. */
import { contradictions } from '@/db/books';
import type { TestTenant, TestWorld } from './context';

/** What is not true of them. */
export const untruths = async (world: TestWorld, { projectId }: TestTenant): Promise<string[]> =>
  (await contradictions(world.runtime.pool))
    .filter(({ tenant }) => tenant.projectId === projectId)
    .map(({ statement, row }) => `${statement}: ${JSON.stringify(row)}`);

/** Runs an update of this tenant's rows where the triggers that refuse it do not fire. */
export const tamper = (
  world: TestWorld,
  { projectId }: TestTenant,
  update: string,
): Promise<unknown> =>
  world.admin.begin(async (sql) => {
    await sql`set local session_replication_role = replica`;
    const mine = update.includes(' where ') ? 'and' : 'where';
    await sql.unsafe(`${update} ${mine} project_id = $1`, [projectId]);
  });
