import { z } from 'zod';
import { metadata } from '@/server/kernel/metadata';
import { pageParams, timeRange } from '@/server/kernel/page';
import { id } from '@/server/kernel/params';

const fields = {
  amount: z.int().min(1).optional(),
  metadata: metadata.optional(),
  reason: z.enum(['duplicate', 'fraudulent', 'requested_by_customer']).optional(),
};

export const CreateRefund = z.strictObject({
  ...fields,
  charge: z.string().optional(),
  payment_intent: z.string().optional(),
});

export const CreateChargeRefund = z.strictObject({ ...fields, charge: z.string() });

export const RefundId = z.strictObject(id);

export const ChargeRefundId = z.strictObject({ ...id, charge: z.string() });

export const UpdateRefund = z.strictObject({ ...id, metadata: metadata.optional() });

export const ListRefunds = z.strictObject({
  ...pageParams,
  charge: z.string().optional(),
  created: timeRange.optional(),
  payment_intent: z.string().optional(),
});
export type ListRefunds = z.infer<typeof ListRefunds>;

export const ListChargeRefunds = z.strictObject({ ...pageParams, charge: z.string() });
