/**
 * A change that waits for its payment: `pending_if_incomplete`, and `error_if_incomplete`, which
 * does not wait long. The invoice is made and asked for while the subscription stays as it is; when
 * it is paid the change is written, when it is not in time the invoice is voided.
 * https://docs.stripe.com/billing/subscriptions/pending-updates
 */
import type { StoredPendingUpdate } from '@/db/schema/subscriptions';
import { detachDiscounts } from '@/server/discounts';
import { claimInvoiceIfThere, voidInvoice, type InvoiceRow } from '@/server/invoices';
import type { Tx } from '@/server/kernel/context';
import { parameterInvalid } from '@/server/kernel/errors';
import { mergeMetadata } from '@/server/kernel/metadata';
import { amend, write, type Agreement } from './agreement';
import { nowOf } from './bill';
import { AWAITED_SECONDS } from './due_at';
import { toSubscription } from './object';
import { actionOf, apply, type Revision } from './revise';
import type { SubscriptionRow } from './store';
import type { GivenUpdate } from './update.params';

/** What a pending update can hold: what generates invoices, or says how. */
const HELD: readonly (keyof GivenUpdate)[] = [
  'add_invoice_items',
  'billing_cycle_anchor',
  'discounts',
  'items',
  'metadata',
  'off_session',
  'payment_behavior',
  'proration_behavior',
  'proration_date',
  'trial_end',
  'trial_from_plan',
];

/** @throws ApiError 400 for what cannot wait for a payment. */
export function assertHoldable({ row }: Agreement, given: GivenUpdate): void {
  const other = Object.keys(given).find((param) => !(HELD as readonly string[]).includes(param));
  if (other !== undefined) {
    throw parameterInvalid(
      `You cannot update \`${other}\` with \`payment_behavior\` set to \`pending_if_incomplete\`. The supported parameters are: ${HELD.join(', ')}.`,
      other,
    );
  }
  if (row.collection_method !== 'charge_automatically') {
    throw parameterInvalid(
      '`payment_behavior=pending_if_incomplete` can only be used with `collection_method=charge_automatically`.',
      'payment_behavior',
    );
  }
}

/** Keeps a revision for when its invoice is paid. Nobody is told yet: it may be in a second. */
export function hold(
  tx: Tx,
  agreement: Agreement,
  revision: Revision,
  invoice: InvoiceRow,
  given: Pick<GivenUpdate, 'discounts' | 'metadata' | 'payment_behavior'>,
): Agreement {
  const { after, plan, proration_date, row } = revision;
  // Metadata is merged when the time comes: it may have changed by then.
  const { metadata: _metadata, ...changes } = row;
  const pending: StoredPendingUpdate = {
    invoice: invoice.id,
    billing_cycle_anchor: changes.billing_cycle_anchor ?? null,
    discounts: changes.discounts ?? null,
    expires_at: expiryOf(agreement, nowOf(tx)),
    items: after.items.map(({ row }) => row),
    metadata: metadataOf(agreement.row, given),
    proration_date,
    trial_end: changes.trial_end ?? null,
    changes,
    action: actionOf(plan),
    is_all_or_nothing: given.payment_behavior === 'error_if_incomplete',
    is_told: false,
  };
  return write(tx, agreement, {
    row: { pending_update: pending },
    pendingItems: after.items,
    rates: after.rates,
  });
}

function metadataOf(
  { metadata }: SubscriptionRow,
  { metadata: given }: Pick<GivenUpdate, 'metadata'>,
): Record<string, string> | null {
  if (given === undefined) return null;
  const keys = given === '' ? Object.keys(metadata).map((key) => [key, '']) : Object.entries(given);
  return Object.fromEntries(keys.map(([key, value]) => [key, value ?? '']));
}

/** In 23 hours, or when the trial or a period ends before that. */
const expiryOf = ({ row, items }: Agreement, now: number): number =>
  Math.min(
    now + AWAITED_SECONDS,
    row.status === 'trialing' ? (row.trial_end ?? Infinity) : Infinity,
    ...items.map((one) => one.row.current_period_end),
  );

/** Its invoice is paid: the change is written. */
export async function applyPending(tx: Tx, agreement: Agreement): Promise<Agreement> {
  const { pending_update: pending } = agreement.row;
  if (pending === null) return agreement;
  const applied = await apply(tx, agreement, {
    items: pending.items === null ? agreement.items : agreement.pendingItems,
    row: {
      ...(pending.changes as Partial<SubscriptionRow>),
      latest_invoice: pending.invoice,
      metadata: mergeMetadata(agreement.row.metadata, pending.metadata ?? undefined),
      pending_update: null,
    },
    action: pending.action,
    rates: agreement.rates,
    pendingItems: [],
  });
  if (pending.is_told) {
    await tx.announce('customer.subscription.pending_update_applied', toSubscription(applied));
  }
  return applied;
}

/**
 * Its invoice was not paid, or needs the customer: from now on the update is seen to be pending. All
 * or nothing means nothing.
 */
export async function tellPending(tx: Tx, agreement: Agreement): Promise<Agreement> {
  const { pending_update: pending } = agreement.row;
  if (pending === null || pending.is_told) return agreement;
  if (pending.is_all_or_nothing) return discardPending(tx, agreement);
  const unseen = {
    ...agreement,
    row: { ...agreement.row, pending_update: null },
    pendingItems: [],
  };
  const told = write(tx, agreement, {
    row: { latest_invoice: pending.invoice, pending_update: { ...pending, is_told: true } },
  });
  await tx.announce('customer.subscription.updated', toSubscription(told), toSubscription(unseen));
  return told;
}

/** The update is not to be any more: its time is over, another comes in its place, its invoice is void. */
export async function discardPending(tx: Tx, agreement: Agreement): Promise<Agreement> {
  const { pending_update: pending } = agreement.row;
  if (pending === null) return agreement;
  // First: voiding the invoice is announced, and what follows from it finds nothing to do.
  const cleared = { row: { pending_update: null }, pendingItems: [] };
  const after = pending.is_told
    ? await amend(tx, agreement, cleared)
    : write(tx, agreement, cleared);
  await detachDiscounts(tx, discountsOnlyIn(pending, agreement));
  const invoice = await claimInvoiceIfThere(tx, pending.invoice);
  if (invoice?.status === 'open') await voidInvoice(tx, invoice);
  if (pending.is_told) {
    await tx.announce('customer.subscription.pending_update_expired', toSubscription(after));
  }
  return after;
}

/** Those that were redeemed for it, and are not at work without it. */
function discountsOnlyIn(
  { discounts, items }: StoredPendingUpdate,
  agreement: Agreement,
): string[] {
  const kept = new Set([
    ...agreement.row.discounts,
    ...agreement.items.flatMap(({ row }) => row.discounts),
  ]);
  return [...(discounts ?? []), ...(items ?? []).flatMap((row) => row.discounts)].filter(
    (id) => !kept.has(id),
  );
}
