import { isDirect } from '@/server/charges';
import type { Tx } from '@/server/kernel/context';
import { lifecycle } from '@/server/kernel/lifecycle';
import { toPaymentIntent } from './object';
import { update, type PaymentIntentRow, type Status } from './store';

export type Action =
  | 'attach'
  | 'detach'
  | 'submit'
  | 'challenge'
  | 'lead_on'
  | 'authorize'
  | 'succeed'
  | 'decline'
  | 'collect'
  | 'increment'
  | 'release'
  | 'restore'
  | 'void'
  | 'cancel';

const ATTACH = ['requires_confirmation', null] as const;
const DETACH = ['requires_payment_method', null] as const;
const SUBMIT = ['processing', null] as const;
const CANCEL = ['canceled', 'payment_intent.canceled'] as const;
const SUCCEED = ['succeeded', 'payment_intent.succeeded'] as const;
const DECLINE = ['requires_payment_method', 'payment_intent.payment_failed'] as const;
const CHALLENGE = ['requires_action', 'payment_intent.requires_action'] as const;
const AUTHORIZE = ['requires_capture', 'payment_intent.amount_capturable_updated'] as const;

/**
 * While the processor is asked, an intent is `processing`; what was asked is in its open attempt.
 * `collect`, `increment` and `release` ask to capture, to raise and to give up an authorization, `void`
 * says that it was given up, `lead_on` that a challenge has another page, `restore` that the processor
 * refused and everything is as it was.
 */
export const paymentIntent = lifecycle<Status, Action>(
  'payment_intent',
  ['requires_payment_method', 'requires_confirmation'],
  {
    requires_payment_method: { attach: ATTACH, submit: SUBMIT, cancel: CANCEL },
    requires_confirmation: { attach: ATTACH, detach: DETACH, submit: SUBMIT, cancel: CANCEL },
    requires_action: {
      attach: ATTACH,
      detach: DETACH,
      submit: SUBMIT,
      decline: DECLINE,
      cancel: CANCEL,
    },
    processing: {
      challenge: CHALLENGE,
      lead_on: ['requires_action', null],
      authorize: AUTHORIZE,
      succeed: SUCCEED,
      decline: DECLINE,
      void: CANCEL,
      restore: ['requires_capture', null],
    },
    requires_capture: { collect: SUBMIT, increment: SUBMIT, release: SUBMIT },
    succeeded: {},
    canceled: {},
  },
);

/** The one door: nothing else writes `status`, so no status changes without its event. */
export async function move(
  tx: Tx,
  intent: PaymentIntentRow,
  action: Action,
  changes: Partial<PaymentIntentRow> = {},
): Promise<PaymentIntentRow> {
  const step = paymentIntent.step(intent.status, action);
  // Operations check first, in Stripe's words. Whoever gets here without is wrong, not the client.
  if (step === null) throw new Error(`${intent.id} is ${intent.status}: it cannot ${action}.`);
  const [status, event] = step;
  const moved = update(tx, intent, { ...changes, status });
  // The intent of a direct charge is nobody's to see: its charge tells what becomes of it.
  if (event !== null && !isDirect(moved.id)) await tx.announce(event, toPaymentIntent(moved));
  return moved;
}
