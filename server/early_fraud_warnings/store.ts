import { rowsOf, whenGiven } from '@/db/rows';
import { early_fraud_warnings } from '@/db/schema/early_fraud_warnings';
import type { Scope } from '@/server/kernel/context';
import { pageOf, within } from '@/server/kernel/page';
import type { ListEarlyFraudWarnings } from './params';

export type EarlyFraudWarningRow = typeof early_fraud_warnings.$inferSelect;

const rows = rowsOf(early_fraud_warnings);
export const { insert, find, findAll, update } = rows;

/** Of a charge, locked. */
export const lockOfCharge = rows.findBy('charge', { lock: true });

export const page = (scope: Scope, params: ListEarlyFraudWarnings) =>
  pageOf<EarlyFraudWarningRow>(
    scope,
    { table: early_fraud_warnings, rows, object: 'early fraud warning' },
    params,
    whenGiven(early_fraud_warnings.charge, params.charge),
    whenGiven(early_fraud_warnings.payment_intent, params.payment_intent),
    within(early_fraud_warnings.created, params.created),
  );
