import type Stripe from 'stripe';
import { z } from 'zod';
import type { Complete, Uncovered } from '@/server/kernel/covers';
import { clearable, id } from '@/server/kernel/params';

export const MandateId = z.strictObject(id);

/** What is posted with the request that asks for the permission. An empty string is none. */
export const mandateData = clearable(
  z.strictObject({
    customer_acceptance: z.strictObject({
      accepted_at: z.int().min(0).optional(),
      offline: z.strictObject({}).optional(),
      online: z
        .strictObject({
          ip_address: z.union([z.ipv4(), z.ipv6()]).optional(),
          user_agent: z.string().max(5_000).optional(),
        })
        .optional(),
      type: z.enum(['offline', 'online']),
    }),
  }),
);
export type MandateData = z.infer<typeof mandateData>;

export type Checked = Complete<Uncovered<Stripe.MandateRetrieveParams, typeof MandateId>>;
