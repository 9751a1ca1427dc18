/**
 * Where our books and a processor's differ, or may: for a person to look at, and to decide what
 * nobody else can. Ours: Stripe has no such resource.
 */
import type { Scope, Tx } from '@/server/kernel/context';
import {
  invalidState,
  parameterInvalid,
  parameterMissing,
  resourceMissing,
} from '@/server/kernel/errors';
import { exchange, query, Awaiting } from '@/server/kernel/operation';
import { toPage } from '@/server/kernel/page';
import { decide, lockOpen, type AttemptRow } from '@/server/processor_attempts';
import type { Checks, Outcome } from '@/server/processor/processor';
import { move } from './lifecycle';
import { toReconciliationItem, type ReconciliationItem } from './object';
import { ListReconciliationItems, ReconciliationItemId, ResolveReconciliationItem } from './params';
import * as store from './store';

export const retrieve = query({
  route: 'GET /v1/reconciliation_items/:id',
  summary: "Retrieves a difference between our books and a processor's.",
  input: ReconciliationItemId,
  run: async (scope, { id }) => toReconciliationItem(await requireItem(scope, id)),
});

export const list = query({
  route: 'GET /v1/reconciliation_items',
  summary: "Lists where our books and a processor's differ, the newest first.",
  input: ListReconciliationItems,
  run: async (scope, params) => toPage(await store.page(scope, params), toReconciliationItem),
});

/**
 * A decision about an attempt is stored first, and concludes it like the processor's own answer,
 * whoever of us is alive then. The processor is not asked again.
 */
export const resolve = exchange({
  route: 'POST /v1/reconciliation_items/:id/resolve',
  summary:
    'Says what became of an attempt that the processor cannot tell of, or closes a difference.',
  input: ResolveReconciliationItem,
  async intend(tx, { id, resolution, transaction, note }): Promise<ReconciliationItem | Awaiting> {
    const row = await store.lock(tx, id);
    if (row === null) throw resourceMissing('reconciliation_item', id);
    if (row.status === 'resolved') {
      throw invalidState(
        `This reconciliation item was resolved already: ${row.resolution}.`,
        'reconciliation_item_resolved',
      );
    }
    const by = { resolved_by: tx.actor?.email ?? null, note: note ?? null };
    if (row.kind !== 'unresolved_attempt') {
      if (resolution !== 'acknowledged') {
        throw parameterInvalid(
          'Only an unresolved attempt succeeds or fails. A difference between books is acknowledged.',
          'resolution',
        );
      }
      return toReconciliationItem(move(tx, row, 'resolve', { ...by, resolution }));
    }
    const attempt = await lockOpen(tx, row.processor_attempt ?? '');
    if (attempt === null) {
      throw invalidState(
        'What became of this attempt has just been found out. Retrieve the item again.',
        'reconciliation_item_resolved',
      );
    }
    if (resolution === 'acknowledged') {
      throw parameterInvalid(
        'An unresolved attempt has succeeded or failed: acknowledging it would leave its payment open.',
        'resolution',
      );
    }
    const decided = decide(
      tx,
      attempt,
      resolution === 'succeeded' ? succeeded(attempt, transaction ?? row.transaction) : FAILED,
    );
    store.update(tx, row, by);
    return new Awaiting(decided);
  },
  async conclude(tx, { id }) {
    return toReconciliationItem(await requireItem(tx, id));
  },
});

const NOT_CHECKED: Checks = {
  address_line1_check: null,
  address_postal_code_check: null,
  cvc_check: null,
};

/** What follows is asked of the processor by its own id, so without one nothing could. */
function succeeded(attempt: AttemptRow, given: string | null): Outcome {
  // What acts on a payment has the payment's id, unless the processor gave it one of its own.
  const transaction = given ?? attempt.transaction;
  if (transaction === null) throw parameterMissing('transaction');
  return { kind: 'approved', transaction, authorization_code: null, checks: NOT_CHECKED };
}

const FAILED: Outcome = {
  kind: 'declined',
  transaction: null,
  code: 'processing_error',
  decline_code: null,
  message: 'The processor did not carry this out. Nothing was moved.',
  checks: NOT_CHECKED,
};

async function requireItem(scope: Scope | Tx, id: string): Promise<store.ReconciliationItemRow> {
  const row = await store.find(scope, id);
  if (row === null) throw resourceMissing('reconciliation_item', id);
  return row;
}
