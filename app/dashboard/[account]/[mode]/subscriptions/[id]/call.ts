import type { Outputs } from '@/components/api/queries';

/** What the page asks for, on the server and in the browser alike. */
export const subscriptionCall = (id: string) => ({
  id,
  expand: [
    'customer',
    'items.data.price.product',
    'discounts.source.coupon',
    'default_payment_method',
    'schedule',
  ],
});

/** And what it gets. */
export type SubscriptionObject = Outputs['subscriptions']['retrieve'];
