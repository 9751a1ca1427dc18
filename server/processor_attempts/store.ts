import { rowsOf } from '@/db/rows';
import { processor_attempts } from '@/db/schema/processor_attempts';

export type AttemptRow = typeof processor_attempts.$inferSelect;
export type AttemptKind = AttemptRow['kind'];

const rows = rowsOf(processor_attempts);
export const { insert, find, lock, update } = rows;

/** In the order in which they were made. */
export const ofPayment = rows.findBy('payment_intent');
