/** When something is due to be done with a schedule. Pure: `due.ts` does it. */
import type { StoredPhase } from '@/db/schema/subscription_schedules';
import type { ScheduleRow } from './store';

const EXPIRING_SECONDS = 7 * 24 * 3600;

/** The phase that it is in; null where it is in none. */
export const currentPhase = ({
  phases,
  current_phase,
}: Pick<ScheduleRow, 'current_phase' | 'phases'>): StoredPhase | null =>
  current_phase === null ? null : (phases[current_phase] ?? null);

/** When the last phase ends, in unix seconds. */
export const endOf = ({ phases }: Pick<ScheduleRow, 'phases'>): number =>
  phases.at(-1)?.end_date ?? 0;

/** The instant of the next thing that is due, in unix seconds; null when nothing ever is. */
export function dueAt(row: ScheduleRow): number | null {
  switch (row.status) {
    case 'not_started':
      return row.phases[0]?.start_date ?? null;
    case 'active':
      return Math.min(currentPhase(row)?.end_date ?? Infinity, announcementOf(row) ?? Infinity);
    case 'canceled':
    case 'completed':
    case 'released':
      return null;
  }
}

/** That it expires is told a week ahead, once; not of one that is shorter than that. */
export function announcementOf(row: ScheduleRow): number | null {
  const end = endOf(row);
  const at = end - EXPIRING_SECONDS;
  const isShort = at <= (row.phases[0]?.start_date ?? 0);
  return isShort || row.announced_end === end ? null : at;
}
