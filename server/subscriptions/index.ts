import type { Scope } from '@/server/kernel/context';
import { resource } from '@/server/kernel/resource';
import { agreementsOf } from './agreement';
import { toSubscription } from './object';
import {
  cancel,
  create,
  deleteDiscount,
  list,
  migrate,
  pause,
  resume,
  retrieve,
  search,
} from './operations';
import * as items from './items';
import { findAll, ongoingOf } from './store';
import { update } from './update';

export const subscriptions = resource({
  object: 'subscription',
  expands: 'subscription',
  load: async (scope, ids) =>
    (await agreementsOf(scope, await findAll(scope, ids))).map(toSubscription),
  operations: {
    create,
    search,
    retrieve,
    update,
    cancel,
    resume,
    pause,
    migrate,
    deleteDiscount,
    list,
  },
});

export const subscription_items = resource({
  object: 'subscription_item',
  expands: 'subscription_item',
  load: items.loadItems,
  operations: {
    create: items.create,
    retrieve: items.retrieve,
    update: items.update,
    remove: items.remove,
    list: items.list,
  },
});

/** The subscriptions of a customer that have not ended. */
export const findOngoing = async (scope: Scope, customer: string) =>
  findAll(scope, await ongoingOf(scope, customer));

export { acceptItems, type Accepted } from './accept';
export {
  agreementsOf,
  amend,
  lockAgreement,
  requireAgreement,
  requireLocked,
  requireOngoing,
  type Agreement,
  type Amendment,
  type PricedItem,
} from './agreement';
export { toNewInvoice, type Bill } from './bill';
export { dueSubscriptions } from './due';
export { renewalOf } from './due_at';
export { includeSubscriptions } from './includes';
export { subscription } from './lifecycle';
export { toSubscription, toSubscriptionItem } from './object';
export { assertCollection } from './given';
export { assertOfCustomer, billingModeOf } from './opening';
export { CreateSubscription, prorationBehavior, type Planned } from './params';
export { beginScheduled, enterPhase, manage, movePhaseEnd, type Management } from './scheduled';
export {
  composed as previewOf,
  previewCancellation,
  previewCreation,
  previewRenewal,
  previewUpdate,
  type Tailored,
} from './preview';
export {
  cancelAllOf,
  noteFirstTry,
  notePaid,
  noteSetUp,
  noteUncollectible,
  noteUnpaid,
  noteVoided,
} from './reactions';
export { composeRenewal, showComposed } from './upcoming';
export { findAll as findSubscriptions, type ItemRow, type SubscriptionRow } from './store';
export { change as changeSubscription } from './update';
export { terms as termsOfChange, type GivenUpdate } from './update.params';
