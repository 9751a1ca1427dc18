import { and, eq, ne } from 'drizzle-orm';
import { rowsOf } from '@/db/rows';
import { mandates } from '@/db/schema/setup_intents';
import type { Tx } from '@/server/kernel/context';

export type MandateRow = typeof mandates.$inferSelect;
export type Status = MandateRow['status'];

export const { insert, find, findAll, lock, update } = rowsOf(mandates);

/** The mandates of a payment method that hold, or are to hold; locked. */
export const lockLiving = (tx: Tx, paymentMethod: string): Promise<MandateRow[]> =>
  tx.db
    .select()
    .from(mandates)
    .where(and(eq(mandates.payment_method, paymentMethod), ne(mandates.status, 'inactive')))
    .orderBy(mandates.id)
    .for('no key update');
