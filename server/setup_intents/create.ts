/** How a setup intent begins: asked for by itself, or by a subscription that has nothing to charge yet. */
import type { Tx } from '@/server/kernel/context';
import { newId, randomBase62 } from '@/server/kernel/ids';
import { unix } from '@/server/kernel/object';
import { toSetupIntent } from './object';
import type { Options } from './params';
import { insert, type SetupIntentRow } from './store';

/** What an intent begins with; the rest follows. */
export type NewSetupIntent = Pick<
  SetupIntentRow,
  | 'attach_to_self'
  | 'automatic_payment_methods'
  | 'customer'
  | 'description'
  | 'flow_directions'
  | 'metadata'
  | 'payment_method'
  | 'payment_method_options'
  | 'usage'
>;

/** A new intent, announced. Whoever names a method has made sure that the customer may use it. */
export async function begin(tx: Tx, intent: NewSetupIntent): Promise<SetupIntentRow> {
  const row = insert(tx, {
    ...intent,
    id: newId('setup_intent'),
    status: intent.payment_method === null ? 'requires_payment_method' : 'requires_confirmation',
    cancellation_reason: null,
    client_secret: randomBase62(25),
    last_setup_error: null,
    latest_attempt: null,
    mandate: null,
    next_action: null,
    payment_method_types: ['card'],
    return_url: null,
    single_use_mandate: null,
    created: unix(tx.now),
  });
  await tx.announce('setup_intent.created', toSetupIntent(row));
  return row;
}

/** As Stripe shows what was asked of cards, with what was not. */
export const toOptions = (
  given: Options | undefined,
): SetupIntentRow['payment_method_options'] => ({
  card: {
    mandate_options: null,
    network: null,
    request_three_d_secure: given?.card?.request_three_d_secure ?? 'automatic',
  },
});

/**
 * The `pending_setup_intent` of a subscription that starts with nothing to pay: its card is to be
 * charged off session later, and its customer is asked now. Nothing is confirmed yet.
 *
 * @param wish `payment_method`: the customer's own, or null where the customer is to give one.
 */
export const createForSubscription = (
  tx: Tx,
  wish: Pick<SetupIntentRow, 'customer' | 'metadata' | 'payment_method'>,
): Promise<SetupIntentRow> =>
  begin(tx, {
    ...wish,
    attach_to_self: false,
    automatic_payment_methods: null,
    description: null,
    flow_directions: null,
    payment_method_options: toOptions(undefined),
    usage: 'off_session',
  });
