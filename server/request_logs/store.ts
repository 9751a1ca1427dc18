import { getTableColumns } from 'drizzle-orm';
import type { PgColumn } from 'drizzle-orm/pg-core';
import type { NewRow } from '@/db/rows';
import type { Writer } from '@/db/scope';
import { request_logs } from '@/db/schema/request_logs';

export type NewRequestLog = NewRow<typeof request_logs>;

const columns = Object.entries<PgColumn>(getTableColumns(request_logs)).filter(
  ([key]) => key !== 'projectId' && key !== 'livemode',
);
const names = columns.map(([, column]) => `"${column.name}"`).join(', ');
const types = columns.map(([, column]) => `"${column.name}" ${column.getSQLType()}`).join(', ');

/** Any number of rows in one statement: a text that the database takes apart itself. */
const INSERT = `insert into request_logs (${names})
  select ${names} from json_to_recordset($1::json) as rows(${types})
  on conflict do nothing`;

export const insertAll = (writer: Writer, rows: readonly NewRequestLog[]): void =>
  writer.write(INSERT, [JSON.stringify(rows)]);
