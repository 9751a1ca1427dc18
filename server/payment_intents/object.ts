import type Stripe from 'stripe';
import type { Scope } from '@/server/kernel/context';
import type { PaymentIntentRow } from './store';

export const clientSecretOf = ({ id, client_secret }: PaymentIntentRow): string =>
  `${id}_secret_${client_secret}`;

export const toPaymentIntent = (row: PaymentIntentRow): Stripe.PaymentIntent => ({
  id: row.id,
  object: 'payment_intent',
  allowed_payment_method_types: null,
  amount: row.amount,
  amount_capturable: row.amount_capturable,
  amount_details: { tip: {} },
  amount_received: row.amount_received,
  application: null,
  application_fee_amount: null,
  automatic_payment_methods: row.automatic_payment_methods,
  canceled_at: row.canceled_at,
  cancellation_reason: row.cancellation_reason,
  capture_method: row.capture_method,
  client_secret: clientSecretOf(row),
  confirmation_method: row.confirmation_method,
  created: row.created,
  currency: row.currency,
  customer: row.customer,
  customer_account: null,
  description: row.description,
  excluded_payment_method_types: null,
  last_payment_error: row.last_payment_error,
  latest_charge: row.latest_charge,
  livemode: row.livemode,
  managed_payments: null,
  metadata: row.metadata,
  next_action: row.next_action,
  on_behalf_of: null,
  ...(row.payment_details === null ? {} : { payment_details: row.payment_details }),
  payment_method: row.payment_method,
  payment_method_configuration_details: null,
  payment_method_options: row.payment_method_options,
  payment_method_types: row.payment_method_types,
  payment_record: null,
  processing: null,
  receipt_email: row.receipt_email,
  review: null,
  setup_future_usage: row.setup_future_usage,
  shipping: row.shipping,
  source: null,
  statement_descriptor: row.statement_descriptor,
  statement_descriptor_suffix: row.statement_descriptor_suffix,
  status: row.status,
  transfer_data: null,
  transfer_group: row.transfer_group,
});

/** What a browser may see of an intent, by its client secret: the fields Stripe.js documents. */
const FOR_BROWSERS = [
  'id',
  'object',
  'amount',
  'amount_details',
  'automatic_payment_methods',
  'canceled_at',
  'cancellation_reason',
  'capture_method',
  'client_secret',
  'confirmation_method',
  'created',
  'currency',
  'description',
  'last_payment_error',
  'livemode',
  'next_action',
  'payment_method',
  'payment_method_types',
  'processing',
  'receipt_email',
  'setup_future_usage',
  'shipping',
  'source',
  'status',
] as const satisfies readonly (keyof Stripe.PaymentIntent)[];

/** The intent as whoever asks may see it. */
export function shown(
  { publishable }: Pick<Scope, 'publishable'>,
  row: PaymentIntentRow,
): Stripe.PaymentIntent {
  const intent = toPaymentIntent(row);
  if (!publishable) return intent;
  const visible = Object.fromEntries(FOR_BROWSERS.map((field) => [field, intent[field]]));
  return visible as unknown as Stripe.PaymentIntent;
}
