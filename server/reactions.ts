/**
 * TABLE 2. What else happens, in the same transaction, when something is announced. A reaction
 * takes a `Tx`, so it can write but cannot reach the network: what must reach it is left due, and
 * found by the schedule.
 */
import { emptyWallet, removeAllOn } from '@/server/customers';
import { closeInquiries } from '@/server/disputes';
import { noteCharge } from '@/server/early_fraud_warnings';
import type { Announced } from '@/server/events';
import type { Tx } from '@/server/kernel/context';
import {
  addToDraft,
  dropPayment,
  noteAction,
  noteFailure,
  removeFromDraft,
  retryForCustomer,
  retryForSubscription,
  takePayment,
} from '@/server/invoices';
import type { EventName } from '@/server/kernel/object';
import { revokeMandates } from '@/server/mandates';
import { cancelSchedulesOf, cancelWith, splitPhase } from '@/server/subscription_schedules';
import {
  cancelAllOf,
  noteFirstTry,
  notePaid,
  noteSetUp,
  noteUncollectible,
  noteUnpaid,
  noteVoided,
} from '@/server/subscriptions';
import { enqueue } from '@/server/webhook_deliveries';

export type Reaction = (tx: Tx, event: Announced) => void | Promise<void>;

export const reactions: { [type in EventName]?: readonly Reaction[] } & {
  '*': readonly Reaction[];
} = {
  'charge.dispute.created': [noteCharge],
  'charge.refunded': [closeInquiries, noteCharge],
  'customer.deleted': [cancelAllOf, cancelSchedulesOf, emptyWallet],
  'test_helpers.test_clock.deleted': [removeAllOn],
  'payment_method.detached': [revokeMandates],
  'payment_intent.succeeded': [takePayment],
  'payment_intent.payment_failed': [noteFailure],
  'payment_intent.requires_action': [noteAction],
  'payment_intent.canceled': [dropPayment],
  'invoiceitem.created': [addToDraft],
  'invoiceitem.deleted': [removeFromDraft],
  'invoice.marked_uncollectible': [noteUncollectible],
  'invoice.overdue': [noteUnpaid],
  'invoice.paid': [notePaid],
  'invoice.payment_action_required': [noteUnpaid],
  'invoice.payment_failed': [noteUnpaid],
  'invoice.updated': [noteFirstTry],
  'invoice.voided': [noteVoided],
  'setup_intent.succeeded': [noteSetUp],
  'customer.updated': [retryForCustomer],
  'customer.subscription.deleted': [cancelWith],
  'customer.subscription.updated': [splitPhase, retryForSubscription],
  '*': [enqueue],
};
