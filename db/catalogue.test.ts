/**
 * What the schema promises, asked of a migrated database's own catalogue and then tried: a table
 * that is added without its policy, its key or its index fails here, whoever forgot it.
 */
import { getTableName, is } from 'drizzle-orm';
import { PgTable } from 'drizzle-orm/pg-core';
import type postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { firstIdBodyAt, newId } from '@/server/kernel/ids';
import { createWorld, type TestWorld } from '@/server/testing/context';
import type { Connection } from './loans';
import { SYSTEM_ROLE } from './roles';
import * as schema from './schema';

const CORE = [
  'api_keys',
  'customers',
  'events',
  'idempotency_keys',
  'invoices',
  'payment_intents',
  'payment_methods',
  'subscriptions',
  'webhook_endpoints',
];

/** Of the whole installation: no tenant's. */
const GLOBAL = [
  'projects',
  'recovery_codes',
  'sessions',
  'sign_in_throttles',
  'user_identities',
  'users',
];

/** People work in both modes, and a brand is one: the tenant tables without a mode. */
const WITHOUT_MODE = ['audit_log', 'brand_images', 'invitations', 'members'];

/** What happened: rows are added, and neither changed nor taken away. */
const RECORDS = ['audit_log', 'balance_transactions', 'events', 'ledger_entries'];

/** Whole numbers that are no amounts. Whatever else is a number is a bigint, money before all. */
const COUNTS = [
  'coupons.duration_in_months',
  'coupons.max_redemptions',
  'coupons.percent_off',
  'coupons.times_redeemed',
  'credit_note_lines.position',
  'credit_note_lines.quantity',
  'disputes.submission_count',
  'idempotency_keys.response_status',
  'invoice_items.quantity',
  'invoice_lines.position',
  'invoice_lines.quantity',
  'invoice_sequences.next',
  'invoices.attempt_count',
  'invoices.days_until_due',
  'meter_events.value',
  'processor_accounts.revision',
  'processor_attempts.inquiries',
  'promotion_codes.max_redemptions',
  'promotion_codes.times_redeemed',
  'reconciliation_items.line',
  'request_logs.duration_ms',
  'request_logs.response_status',
  'settlement_files.differences',
  'settlement_files.lines',
  'settlement_files.matched',
  'settlement_lines.line',
  'sign_in_throttles.failures',
  'simulator_transactions.sequence',
  'subscription_items.quantity',
  'subscription_schedules.current_phase',
  'subscriptions.days_until_due',
  'tax_rates.percentage',
  'webhook_deliveries.attempts',
  'webhook_delivery_attempts.duration_ms',
  'webhook_delivery_attempts.response_status',
];

interface Column {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly collation: string | null;
  readonly required: boolean;
}

interface Key {
  readonly table: string;
  readonly name: string;
  readonly columns: string[];
  /** Of a foreign key. */
  readonly target: string | null;
}

let world: TestWorld;
let columns: Column[];
let foreignKeys: Key[];
/** Every table that belongs to tenants. */
let tables: string[];

const columnsOf = (table: string): Column[] => columns.filter((column) => column.table === table);
const has = (table: string, name: string): boolean =>
  columnsOf(table).some((column) => column.name === name);

/** Those that no partition repeats. */
const indexes = () => world.admin<(Key & { unique: boolean; primary: boolean })[]>`
  select t.relname as table, c.relname as name, i.indisunique as unique, i.indisprimary as primary,
    null as target,
    array(select a.attname::text from unnest(i.indkey) with ordinality k (attnum, n)
      join pg_attribute a on a.attrelid = t.oid and a.attnum = k.attnum order by n) as columns
  from pg_index i join pg_class t on t.oid = i.indrelid join pg_class c on c.oid = i.indexrelid
  where t.relnamespace = 'public'::regnamespace and not t.relispartition`;

