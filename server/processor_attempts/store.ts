import { rowsOf } from '@/db/rows';
import { processor_attempts } from '@/db/schema/processor_attempts';
import type { Tx } from '@/server/kernel/context';

export type AttemptRow = typeof processor_attempts.$inferSelect;
export type AttemptKind = AttemptRow['kind'];

const rows = rowsOf(processor_attempts);
export const { claim, insert, find, findAll, lock, update } = rows;

/** In the order in which they were made. */
export const ofPayment = rows.findBy('payment_intent');

/** What is done to a transaction that exists. A processor may be sent it without a reference of ours. */
export const CHANGES: ReadonlySet<AttemptKind> = new Set([
  'capture',
  'increment',
  'cancel',
  'refund',
]);

const HASTEN = `update processor_attempts set inquire_at = $3
  where status = 'pending' and inquire_at > $3 and created < $4
    and (id = $1 or transaction = $2)
    and kind not in (${[...CHANGES].map((kind) => `'${kind}'`).join(', ')})`;

/**
 * Those that are open about a reference or a transaction are due now, but for the youngest, and for
 * changes of a transaction: these are looked for, not told of, and by one of us at a time.
 */
export const hastenOpen = (
  tx: Tx,
  about: {
    readonly reference: string | null;
    readonly transaction: string;
    readonly now: Date;
    /** In seconds. */
    readonly young: number;
  },
): void =>
  tx.write(HASTEN, [
    about.reference,
    about.transaction,
    about.now.toISOString(),
    Math.floor(about.now.getTime() / 1000) - about.young,
  ]);

/**
 * One that is locked is passed over: whoever takes it up sees by themselves that its turn has come,
 * and whoever locks it for anything else leaves it to its own time. Its inquiries begin anew, since
 * those that it was put off at are no reason to ask it seldom.
 */
const CALL_UP = `update processor_attempts set inquire_at = $2, inquiries = 1 where id in (
  select id from processor_attempts
  where id = $1 and status = 'pending' and inquiries > 0 and inquire_at > $2
  for no key update skip locked)`;

/** What was put off until another is answered is due now. What was never asked after is left to its request. */
export const callUp = (tx: Tx, id: string, now: Date): void =>
  tx.write(CALL_UP, [id, now.toISOString()]);
