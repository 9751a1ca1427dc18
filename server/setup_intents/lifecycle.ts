import type { Tx } from '@/server/kernel/context';
import { lifecycle } from '@/server/kernel/lifecycle';
import { toSetupIntent } from './object';
import { update, type SetupIntentRow, type Status } from './store';

export type Action =
  | 'attach'
  | 'cancel'
  | 'challenge'
  | 'decline'
  | 'detach'
  | 'lead_on'
  | 'submit'
  | 'succeed';

const ATTACH = ['requires_confirmation', null] as const;
const DETACH = ['requires_payment_method', null] as const;
const SUBMIT = ['processing', null] as const;
const CANCEL = ['canceled', 'setup_intent.canceled'] as const;

/** While the card's issuer is asked, an intent is `processing`; what was asked is its open attempt. */
export const setupIntent = lifecycle<Status, Action>(
  'setup_intent',
  ['requires_payment_method', 'requires_confirmation'],
  {
    requires_payment_method: { attach: ATTACH, submit: SUBMIT, cancel: CANCEL },
    requires_confirmation: { attach: ATTACH, detach: DETACH, submit: SUBMIT, cancel: CANCEL },
    requires_action: { attach: ATTACH, detach: DETACH, submit: SUBMIT, cancel: CANCEL },
    processing: {
      challenge: ['requires_action', 'setup_intent.requires_action'],
      // The challenge has another page: it was told of.
      lead_on: ['requires_action', null],
      succeed: ['succeeded', 'setup_intent.succeeded'],
      decline: ['requires_payment_method', 'setup_intent.setup_failed'],
    },
    succeeded: {},
    canceled: {},
  },
);

/** The one door: nothing else writes `status`, so no status changes without its event. */
export async function move(
  tx: Tx,
  intent: SetupIntentRow,
  action: Action,
  changes: Partial<SetupIntentRow> = {},
): Promise<SetupIntentRow> {
  const step = setupIntent.step(intent.status, action);
  // Operations check first, in Stripe's words. Whoever gets here without is wrong, not the client.
  if (step === null) throw new Error(`${intent.id} is ${intent.status}: it cannot ${action}.`);
  const [status, event] = step;
  const moved = update(tx, intent, { ...changes, status });
  if (event !== null) await tx.announce(event, toSetupIntent(moved));
  return moved;
}