beforeAll(async () => {
  world = await createWorld();
  columns = await world.admin<Column[]>`
    select t.relname as table, a.attname as name, format_type(a.atttypid, null) as type,
      l.collname as collation, a.attnotnull as required
    from pg_class t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
    left join pg_collation l on l.oid = a.attcollation
    where t.relnamespace = 'public'::regnamespace and t.relkind in ('r', 'p') and not t.relispartition
    order by t.relname, a.attnum`;
  foreignKeys = await world.admin<Key[]>`
    select t.relname as table, c.conname as name, c.confrelid::regclass::text as target,
      array(select a.attname::text from unnest(c.conkey) with ordinality k (attnum, n)
        join pg_attribute a on a.attrelid = t.oid and a.attnum = k.attnum order by n) as columns
    from pg_constraint c join pg_class t on t.oid = c.conrelid
    where c.contype = 'f' and t.relnamespace = 'public'::regnamespace and not t.relispartition`;
  tables = [...new Set(columns.map(({ table }) => table))].filter((name) => !GLOBAL.includes(name));
});

afterAll(() => world.close());

describe('the schema', () => {
  it('has the nine core tables under their names, and every table that the code knows', () => {
    expect(tables).toEqual(expect.arrayContaining(CORE));
    const known = Object.values<unknown>(schema)
      .filter((value) => is(value, PgTable))
      .map((table) => getTableName(table));
    expect([...tables, ...GLOBAL].toSorted()).toEqual(known.toSorted());
  });

  it('says of every row of a tenant whose it is', () => {
    const missing = tables.filter((table) =>
      ['project_id', 'livemode', 'id'].some(
        (name) =>
          !(name === 'livemode' && WITHOUT_MODE.includes(table)) &&
          !columnsOf(table).some((column) => column.name === name && column.required),
      ),
    );
    expect(missing).toEqual([]);
  });

  it('binds every tenant table by one policy on project and mode, its owner included', async () => {
    const security = await world.admin<{ table: string; enabled: boolean; forced: boolean }[]>`
      select relname as table, relrowsecurity as enabled, relforcerowsecurity as forced
      from pg_class where relname in ${world.admin(tables)}`;
    expect(security.filter(({ enabled, forced }) => !enabled || !forced)).toEqual([]);

    const policies = await world.admin<{ table: string }[]>`
      select tablename as table, permissive, roles::text, cmd,
        regexp_replace(qual, '\\s+', ' ', 'g') as qual,
        regexp_replace(with_check, '\\s+', ' ', 'g') as with_check
      from pg_policies where policyname not like '%\\_finder' and policyname not like '%\\_people'`;
    const mine = (setting: string, type: string) =>
      `( SELECT (NULLIF(current_setting('calmony.${setting}'::text, true), ''::text))::${type} AS "nullif")`;
    const project = `(project_id = ${mine('project_id', 'bigint')})`;
    const both = `(${project} AND (livemode = ${mine('livemode', 'boolean')}))`;
    for (const table of tables) {
      const condition = WITHOUT_MODE.includes(table) ? project : both;
      expect(policies.filter((policy) => policy.table === table)).toEqual([
        {
          table,
          permissive: 'PERMISSIVE',
          roles: '{public}',
          cmd: 'ALL',
          qual: condition,
          with_check: condition,
        },
      ]);
    }
  });

  it('keys every tenant table by project, mode and id', async () => {
    const primary = (await indexes()).filter(
      (index) => index.primary && tables.includes(index.table),
    );
    expect(primary.map(({ table, columns: key }) => ({ table, key })).toSorted(byTable)).toEqual(
      tables.map((table) => ({
        table,
        key: has(table, 'livemode') ? ['project_id', 'livemode', 'id'] : ['project_id', 'id'],
      })),
    );
  });

  it('lets nothing be unique across projects or modes', async () => {
    const loose = (await indexes()).filter(
      ({ table, unique, columns: key }) =>
        unique &&
        tables.includes(table) &&
        !(key[0] === 'project_id' && (WITHOUT_MODE.includes(table) || key.includes('livemode'))),
    );
    expect(loose).toEqual([]);
  });

  it('lets no row point out of its project or mode', () => {
    const loose = foreignKeys.filter(
      ({ table, target, columns: key }) =>
        tables.includes(table) &&
        !GLOBAL.includes(target ?? '') &&
        !(key[0] === 'project_id' && key[1] === 'livemode'),
    );
    expect(loose).toEqual([]);
  });

  it('finds by status in every table that has one, and of the core only events has none', async () => {
    const byStatus = (await indexes())
      .filter(({ columns: key }) => key[0] === 'project_id' && key[1] === 'status')
      .map(({ table }) => table);
    expect(byStatus.toSorted()).toEqual(tables.filter((table) => has(table, 'status')));
    // An event is a record of what was: nothing about it changes.
    expect(CORE.filter((table) => !has(table, 'status'))).toEqual(['events']);
  });

  it('sorts ids by their bytes', () => {
    const pointing = foreignKeys.map(({ table, columns: key }) => `${table}.${key.at(-1)}`);
    const sorted = columns.filter(
      ({ table, name, type }) =>
        type === 'text' && (name === 'id' || pointing.includes(`${table}.${name}`)),
    );
    expect(sorted.length).toBeGreaterThan(tables.length);
    expect(sorted.filter(({ collation }) => collation !== 'C')).toEqual([]);
  });

  it('keeps every amount in a bigint', () => {
    const others = columns
      .filter(({ type }) => /^(?:integer|smallint|numeric|real|double precision|money)$/.test(type))
      .map(({ table, name }) => `${table}.${name}`);
    expect(others.toSorted()).toEqual(COUNTS);
  });
});

