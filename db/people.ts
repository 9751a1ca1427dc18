/**
 * The door to people: users, their sessions and how they sign in, who belong to no tenant. Its role
 * sees those tables, and of tenants only who is a member of which. What is a tenant's is written in
 * that tenant's scope, which the same transaction can go over to; there is no way back.
 */
import type { Pool } from './client';
import { APP_ROLE, PEOPLE_ROLE } from './roles';
import { conduct, type Tenant, type Writer } from './scope';

export interface PeopleWriter extends Writer {
  /** From here on the transaction is the tenant's, and as bound by its policies as any other. */
  enter(tenant: Tenant): Writer & Tenant;
}

/** As one prepared statement: what is sent here may follow others. */
const ENTER = `select set_config('role', '${APP_ROLE}', true),
  set_config('calmony.project_id', $1, true), set_config('calmony.livemode', $2, true)`;

/** Runs `work` in a transaction of the people's role. It commits when `work` resolves. */
export async function withPeople<T>(
  pool: Pool,
  work: (people: PeopleWriter) => Promise<T>,
): Promise<T> {
  const connection = await pool.reserve();
  try {
    return await conduct(connection, `begin;set local role ${PEOPLE_ROLE}`, (writer) =>
      work({
        ...writer,
        enter(tenant) {
          writer.write(ENTER, [String(tenant.projectId), String(tenant.livemode)]);
          return { ...writer, ...tenant };
        },
      }),
    );
  } finally {
    connection.release();
  }
}
