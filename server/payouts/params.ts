import type Stripe from 'stripe';
import { z } from 'zod';
import type { Complete, Uncovered } from '@/server/kernel/covers';
import { metadata } from '@/server/kernel/metadata';
import { pageParams, timeRange } from '@/server/kernel/page';
import { currency, id } from '@/server/kernel/params';
import { FAILURE_CODES } from './failures';

export const PayoutId = z.strictObject(id);

export const CreatePayout = z.strictObject({
  amount: z.int().min(1),
  currency,
  description: z.string().max(5_000).optional(),
  metadata: metadata.optional(),
  /** Nothing is paid out at once here, and nothing but what cards have paid. */
  method: z.literal('standard').optional(),
  source_type: z.literal('card').optional(),
  statement_descriptor: z.string().max(22).optional(),
});

export const UNSUPPORTED = ['destination', 'payout_method'] as const;

export const UpdatePayout = z.strictObject({ ...id, metadata: metadata.optional() });

export const ReversePayout = z.strictObject({ ...id, metadata: metadata.optional() });

export const ListPayouts = z.strictObject({
  ...pageParams,
  arrival_date: timeRange.optional(),
  created: timeRange.optional(),
  status: z.enum(['pending', 'in_transit', 'paid', 'failed', 'canceled']).optional(),
});
export type ListPayouts = z.infer<typeof ListPayouts>;

export const UNSUPPORTED_ON_LIST = ['destination'] as const;

/** Ours: what became of the money, by whoever saw it at the bank. */
export const ReportPayout = z.strictObject({
  ...id,
  failure_code: z.enum(FAILURE_CODES).optional(),
  status: z.enum(['in_transit', 'paid', 'failed']),
});

export type Checked = [
  Complete<Uncovered<Stripe.PayoutCreateParams, typeof CreatePayout, typeof UNSUPPORTED>>,
  Complete<Uncovered<Stripe.PayoutUpdateParams, typeof UpdatePayout>>,
  Complete<Uncovered<Stripe.PayoutReverseParams, typeof ReversePayout>>,
  Complete<Uncovered<Stripe.PayoutListParams, typeof ListPayouts, typeof UNSUPPORTED_ON_LIST>>,
];
