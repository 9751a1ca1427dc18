/** The end of a trial: https://docs.stripe.com/billing/subscriptions/trials */
import type { CustomerRow } from '@/server/customers';
import type { Tx } from '@/server/kernel/context';
import type { Agreement } from './agreement';
import { amend } from './agreement';
import { hasMeans } from './bill';
import { end, stopCollecting } from './end';
import { move } from './lifecycle';
import { toSubscription } from './object';
import { renew, requireFound } from './renew';

/** `customer.subscription.trial_will_end`, once for each end that it was to have. */
export async function announceTrialEnd(tx: Tx, agreement: Agreement): Promise<void> {
  const told = await amend(tx, agreement, {
    row: { announced_trial_end: agreement.row.trial_end },
  });
  await tx.announce('customer.subscription.trial_will_end', toSubscription(told));
}

/**
 * The trial is over at `at` (unix seconds): the first period that is paid for begins, unless there
 * is nothing to pay with and the settings say to stop.
 */
export async function endTrial(tx: Tx, agreement: Agreement, at: number): Promise<void> {
  switch (endingOf(agreement, await requireFound(tx, agreement.row.customer))) {
    case 'pause':
      await move(tx, agreement, 'pause');
      return;
    case 'cancel':
      await stopCollecting(tx, agreement);
      await end(tx, agreement, { at });
      return;
    case 'create_invoice':
      await renew(tx, agreement, at, true);
  }
}

/** What the end of its trial leads to: `create_invoice` is that the first period is billed. */
export const endingOf = (
  agreement: Agreement,
  customer: CustomerRow,
): 'cancel' | 'create_invoice' | 'pause' => {
  const { collection_method, trial_settings } = agreement.row;
  if (collection_method !== 'charge_automatically' || hasMeans(agreement, customer)) {
    return 'create_invoice';
  }
  switch (trial_settings.end_behavior.missing_payment_method) {
    case 'cancel':
      return 'cancel';
    case 'pause':
      return 'pause';
    default:
      return 'create_invoice';
  }
};
