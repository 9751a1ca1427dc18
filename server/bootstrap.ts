/**
 * What the very first start sets up, so that there is something to log in to and a key to call
 * with. It runs as the owner of the database, which is the only one that may make projects.
 */
import type postgres from 'postgres';
import { mint, type KeyType } from '@/server/api_keys';
import { newId, randomBase62 } from '@/server/kernel/ids';
import { unix } from '@/server/kernel/object';
import { hashPassword } from '@/server/users';

export interface NewProject {
  readonly name: string;
  readonly now: Date;
  /** Fixed keys, for scripts; minted where not given. */
  readonly secretKey?: string | undefined;
  readonly publishableKey?: string | undefined;
}

export interface CreatedProject {
  readonly projectId: number;
  readonly secretKey: string;
  readonly publishableKey: string;
}

/** A project with a secret and a publishable key for test mode. */
export async function createProject(
  sql: postgres.Sql,
  { name, now, ...keys }: NewProject,
): Promise<CreatedProject> {
  return sql.begin(async (tx) => {
    const [project] = await tx<{ id: string }[]>`
      insert into projects (account, name, created)
      values (${newId('account')}, ${name}, ${unix(now)}) returning id`;
    const projectId = Number(project?.id);
    await tx`select set_config('calmony.project_id', ${String(projectId)}, true),
      set_config('calmony.livemode', 'false', true)`;
    const secret = mint('secret', false, keys.secretKey);
    const publishable = mint('publishable', false, keys.publishableKey);
    await insertKey(tx, 'secret', secret, now);
    await insertKey(tx, 'publishable', publishable, now);
    return { projectId, secretKey: secret.key, publishableKey: publishable.key };
  });
}

async function insertKey(
  tx: postgres.TransactionSql,
  type: KeyType,
  { key, hash, prefix, last4 }: ReturnType<typeof mint>,
  now: Date,
): Promise<void> {
  await tx`insert into api_keys (id, type, name, hash, prefix, last4, publishable, status, created)
    values (${newId('api_key')}, ${type}, 'Default', ${hash}, ${prefix}, ${last4},
      ${type === 'publishable' ? key : null}, 'active', ${unix(now)})`;
}

export interface FirstStart extends CreatedProject {
  readonly email: string;
  readonly password: string;
}

export interface Owner {
  readonly email: string;
  readonly password?: string | undefined;
}

/** Makes the first project and its owner, unless there is a project already; then null. */
export async function bootstrap(
  sql: postgres.Sql,
  project: NewProject,
  owner: Owner,
): Promise<FirstStart | null> {
  const [existing] = await sql`select 1 from projects limit 1`;
  if (existing !== undefined) return null;
  const created = await createProject(sql, project);
  const password = owner.password ?? randomBase62(20);
  const hashed = await hashPassword(password);
  await sql.begin(async (tx) => {
    const user = newId('user');
    await tx`insert into users (id, email, password, created)
      values (${user}, ${owner.email.toLowerCase()}, ${hashed}, ${unix(project.now)})`;
    await tx`select set_config('calmony.project_id', ${String(created.projectId)}, true)`;
    await tx`insert into members (id, "user", role, status, created)
      values (${newId('member')}, ${user}, 'owner', 'active', ${unix(project.now)})`;
  });
  return { ...created, email: owner.email, password };
}
