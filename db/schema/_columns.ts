/**
 * Columns and constraints that are spelled once.
 *
 * `owned()` is what makes a table a tenant's: the project and the mode, filled in by the database
 * from the transaction's settings, and `tenancy()` is what keeps it so: the primary key, the
 * row-level-security policy on the same settings, and the index by status. No statement of the
 * application names a tenant, and none can reach another's rows.
 */
import { sql, type SQL } from 'drizzle-orm';
import {
  bigint,
  boolean,
  customType,
  foreignKey,
  index,
  jsonb,
  pgPolicy,
  primaryKey,
  type AnyPgColumn,
  type PgColumn,
} from 'drizzle-orm/pg-core';

/** Text that sorts by its bytes, as ids do. Without `C` the locale would reorder them. */
export const idText = customType<{ data: string; driverData: string }>({
  dataType: () => 'text collate "C"',
});

/** Unix time in whole seconds: the wire's own form, so that nothing is converted. */
export const unixTime = (name: string) => bigint(name, { mode: 'number' });

/** An amount in the currency's minor unit (pence). */
export const money = (name: string) => bigint(name, { mode: 'number' });

export const metadataColumn = () => jsonb('metadata').$type<Record<string, string>>().notNull();

/** `true` as the third argument: null instead of an error where no scope was opened. */
const setting = (name: string, type: 'bigint' | 'boolean'): SQL =>
  sql.raw(`nullif(current_setting('calmony.${name}', true), '')::${type}`);

const currentProject = setting('project_id', 'bigint');
const currentMode = setting('livemode', 'boolean');

/** Whose row it is. The defaults come from the scope: application code never passes them. */
export const owned = () => ({
  projectId: bigint('project_id', { mode: 'number' }).notNull().default(currentProject),
  livemode: boolean('livemode').notNull().default(currentMode),
  id: idText('id').notNull(),
});

interface OwnedColumns {
  projectId: PgColumn;
  livemode: PgColumn;
  id: PgColumn;
  status?: PgColumn;
}

/** The scalar sub-selects are evaluated once a statement, and stay index conditions. */
const isMine = sql.raw(
  "project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint) and livemode = (select nullif(current_setting('calmony.livemode', true), '')::boolean)",
);

/** Whose row it is, of what belongs to a project in both modes. */
export const ofProject = () => ({
  projectId: bigint('project_id', { mode: 'number' }).notNull().default(currentProject),
  id: idText('id').notNull(),
});

const isMyProject = sql.raw(
  "project_id = (select nullif(current_setting('calmony.project_id', true), '')::bigint)",
);

/** As `tenancy`, of what belongs to a project in both modes. */
export const projectTenancy = (name: string, table: Omit<OwnedColumns, 'livemode'>) => [
  primaryKey({ name: `${name}_pkey`, columns: [table.projectId, table.id] }),
  pgPolicy(`${name}_tenant`, {
    as: 'permissive',
    for: 'all',
    using: isMyProject,
    withCheck: isMyProject,
  }),
  ...(table.status === undefined
    ? []
    : [index(`${name}_project_id_status_idx`).on(table.projectId, table.status)]),
];

/** Primary key, policy and, where there is a status, the composite index by it. */
export const tenancy = (name: string, table: OwnedColumns) => [
  primaryKey({ name: `${name}_pkey`, columns: [table.projectId, table.livemode, table.id] }),
  pgPolicy(`${name}_tenant`, { as: 'permissive', for: 'all', using: isMine, withCheck: isMine }),
  ...(table.status === undefined
    ? []
    : [
        index(`${name}_project_id_status_idx`).on(
          table.projectId,
          table.status,
          table.livemode,
          table.id,
        ),
      ]),
];

/** The index behind one documented list filter, in list order. */
export const filterIndex = (name: string, table: OwnedColumns, column: PgColumn) =>
  index(`${name}_${column.name}_idx`).on(table.projectId, table.livemode, column, table.id);

/** A reference that cannot leave the project or the mode. The name says table and parameter. */
export const reference = (
  name: string,
  table: OwnedColumns,
  column: PgColumn,
  target: () => OwnedColumns,
) => {
  const to = target();
  return foreignKey({
    name: `${name}_${column.name}_fkey`,
    columns: [table.projectId, table.livemode, column] as [AnyPgColumn, ...AnyPgColumn[]],
    foreignColumns: [to.projectId, to.livemode, to.id] as [AnyPgColumn, ...AnyPgColumn[]],
  });
};
