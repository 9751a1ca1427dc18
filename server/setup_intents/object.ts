import type Stripe from 'stripe';
import type { Scope } from '@/server/kernel/context';
import type { SetupIntentRow } from './store';

export const clientSecretOf = ({ id, client_secret }: SetupIntentRow): string =>
  `${id}_secret_${client_secret}`;

export const toSetupIntent = (row: SetupIntentRow): Stripe.SetupIntent => ({
  id: row.id,
  object: 'setup_intent',
  allowed_payment_method_types: null,
  application: null,
  attach_to_self: row.attach_to_self,
  automatic_payment_methods: row.automatic_payment_methods,
  cancellation_reason: row.cancellation_reason,
  client_secret: clientSecretOf(row),
  created: row.created,
  customer: row.customer,
  customer_account: null,
  description: row.description,
  excluded_payment_method_types: null,
  flow_directions: row.flow_directions,
  last_setup_error: row.last_setup_error,
  latest_attempt: row.latest_attempt,
  livemode: row.livemode,
  managed_payments: null,
  mandate: row.mandate,
  metadata: row.metadata,
  next_action: row.next_action,
  on_behalf_of: null,
  payment_method: row.payment_method,
  payment_method_configuration_details: null,
  payment_method_options: row.payment_method_options,
  payment_method_types: row.payment_method_types,
  single_use_mandate: row.single_use_mandate,
  status: row.status,
  usage: row.usage,
});

/** What a browser may see of an intent, by its client secret: the fields Stripe.js documents. */
const FOR_BROWSERS = [
  'id',
  'object',
  'automatic_payment_methods',
  'cancellation_reason',
  'client_secret',
  'created',
  'description',
  'last_setup_error',
  'livemode',
  'next_action',
  'payment_method',
  'payment_method_types',
  'status',
  'usage',
] as const satisfies readonly (keyof Stripe.SetupIntent)[];

/** The intent as whoever asks may see it. */
export function shown(
  { publishable }: Pick<Scope, 'publishable'>,
  row: SetupIntentRow,
): Stripe.SetupIntent {
  const intent = toSetupIntent(row);
  if (!publishable) return intent;
  const visible = Object.fromEntries(FOR_BROWSERS.map((field) => [field, intent[field]]));
  return visible as unknown as Stripe.SetupIntent;
}
