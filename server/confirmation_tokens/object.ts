import type Stripe from 'stripe';
import { toPaymentMethod, type PaymentMethodRow } from '@/server/payment_methods';
import type { ConfirmationTokenRow } from './store';

/** The payment method is shown as it is now, and without its id: it is to be confirmed with once. */
export function toConfirmationToken(
  row: ConfirmationTokenRow,
  method: PaymentMethodRow,
): Stripe.ConfirmationToken {
  const { allow_redisplay, billing_details, card, customer, type } = toPaymentMethod(method);
  return {
    id: row.id,
    object: 'confirmation_token',
    created: row.created,
    expires_at: row.expires_at,
    livemode: row.livemode,
    mandate_data: null,
    metadata: null,
    payment_intent: row.payment_intent,
    payment_method_options: null,
    payment_method_preview: {
      ...(allow_redisplay === undefined ? {} : { allow_redisplay }),
      billing_details,
      ...(card === undefined ? {} : { card }),
      customer,
      customer_account: null,
      type: type as 'card',
    },
    return_url: row.return_url,
    setup_future_usage: row.setup_future_usage,
    setup_intent: row.setup_intent,
    shipping: row.shipping && toShipping(row.shipping),
    use_stripe_sdk: false,
  };
}

/** As a payer's page knows it, who does not say how it is sent. */
const toShipping = ({
  address,
  name,
  phone,
}: Stripe.ConfirmationToken.Shipping): Stripe.ConfirmationToken.Shipping => ({
  address,
  name,
  phone,
});
