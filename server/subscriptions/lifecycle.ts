import type { Tx } from '@/server/kernel/context';
import { lifecycle } from '@/server/kernel/lifecycle';
import { amend, write, type Agreement, type Amendment } from './agreement';
import { toSubscription } from './object';
import type { Status } from './store';

export type Action =
  | 'activate'
  | 'begin_trial'
  | 'lapse'
  | 'give_up'
  | 'pause'
  | 'resume'
  | 'expire'
  | 'cancel';

const ACTIVATE = ['active', 'customer.subscription.updated'] as const;
const BEGIN_TRIAL = ['trialing', 'customer.subscription.updated'] as const;
const LAPSE = ['past_due', 'customer.subscription.updated'] as const;
const GIVE_UP = ['unpaid', 'customer.subscription.updated'] as const;
const PAUSE = ['paused', 'customer.subscription.paused'] as const;
const RESUME = ['active', 'customer.subscription.resumed'] as const;
const EXPIRE = ['incomplete_expired', 'customer.subscription.updated'] as const;
const CANCEL = ['canceled', 'customer.subscription.deleted'] as const;

/**
 * `activate` says that nothing is owed, `lapse` that something is owed and was not paid, `give_up`
 * that nobody tries any more. One whose first invoice is not paid in time was never there: it does
 * not get canceled, it expires.
 */
export const subscription = lifecycle<Status, Action>(
  'subscription',
  ['incomplete', 'trialing', 'active'],
  {
    incomplete: { activate: ACTIVATE, begin_trial: BEGIN_TRIAL, expire: EXPIRE },
    incomplete_expired: {},
    trialing: { activate: ACTIVATE, lapse: LAPSE, give_up: GIVE_UP, pause: PAUSE, cancel: CANCEL },
    active: {
      begin_trial: BEGIN_TRIAL,
      lapse: LAPSE,
      give_up: GIVE_UP,
      pause: PAUSE,
      cancel: CANCEL,
    },
    past_due: { activate: ACTIVATE, begin_trial: BEGIN_TRIAL, give_up: GIVE_UP, cancel: CANCEL },
    unpaid: { activate: ACTIVATE, begin_trial: BEGIN_TRIAL, cancel: CANCEL },
    paused: { resume: RESUME, cancel: CANCEL },
    canceled: {},
  },
);

/**
 * The one door: nothing else writes `status`, so no status changes without its event. Whatever else
 * changes at the same moment goes with it. Pausing and resuming are changes of the object too, and
 * are announced as such first; the end of one is told by `customer.subscription.deleted` alone.
 */
export async function move(
  tx: Tx,
  before: Agreement,
  action: Action,
  change: Amendment = {},
): Promise<Agreement> {
  const step = subscription.step(before.row.status, action);
  if (step === null)
    throw new Error(`${before.row.id} is ${before.row.status}: it cannot ${action}.`);
  const [status, event] = step;
  const amendment = { ...change, row: { ...change.row, status } };
  if (event === 'customer.subscription.deleted') {
    const ended = write(tx, before, amendment);
    await tx.announce(event, toSubscription(ended));
    return ended;
  }
  const moved = await amend(tx, before, amendment);
  if (event !== null && event !== 'customer.subscription.updated') {
    await tx.announce(event, toSubscription(moved));
  }
  return moved;
}
