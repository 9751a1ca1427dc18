import { rowsOf } from '@/db/rows';
import { processor_attempts } from '@/db/schema/processor_attempts';

export type AttemptRow = typeof processor_attempts.$inferSelect;
export type AttemptKind = AttemptRow['kind'];

export const { insert, find, lock, update } = rowsOf(processor_attempts);