/** What a role may do with single columns only. */
const columnGrants = async (role: string) => [
  ...(await world.admin`
    select c.relname as table, g.privilege_type as privilege,
      array_agg(a.attname::text order by a.attname) as columns
    from pg_attribute a join pg_class c on c.oid = a.attrelid, aclexplode(a.attacl) g
    where g.grantee = ${role}::regrole group by 1, 2 order by 1, 2`),
];

const byTable = (one: { table: string }, other: { table: string }): number =>
  one.table < other.table ? -1 : 1;

describe('the roles', () => {
  it('are neither superuser nor owner, and no policy lets them past', async () => {
    const roles = await world.admin`
      select rolname, rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolcanlogin,
        exists (select from pg_class c where c.relowner = r.oid) as owns,
        exists (select from pg_auth_members m where m.member = r.oid) as is_member
      from pg_roles r where rolname in ('calmony_app', 'calmony_people', 'calmony_system') order by rolname`;
    const none = {
      rolsuper: false,
      rolbypassrls: false,
      rolcreaterole: false,
      rolcreatedb: false,
      rolcanlogin: false,
      owns: false,
      is_member: false,
    };
    expect([...roles]).toEqual([
      { rolname: 'calmony_app', ...none },
      { rolname: 'calmony_people', ...none },
      { rolname: 'calmony_system', ...none },
    ]);
  });

  it('let the application work in tenant tables, and see of the rest its own project and people', async () => {
    const grants = await world.admin<{ table: string; may: string[] }[]>`
      select c.relname as table, array_agg(g.privilege_type order by g.privilege_type) as may
      from pg_class c, aclexplode(c.relacl) g
      where g.grantee = 'calmony_app'::regrole group by 1 order by 1`;
    const all = ['DELETE', 'INSERT', 'SELECT', 'UPDATE'];
    expect([...grants]).toEqual(
      [...tables, 'projects'].toSorted().map((table) => {
        if (table === 'projects') return { table, may: ['SELECT'] };
        return { table, may: RECORDS.includes(table) ? ['INSERT', 'SELECT'] : all };
      }),
    );
  });

  it('let the application set what a project has, and know its members by name', async () => {
    expect(await columnGrants('calmony_app')).toEqual([
      { table: 'projects', privilege: 'UPDATE', columns: ['default_currency', 'name', 'settings'] },
      {
        table: 'users',
        privilege: 'SELECT',
        columns: ['created', 'email', 'id', 'last_login_at', 'name', 'totp_enabled_at'],
      },
    ]);
    const [mine, other] = [await world.project(), await world.project()];
    for (const [index, { projectId }] of [mine, other].entries()) {
      await world.admin`insert into users (id, email, created)
        values (${`user_colleague_${index}`}, ${`colleague${index}@example.com`}, 1)`;
      await world.admin`insert into members (project_id, id, "user", role, status, created)
        values (${projectId}, 'mem_1', ${`user_colleague_${index}`}, 'owner', 'active', 1)`;
    }
    const seen = await mine.ctx.transaction((tx) =>
      tx.objects('select id from users where id like $1', ['user_colleague_%']),
    );
    expect(seen).toEqual([{ id: 'user_colleague_0' }]);
    const renamed = await mine.ctx.transaction((tx) =>
      tx.objects("update projects set name = 'Mine' returning id", []),
    );
    expect(renamed).toEqual([{ id: mine.projectId }]);
  });

  it('let whoever signs people in see people, and of tenants who is a member', async () => {
    const whole = await world.admin<{ table: string; may: string[] }[]>`
      select c.relname as table, array_agg(g.privilege_type order by g.privilege_type) as may
      from pg_class c, aclexplode(c.relacl) g
      where g.grantee = 'calmony_people'::regrole group by 1 order by 1`;
    const all = ['DELETE', 'INSERT', 'SELECT', 'UPDATE'];
    expect([...whole]).toEqual(
      GLOBAL.map((table) => ({ table, may: table === 'projects' ? ['INSERT', 'SELECT'] : all })),
    );
    expect(await columnGrants('calmony_people')).toEqual([
      {
        table: 'invitations',
        privilege: 'SELECT',
        columns: ['email', 'expires_at', 'hash', 'id', 'project_id', 'role', 'status'],
      },
      {
        table: 'members',
        privilege: 'SELECT',
        columns: ['id', 'project_id', 'role', 'status', 'user'],
      },
    ]);
  });

  it('let the finder see the columns it finds by, and nothing else', async () => {
    const whole = await world.admin`
      select c.relname from pg_class c, aclexplode(c.relacl) g
      where g.grantee = ${SYSTEM_ROLE}::regrole`;
    expect([...whole]).toEqual([]);
    const seen = await world.admin<{ table: string; columns: string[] }[]>`
      select table_name as table, array_agg(column_name::text order by ordinal_position) as columns
      from information_schema.column_privileges join information_schema.columns
        using (table_schema, table_name, column_name)
      where grantee = ${SYSTEM_ROLE} and privilege_type = 'SELECT' group by 1 order by 1`;
    const others = await world.admin`
      select 1 from information_schema.column_privileges
      where grantee = ${SYSTEM_ROLE} and privilege_type <> 'SELECT'`;
    expect([...others]).toEqual([]);
    const tenant = ['project_id', 'livemode', 'id'];
    expect([...seen]).toEqual([
      {
        table: 'api_keys',
        columns: [
          ...tenant,
          'type',
          'hash',
          'prefix',
          'last4',
          'rights',
          'status',
          'expires_at',
          'last_used_at',
        ],
      },
      { table: 'balance_deltas', columns: tenant },
      { table: 'disputes', columns: [...tenant, 'due_at', 'test_clock'] },
      { table: 'events', columns: tenant },
      { table: 'figure_marks', columns: [...tenant, 'until', 'time_zone'] },
      { table: 'idempotency_keys', columns: [...tenant, 'created_at'] },
      { table: 'invoices', columns: [...tenant, 'due_at', 'test_clock'] },
      { table: 'payment_intents', columns: [...tenant, 'expires_at'] },
      { table: 'payouts', columns: [...tenant, 'due_at'] },
      { table: 'processor_accounts', columns: [...tenant, 'callback_token'] },
      { table: 'processor_attempts', columns: [...tenant, 'status', 'inquire_at'] },
      { table: 'projects', columns: ['id', 'settings'] },
      { table: 'request_logs', columns: tenant },
      { table: 'simulator_sequels', columns: [...tenant, 'due_at'] },
      { table: 'subscription_schedules', columns: [...tenant, 'due_at', 'test_clock'] },
      { table: 'subscriptions', columns: [...tenant, 'due_at', 'test_clock'] },
      { table: 'test_clocks', columns: [...tenant, 'status', 'advance_at', 'deletes_after'] },
      {
        table: 'webhook_deliveries',
        columns: [...tenant, 'status', 'endpoint', 'next_attempt_at'],
      },
    ]);
  });
});

