import type Stripe from 'stripe';
import { z } from 'zod';
import type { Complete, Uncovered } from '@/server/kernel/covers';
import { parameterUnsupported } from '@/server/kernel/errors';
import { metadata } from '@/server/kernel/metadata';
import { pageParams, timeRange } from '@/server/kernel/page';
import { id } from '@/server/kernel/params';
import { REFUSED, TEXTS, type EvidenceText } from './evidence';

export const DisputeId = z.strictObject(id);

const refused = z
  .unknown()
  .superRefine((_, context) =>
    context.addIssue({ code: 'custom', params: { apiError: parameterUnsupported } }),
  )
  .optional();

const texts = Object.fromEntries(
  Object.entries(TEXTS).map(([name, length]) => [name, z.string().max(length).optional()]),
) as Record<EvidenceText, z.ZodOptional<z.ZodString>>;

const files = Object.fromEntries(REFUSED.map((name) => [name, refused])) as Record<
  (typeof REFUSED)[number],
  typeof refused
>;

export const UpdateDispute = z.strictObject({
  ...id,
  evidence: z.strictObject({ ...texts, ...files }).optional(),
  metadata: metadata.optional(),
  submit: z.boolean().optional(),
});
export type UpdateDispute = z.infer<typeof UpdateDispute>;

export const UNSUPPORTED = ['intended_submission_method'] as const;

export const ListDisputes = z.strictObject({
  ...pageParams,
  charge: z.string().optional(),
  created: timeRange.optional(),
  payment_intent: z.string().optional(),
  /** Ours: how it stands, as merchants sort their disputes. Closed is an inquiry that came to nothing. */
  state: z.enum(['needs_response', 'under_review', 'won', 'lost', 'closed']).optional(),
});
export type ListDisputes = z.infer<typeof ListDisputes>;

/** https://docs.stripe.com/disputes/categories */
export const REASONS = [
  'bank_cannot_process',
  'credit_not_processed',
  'customer_initiated',
  'debit_not_authorized',
  'duplicate',
  'fraudulent',
  'general',
  'incorrect_account_details',
  'insufficient_funds',
  'noncompliant',
  'product_not_received',
  'product_unacceptable',
  'subscription_canceled',
  'unrecognized',
] as const;

/** Ours: what a person was told of a dispute by other means. */
export const RecordDispute = z.strictObject({
  amount: z.int().min(1).optional(),
  charge: z.string(),
  /** Until when evidence is taken, in unix seconds. */
  due_by: z.int().min(1).optional(),
  /** Whether only a question was asked, and nothing taken yet. */
  inquiry: z.boolean().optional(),
  metadata: metadata.optional(),
  network_reason_code: z.string().max(50).optional(),
  reason: z.enum(REASONS),
});

/** Ours: what the issuer decided. */
export const DecideDispute = z.strictObject({
  ...id,
  decision: z.enum(['close', 'escalate', 'lose', 'win']),
});

export type Checked = [
  Complete<Uncovered<Stripe.DisputeUpdateParams, typeof UpdateDispute, typeof UNSUPPORTED>>,
  Complete<Uncovered<Stripe.DisputeListParams, typeof ListDisputes>>,
  Complete<
    Exclude<keyof Stripe.DisputeUpdateParams.Evidence, EvidenceText | (typeof REFUSED)[number]>
  >,
];
