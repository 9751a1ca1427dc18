import type Stripe from 'stripe';
import { z } from 'zod';
import type { Complete, Uncovered } from '@/server/kernel/covers';
import { pageParams, timeRange } from '@/server/kernel/page';
import { id } from '@/server/kernel/params';

export const EarlyFraudWarningId = z.strictObject(id);

export const ListEarlyFraudWarnings = z.strictObject({
  ...pageParams,
  charge: z.string().optional(),
  created: timeRange.optional(),
  payment_intent: z.string().optional(),
});
export type ListEarlyFraudWarnings = z.infer<typeof ListEarlyFraudWarnings>;

export type Checked = Complete<
  Uncovered<Stripe.Radar.EarlyFraudWarningListParams, typeof ListEarlyFraudWarnings>
>;