interface Owner {
  readonly name: string;
  readonly project_id: number;
  readonly livemode: boolean;
}

describe('a tenant', () => {
  const owners: Owner[] = [];
  const ids = new Map<string, string>();
  let app: Connection;

  /** A row that the table takes, of `owner`, pointing at rows of the same owner. */
  function rowFor(table: string, owner: Owner): Record<string, unknown> {
    const row: Record<string, unknown> = {};
    for (const { name, type, required } of columnsOf(table)) {
      const key = foreignKeys.find((one) => one.table === table && one.columns.at(-1) === name);
      if (name === 'project_id') row[name] = owner.project_id;
      else if (name === 'livemode') row[name] = owner.livemode;
      else if (name === 'id') row[name] = ids.get(`${table}/${owner.name}`);
      else if (key !== undefined) {
        row[name] = key.target === 'users' ? 'user_1' : ids.get(`${key.target}/${owner.name}`);
      } else if (required) {
        // Never the same text twice: it may have to be unique.
        row[name] = type === 'text' ? newId('event') : (NOTHING[name] ?? SAMPLES[type]);
      }
    }
    return row;
  }

  const insert = (sql: postgres.Sql, table: string, row: Record<string, unknown>) =>
    sql`insert into ${sql(table)} ${sql(row)}`;

  /** The statement as the application, in `owner`'s scope or in none. Everything is taken back. */
  async function asApp(
    owner: Owner | null,
    text: string,
  ): Promise<{ rows: unknown[]; code: string | null }> {
    await app.unsafe('begin');
    try {
      if (owner !== null) {
        await app.unsafe(
          `set local calmony.project_id=${owner.project_id};set local calmony.livemode=${owner.livemode}`,
        );
      }
      return { rows: [...(await app.unsafe(text))], code: null };
    } catch (error) {
      return { rows: [], code: (error as postgres.PostgresError).code };
    } finally {
      await app.unsafe('rollback');
    }
  }

  const literal = (value: unknown): string =>
    typeof value === 'string'
      ? `'${value}'`
      : value instanceof Date
        ? `'${value.toISOString()}'`
        : String(value);

  const insertText = (table: string, row: Record<string, unknown>): string =>
    `insert into ${table} (${Object.keys(row)
      .map((name) => `"${name}"`)
      .join(', ')})
     values (${Object.values(row).map(literal).join(', ')})`;

  beforeAll(async () => {
    const [a, b] = [await world.project(), await world.project()];
    owners.push(
      { name: 'a', project_id: a.projectId, livemode: false },
      { name: 'a live', project_id: a.projectId, livemode: true },
      { name: 'b', project_id: b.projectId, livemode: false },
    );
    await world.admin`delete from api_keys`;
    await world.admin`insert into users (id, email, created) values ('user_1', 'a@example.com', 1)`;
    for (const table of tables) {
      for (const { name } of owners) {
        ids.set(`${table}/${name}`, table === 'events' ? newId('event') : `${table} ${name}`);
      }
    }
    // Tables point at one another in no order, so the rows come in without their keys being checked.
    await world.admin.begin(async (sql) => {
      await sql`set local session_replication_role = replica`;
      for (const table of tables) {
        for (const owner of owners) {
          if (WITHOUT_MODE.includes(table) && owner.livemode) continue;
          await insert(sql as unknown as postgres.Sql, table, rowFor(table, owner));
        }
      }
    });
    app = await world.runtime.pool.reserve();
  });

  afterAll(() => app.release());

  it('sees its own rows: not those of another, not those of the other mode', async () => {
    for (const table of tables) {
      for (const owner of owners) {
        const { rows } = await asApp(owner, `select project_id, id from ${table}`);
        const name = WITHOUT_MODE.includes(table) ? owner.name.replace(' live', '') : owner.name;
        expect(rows).toEqual([{ project_id: owner.project_id, id: ids.get(`${table}/${name}`) }]);
      }
    }
  });

  it('is nobody outside a scope: no row is seen, none is taken', async () => {
    for (const table of tables) {
      expect(await asApp(null, `select id from ${table}`)).toEqual({ rows: [], code: null });
      const { project_id: _project, livemode: _mode, ...row } = rowFor(table, owners[0]!);
      const anonymous = await asApp(null, insertText(table, row));
      expect({ table, code: anonymous.code }).toEqual({ table, code: '42501' });
      const claimed = await asApp(null, insertText(table, rowFor(table, owners[0]!)));
      expect({ table, code: claimed.code }).toEqual({ table, code: '42501' });
    }
  });

  it('can neither write into another nor give a row away', async () => {
    const [a, live, b] = owners as [Owner, Owner, Owner];
    for (const table of tables) {
      const targets = WITHOUT_MODE.includes(table) ? [b] : [b, live];
      for (const target of targets) {
        const foreign = await asApp(
          a,
          insertText(table, { ...rowFor(table, target), id: newId('event') }),
        );
        expect({ table, code: foreign.code }).toEqual({ table, code: '42501' });
        const given = await asApp(
          a,
          `update ${table} set project_id = ${target.project_id}${
            has(table, 'livemode') ? `, livemode = ${target.livemode}` : ''
          }`,
        );
        expect({ table, code: given.code }).toEqual({ table, code: '42501' });
      }
    }
  });

  it('cannot be pointed at from another, or from the other mode', async () => {
    const checked: string[] = [];
    for (const { table, name, target, columns: key } of foreignKeys) {
      if (target === null || GLOBAL.includes(target)) continue;
      const column = key.at(-1) ?? '';
      for (const [from, to] of [
        [owners[2], owners[0]],
        [owners[1], owners[0]],
      ] as const) {
        // What need not refer to anything does not: the row of before may be the only one that can.
        const others = columnsOf(table).filter(
          ({ name: other, required }) =>
            !required &&
            foreignKeys.some((one) => one.table === table && one.columns.at(-1) === other),
        );
        const row = {
          ...rowFor(table, from!),
          ...Object.fromEntries(others.map(({ name: other }) => [other, null])),
          id: 'another',
          [column]: ids.get(`${target}/${to!.name}`),
        };
        const refused = insert(world.admin, table, row).catch((error: unknown) => error);
        expect(await refused).toMatchObject({ code: '23503', constraint_name: name });
      }
      checked.push(name);
    }
    expect(checked.length).toBeGreaterThan(15);
  });
});

