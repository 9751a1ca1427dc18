import { inArray } from 'drizzle-orm';
import { rowsOf, whenGiven } from '@/db/rows';
import { disputes } from '@/db/schema/disputes';
import type { Scope, Tx } from '@/server/kernel/context';
import { pageOf, within } from '@/server/kernel/page';
import type { ListDisputes } from './params';

export type DisputeRow = typeof disputes.$inferSelect;
export type Status = DisputeRow['status'];

const rows = rowsOf(disputes);
export const { insert, find, findAll, lock, update } = rows;

const ofCharge = rows.findBy('charge');

/** Of a charge, but for those that somebody else works on at this moment. Locked. */
export const claimOfCharge = async (tx: Tx, charge: string): Promise<DisputeRow[]> =>
  rows.claim(
    tx,
    (await ofCharge(tx, charge)).map(({ id }) => id),
  );

export const page = (scope: Scope, params: ListDisputes) =>
  pageOf<DisputeRow>(
    scope,
    { table: disputes, rows, object: 'dispute' },
    params,
    whenGiven(disputes.charge, params.charge),
    whenGiven(disputes.payment_intent, params.payment_intent),
    within(disputes.created, params.created),
    params.state === undefined ? undefined : inArray(disputes.status, [...STATES[params.state]]),
  );

/** TABLE: what each state is. An inquiry and a dispute are answered alike. */
const STATES: Readonly<Record<NonNullable<ListDisputes['state']>, readonly Status[]>> = {
  needs_response: ['needs_response', 'warning_needs_response'],
  under_review: ['under_review', 'warning_under_review'],
  won: ['won'],
  lost: ['lost'],
  closed: ['warning_closed'],
};
