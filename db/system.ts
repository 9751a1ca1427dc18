/**
 * Looks across tenants, and does nothing but find: whose key this is, and which work is due. Its
 * role may read those few columns and write nothing. What is found is then worked on in a scope.
 */
import type { Pool } from './client';
import type { Tenant } from './scope';

/** The statement's rows as objects, read in the finder's role. */
export async function look<Row>(
  { finder }: Pool,
  text: string,
  params: readonly unknown[],
): Promise<Row[]> {
  const rows = await finder.unsafe(text, params as never[], { prepare: true });
  return [...rows] as unknown as Row[];
}

/** One thing to do, and whose it is. */
export interface Found {
  readonly project_id: number;
  readonly livemode: boolean;
  readonly id: string;
}

/** What was found, by tenant, so that each tenant's work is done in one scope. */
export function byTenant(found: readonly Found[]): { tenant: Tenant; ids: string[] }[] {
  const groups = new Map<string, { tenant: Tenant; ids: string[] }>();
  for (const { project_id, livemode, id } of found) {
    const key = `${project_id}/${livemode}`;
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, { tenant: { projectId: project_id, livemode }, ids: [id] });
    } else group.ids.push(id);
  }
  return [...groups.values()];
}
