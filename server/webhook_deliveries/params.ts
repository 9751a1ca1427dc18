import { z } from 'zod';
import { pageParams } from '@/server/kernel/page';
import { id } from '@/server/kernel/params';

export const DeliveryId = z.strictObject(id);

export const ListDeliveries = z.strictObject({
  ...pageParams,
  event: z.string().optional(),
  endpoint: z.string().optional(),
  status: z.enum(['pending', 'succeeded', 'failed']).optional(),
});
export type ListDeliveries = z.infer<typeof ListDeliveries>;

/** As Stripe's command line sends it. */
export const RetryEvent = z.strictObject({
  ...id,
  webhook_endpoint: z.string().optional(),
  /**
   * Sent where no endpoint is named. At Stripe it means the command lines that are listening at
   * this moment; here nothing listens but endpoints, so all that want the event get it.
   */
  for_stripecli: z.boolean().optional(),
});

/** There are no connected accounts here. */
export const RETRY_UNSUPPORTED = ['account'] as const;
