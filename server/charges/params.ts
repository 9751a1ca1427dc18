import { z } from 'zod';
import { metadata } from '@/server/kernel/metadata';
import { pageParams, searchParams, timeRange } from '@/server/kernel/page';
import { clearable, id, shipping } from '@/server/kernel/params';

export const ChargeId = z.strictObject(id);

export const UpdateCharge = z.strictObject({
  ...id,
  customer: z.string().optional(),
  description: clearable(z.string().max(1_000)).optional(),
  fraud_details: z
    .strictObject({ user_report: clearable(z.enum(['fraudulent', 'safe'])) })
    .optional(),
  metadata: metadata.optional(),
  receipt_email: clearable(z.string().max(800)).optional(),
  shipping: shipping.optional(),
  transfer_group: z.string().max(5_000).optional(),
});

export const ListCharges = z.strictObject({
  ...pageParams,
  created: timeRange.optional(),
  customer: z.string().optional(),
  payment_intent: z.string().optional(),
  transfer_group: z.string().optional(),
});
export type ListCharges = z.infer<typeof ListCharges>;

export const SearchCharges = z.strictObject(searchParams);
export type SearchCharges = z.infer<typeof SearchCharges>;
