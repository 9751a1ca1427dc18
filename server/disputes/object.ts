import type Stripe from 'stripe';
import { shownIntent } from '@/server/charges';
import { loadBalanceTransactions } from '@/server/balance_transactions';
import type { Scope } from '@/server/kernel/context';
import { unix } from '@/server/kernel/object';
import { toEvidence } from './evidence';
import type { DisputeRow, Status } from './store';

/** Disputes with the balance transactions that they made, which Stripe shows whole. */
export async function show(scope: Scope, rows: readonly DisputeRow[]): Promise<Stripe.Dispute[]> {
  const ids = rows.flatMap(movementsOf);
  const all = ids.length === 0 ? [] : await loadBalanceTransactions(scope, ids);
  const byId = new Map(all.map((one) => [one.id, one]));
  return rows.map((row) =>
    toDispute(
      row,
      movementsOf(row).flatMap((id) => byId.get(id) ?? []),
      scope.now,
    ),
  );
}

export async function showOne(scope: Scope, row: DisputeRow): Promise<Stripe.Dispute> {
  const [shown] = await show(scope, [row]);
  if (shown === undefined) throw new Error(`Dispute ${row.id} was not shown.`);
  return shown;
}

const movementsOf = ({ withdrawal, reinstatement }: DisputeRow): string[] =>
  [withdrawal, reinstatement].filter((id) => id !== null);

/** While it is an inquiry, a refund in full is an answer. */
const IS_REFUNDABLE: Readonly<Record<Status, boolean>> = {
  warning_needs_response: true,
  warning_under_review: true,
  warning_closed: true,
  needs_response: false,
  under_review: false,
  won: true,
  lost: false,
};

const toDispute = (
  row: DisputeRow,
  movements: Stripe.BalanceTransaction[],
  now: Date,
): Stripe.Dispute => ({
  id: row.id,
  object: 'dispute',
  amount: row.amount,
  balance_transactions: movements,
  charge: row.charge,
  created: row.created,
  currency: row.currency,
  enhanced_eligibility_types: [],
  evidence: toEvidence(row.evidence),
  evidence_details: {
    due_by: row.due_by,
    enhanced_eligibility: {},
    has_evidence: Object.keys(row.evidence).length > 0,
    past_due: row.submission_count === 0 && unix(now) > row.due_by,
    submission_count: row.submission_count,
    submission_method: row.submission_count === 0 ? 'not_submitted' : 'manual',
  },
  intended_submission_method: null,
  is_charge_refundable: IS_REFUNDABLE[row.status],
  livemode: row.livemode,
  metadata: row.metadata,
  network_reason_code: row.network_reason_code,
  payment_intent: row.payment_intent === null ? null : shownIntent(row.payment_intent),
  payment_method_details: {
    card: {
      brand: row.brand,
      case_type: row.case_type,
      network: row.brand,
      network_reason_code: row.network_reason_code,
    },
    type: 'card',
  },
  reason: row.reason,
  status: row.status,
});
