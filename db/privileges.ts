/**
 * Who may do what, applied after a migration or a change here, so that a table added later is as closed as the
 * rest. The application works in a role that is neither owner nor superuser and that every policy
 * binds; a second role can look for work across tenants, and only look; a third keeps people, who
 * belong to no tenant, and sees of tenants who is a member of which.
 */
import { APP_ROLE, PEOPLE_ROLE, ROLES, SYSTEM_ROLE } from './roles';

/** Roles belong to the whole server: another database's migration may make them at this moment. */
export const CREATE_ROLES = `
do $$
declare
  name text;
begin
  foreach name in array array[${ROLES.map((role) => `'${role}'`).join(', ')}] loop
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
  balance_deltas: ['project_id', 'livemode', 'id'],
  disputes: ['project_id', 'livemode', 'id', 'due_at', 'test_clock'],
  events: ['project_id', 'livemode', 'id'],
  figure_marks: ['project_id', 'livemode', 'id', 'until', 'time_zone'],
  idempotency_keys: ['project_id', 'livemode', 'id', 'created_at'],
  invoices: ['project_id', 'livemode', 'id', 'due_at', 'test_clock'],
  payment_intents: ['project_id', 'livemode', 'id', 'expires_at'],
  processor_accounts: ['project_id', 'livemode', 'id', 'callback_token'],
  payouts: ['project_id', 'livemode', 'id', 'due_at'],
  processor_attempts: ['project_id', 'livemode', 'id', 'status', 'inquire_at'],
  projects: ['id', 'settings'],
  simulator_sequels: ['project_id', 'livemode', 'id', 'due_at'],
  request_logs: ['project_id', 'livemode', 'id'],
  subscription_schedules: ['project_id', 'livemode', 'id', 'due_at', 'test_clock'],
  subscriptions: ['project_id', 'livemode', 'id', 'due_at', 'test_clock'],
  test_clocks: ['project_id', 'livemode', 'id', 'status', 'advance_at', 'deletes_after'],
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

/** Tables of people. Row-level security is on, so that a grant alone opens none of them. */
const OF_PEOPLE = ['users', 'sessions', 'recovery_codes', 'user_identities', 'sign_in_throttles'];

/** What of tenants tells whose members there are, and who is invited. */
const MEMBERSHIP: Record<string, readonly string[]> = {
  invitations: ['project_id', 'id', 'email', 'role', 'status', 'hash', 'expires_at'],
  members: ['project_id', 'id', 'user', 'role', 'status'],
};

/** What a member may be told of another: of nobody else, because only members are seen. */
const OF_COLLEAGUES = ['id', 'email', 'name', 'totp_enabled_at', 'last_login_at', 'created'];

const quoted = (columns: readonly string[]): string =>
  columns.map((name) => `"${name}"`).join(', ');

const peopleGrants = [
  ...OF_PEOPLE.map(
    (table) => `
  alter table ${table} enable row level security;
  grant select, insert, update, delete on ${table} to ${PEOPLE_ROLE};
  drop policy if exists ${table}_people on ${table};
  create policy ${table}_people on ${table} to ${PEOPLE_ROLE} using (true) with check (true);`,
  ),
  ...Object.entries(MEMBERSHIP).map(
    ([table, columns]) => `
  grant select (${quoted(columns)}) on ${table} to ${PEOPLE_ROLE};
  drop policy if exists ${table}_people on ${table};
  create policy ${table}_people on ${table} for select to ${PEOPLE_ROLE} using (true);`,
  ),
  `
  grant select, insert on projects to ${PEOPLE_ROLE};
  drop policy if exists projects_people on projects;
  create policy projects_people on projects to ${PEOPLE_ROLE} using (true) with check (true);

  -- Colleagues: whoever is a member of the scope's project. The policy of members says which.
  grant select (${quoted(OF_COLLEAGUES)}) on users to ${APP_ROLE};
  drop policy if exists users_colleagues on users;
  create policy users_colleagues on users for select to ${APP_ROLE}
    using (exists (select from members where members."user" = users.id));`,
].join('');

/** Nothing of these is ever changed or taken away. */
const APPEND_ONLY = ['audit_log', 'balance_transactions', 'events', 'ledger_entries'];

const appendOnly = APPEND_ONLY.map(
  (table) => `
  revoke update, delete, truncate on ${table} from ${APP_ROLE};
  create or replace trigger ${table}_append_only before update or delete on ${table}
    for each row execute function refuse_change();`,
).join('');

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

  -- What happened, who did it, and the books are append-only, for the owner as well.
  create or replace function refuse_change() returns trigger language plpgsql as $f$
    begin
      raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
    end $f$;
  ${appendOnly}

  -- Whoever goes on from what an earlier transaction left: see db/memory.ts.
  create or replace function expect_unchanged(still bigint) returns void language plpgsql as $f$
    begin
      if still <> 1 then
        raise exception 'A row was changed meanwhile' using errcode = 'serialization_failure';
      end if;
    end $f$;
  grant execute on function expect_unchanged(bigint) to ${APP_ROLE};

  -- A project may read its own row, and change what its members can set.
  alter table projects enable row level security;
  drop policy if exists projects_tenant on projects;
  create policy projects_tenant on projects to ${APP_ROLE}
    using (id = (select nullif(current_setting('calmony.project_id', true), '')::bigint));
  grant select, update (default_currency, name, settings) on projects to ${APP_ROLE};
  ${finderGrants}
  ${peopleGrants}
end $$`;