/** Amounts that are no more than another one is without them. */
const NOTHING: Readonly<Record<string, number>> = { fee: 0 };

/** By type, what any column takes that is no text. */
const SAMPLES: Readonly<Record<string, unknown>> = {
  bigint: 1,
  boolean: false,
  bytea: '\\x70',
  integer: 1,
  json: '{}',
  jsonb: '{}',
  numeric: 1,
  'text[]': '{}',
  'timestamp with time zone': new Date('2026-03-01T12:00:00Z'),
};

describe('events', () => {
  const partitions = () => world.admin<{ name: string }[]>`
    select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'events'::regclass order by 1`;

  it('has partitions from last month to half a year ahead', async () => {
    const now = new Date();
    const expected = Array.from({ length: 8 }, (_, index) =>
      new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + index - 1))
        .toISOString()
        .slice(0, 7)
        .replace('-', '_'),
    );
    expect((await partitions()).map(({ name }) => name)).toEqual(
      expected.map((month) => `events_${month}`),
    );
  });

  it('is reached by the application through the policy alone, never by a partition', async () => {
    for (const { name } of await partitions()) {
      const [may] = await world.admin`select has_table_privilege('calmony_app', ${name},
        'select, insert, update, delete, truncate') as any`;
      expect({ name, ...may }).toEqual({ name, any: false });
    }
  });

  it('refuses to change or forget what happened, to the application and to its owner', async () => {
    const { projectId, ctx } = await world.project();
    for (const { name } of await partitions()) {
      const [, year, month] = name.split('_');
      const id = `evt_${firstIdBodyAt(new Date(Date.UTC(Number(year), Number(month) - 1)))}`;
      await world.admin`insert into events (project_id, livemode, id, type, api_version, data, created)
        values (${projectId}, false, ${id}, 'x', 'x', '{}', 1)`;
      for (const table of ['events', name]) {
        const changed = world.admin`update ${world.admin(table)} set type = 'y' where id = ${id}`;
        await expect(changed).rejects.toMatchObject({ code: '23001' });
        const removed = world.admin`delete from ${world.admin(table)} where id = ${id}`;
        await expect(removed).rejects.toMatchObject({ code: '23001' });
      }
      for (const text of [
        `update events set type = 'y' where id = $1`,
        'delete from events where id = $1',
      ]) {
        const tried = ctx.transaction(async (tx) => tx.write(text, [id]));
        await expect(tried).rejects.toMatchObject({ code: '42501' });
      }
    }
  });
});
