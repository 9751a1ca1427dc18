/**
 * Who may do what, applied after every migration, so that a table added later is as closed as the
 * rest. The application works in a role that is neither owner nor superuser and that every policy
 * binds; a second role can look for work across tenants, and only look.
 */
import { APP_ROLE, SYSTEM_ROLE } from './roles';

/** Roles belong to the whole server: another database's migration may make them at this moment. */
export const CREATE_ROLES = `
do $$
declare
  name text;
begin
  foreach name in array array['${APP_ROLE}', '${SYSTEM_ROLE}'] loop
    begin
      execute format('create role %I nologin nosuperuser nobypassrls', name);
    exception when duplicate_object or unique_violation then null;
    end;
    -- Needed to take the role on; a superuser can already, and may not be granted to twice at once.
    -- Since PostgreSQL 16 whoever makes a role is its member, and still may not take it on.
    if not pg_has_role(current_user, name, case
      when current_setting('server_version_num')::int < 160000 then 'member' else 'set' end) then
      execute format('grant %I to current_user', name);
    end if;
  end loop;
end $$`;

/** Columns by which the finder finds. What is not named here it cannot see. */
const FINDER: Record<string, readonly string[]> = {
  api_keys: [
    'project_id',
    'livemode',
    'id',
    'type',
    'hash',
    'prefix',
    'last4',
    'rights',
    'status',
    'expires_at',
    'last_used_at',
  ],
  idempotency_keys: ['project_id', 'livemode', 'id', 'created_at'],
  processor_attempts: ['project_id', 'livemode', 'id', 'status', 'inquire_at'],
  webhook_deliveries: ['project_id', 'livemode', 'id', 'status', 'next_attempt_at', 'endpoint'],
};

const finderGrants = Object.entries(FINDER)
  .map(
    ([table, columns]) => `
  grant select (${columns.join(', ')}) on ${table} to ${SYSTEM_ROLE};
  drop policy if exists ${table}_finder on ${table};
  create policy ${table}_finder on ${table} for select to ${SYSTEM_ROLE} using (true);`,
  )
  .join('');

export const GRANT_PRIVILEGES = `
do $$
declare
  name text;
begin
  -- Every tenant table: closed to its owner too, and open to the application within the policy.
  for name in
    select c.relname from pg_class c
    join pg_namespace n on n.oid = c.relnamespace and n.nspname = current_schema()
    join pg_attribute a on a.attrelid = c.oid and a.attname = 'project_id' and not a.attisdropped
    where c.relkind in ('r', 'p') and not c.relispartition
  loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('grant select, insert, update, delete on %I to ${APP_ROLE}', name);
  end loop;

  -- Events are append-only, for the owner as well.
  revoke update, delete, truncate on events from ${APP_ROLE};
  create or replace function refuse_change() returns trigger language plpgsql as $f$
    begin
      raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
    end $f$;
  create or replace trigger events_append_only before update or delete on events
    for each row execute function refuse_change();

  -- A project may read its own row.
  alter table projects enable row level security;
  drop policy if exists projects_tenant on projects;
  create policy projects_tenant on projects for select to ${APP_ROLE}
    using (id = (select nullif(current_setting('calmony.project_id', true), '')::bigint));
  grant select on projects to ${APP_ROLE};
  ${finderGrants}
end $$`;
