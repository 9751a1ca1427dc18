import type Stripe from 'stripe';
import { z } from 'zod';
import type { Complete, Uncovered } from '@/server/kernel/covers';
import { pageParams, timeRange } from '@/server/kernel/page';

export const ListSetupAttempts = z.strictObject({
  ...pageParams,
  created: timeRange.optional(),
  setup_intent: z.string(),
});
export type ListSetupAttempts = z.infer<typeof ListSetupAttempts>;

export type Checked = Complete<Uncovered<Stripe.SetupAttemptListParams, typeof ListSetupAttempts>>;
