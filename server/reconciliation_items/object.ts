import type { ReconciliationItemRow } from './store';

/** Ours: Stripe is its own processor, and has nobody to differ with. */
export interface ReconciliationItem {
  readonly id: string;
  readonly object: 'reconciliation_item';
  /** By our books, in the currency's minor unit. */
  readonly amount: number | null;
  readonly charge: string | null;
  /** Unix seconds. */
  readonly created: number;
  readonly currency: string | null;
  readonly kind: ReconciliationItemRow['kind'];
  /** The line of the settlement file. */
  readonly line: number | null;
  readonly livemode: boolean;
  readonly note: string | null;
  readonly payment_intent: string | null;
  readonly processor_account: string | null;
  /** By the processor's books, in the currency's minor unit. */
  readonly processor_amount: number | null;
  /** How it stands there, in the processor's words. */
  readonly processor_state: string | null;
  /** The reference that the processor was asked under. */
  readonly reference: string | null;
  readonly refund: string | null;
  readonly resolution: ReconciliationItemRow['resolution'];
  readonly resolved_at: number | null;
  /** Who decided, by address; null for a key, and where it was found out after all. */
  readonly resolved_by: string | null;
  readonly settlement_file: string | null;
  readonly setup_intent: string | null;
  /** How it stands by our books; of an unresolved attempt what was asked. */
  readonly state: string | null;
  readonly status: ReconciliationItemRow['status'];
  /** The processor's id of it. */
  readonly transaction: string | null;
}

export const toReconciliationItem = (row: ReconciliationItemRow): ReconciliationItem => ({
  id: row.id,
  object: 'reconciliation_item',
  amount: row.amount,
  charge: row.charge,
  created: row.created,
  currency: row.currency,
  kind: row.kind,
  line: row.line,
  livemode: row.livemode,
  note: row.note,
  payment_intent: row.payment_intent,
  processor_account: row.processor_account,
  processor_amount: row.processor_amount,
  processor_state: row.processor_state,
  reference: row.processor_attempt,
  refund: row.refund,
  resolution: row.resolution,
  resolved_at: row.resolved_at,
  resolved_by: row.resolved_by,
  settlement_file: row.settlement_file,
  setup_intent: row.setup_intent,
  state: row.state,
  status: row.status,
  transaction: row.transaction,
});
