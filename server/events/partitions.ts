/**
 * The monthly partitions of `events`. An id's body begins with its time, so a month is a range of
 * ids. Partitions are made well ahead: an insert that finds none would fail, and it is part of a
 * payment.
 */
import type postgres from 'postgres';
import { firstIdBodyAt, PREFIX } from '@/server/kernel/ids';

const MONTHS_AHEAD = 6;

const firstOf = (year: number, month: number): Date => new Date(Date.UTC(year, month, 1));

const nameOf = (month: Date): string =>
  `events_${month.toISOString().slice(0, 7).replace('-', '_')}`;

const boundAt = (month: Date): string => `${PREFIX.event}_${firstIdBodyAt(month)}`;

/** Makes the partitions of last month (clocks differ) up to half a year ahead, where missing. */
export async function ensureEventPartitions(sql: postgres.Sql, now: Date): Promise<void> {
  for (let offset = -1; offset <= MONTHS_AHEAD; offset++) {
    const month = firstOf(now.getUTCFullYear(), now.getUTCMonth() + offset);
    const next = firstOf(month.getUTCFullYear(), month.getUTCMonth() + 1);
    // Making one locks the whole table for a moment, also where it turns out to be there.
    const [found] = await sql`select to_regclass(${nameOf(month)}) is not null as "isThere"`;
    if (found?.['isThere'] === true) continue;
    await sql.unsafe(
      `create table if not exists ${nameOf(month)} partition of events for values from ('${boundAt(month)}') to ('${boundAt(next)}')`,
    );
  }
}

/** Drops the partitions that ended before `before`. What is dropped is gone; answers their names. */
export async function dropEventPartitions(sql: postgres.Sql, before: Date): Promise<string[]> {
  const partitions = await sql<{ name: string }[]>`
    select c.relname as name from pg_inherits i join pg_class c on c.oid = i.inhrelid
    where i.inhparent = 'events'::regclass order by c.relname`;
  const dropped: string[] = [];
  for (const { name } of partitions) {
    const match = /^events_(\d{4})_(\d{2})$/.exec(name);
    if (match === null) continue;
    const end = firstOf(Number(match[1]), Number(match[2]));
    if (end > before) continue;
    // Detached first, and without blocking: dropping an attached one would lock the whole table.
    await sql.unsafe(`alter table events detach partition ${name} concurrently`);
    await sql.unsafe(`drop table ${name}`);
    dropped.push(name);
  }
  return dropped;
}
