import type Stripe from 'stripe';
import { z } from 'zod';
import type { Complete, Uncovered } from '@/server/kernel/covers';
import { isCurrency } from '@/server/kernel/currencies';
import { metadata } from '@/server/kernel/metadata';
import { amount, clearable, currency, id, shipping } from '@/server/kernel/params';

const descriptor = z.string().max(22);

export const CreateCharge = z.strictObject({
  amount: amount.optional(),
  capture: z.boolean().optional(),
  currency: currency.refine(isCurrency, { error: 'Invalid currency' }).optional(),
  customer: z.string().optional(),
  description: clearable(z.string().max(1_000)).optional(),
  metadata: metadata.optional(),
  receipt_email: clearable(z.string().max(800)).optional(),
  shipping: shipping.optional(),
  source: z.string().optional(),
  statement_descriptor: descriptor.optional(),
  statement_descriptor_suffix: descriptor.optional(),
  transfer_group: z.string().max(5_000).optional(),
});

export const CaptureCharge = z.strictObject({
  ...id,
  amount: z.int().min(1).optional(),
  receipt_email: clearable(z.string().max(800)).optional(),
  statement_descriptor: descriptor.optional(),
  statement_descriptor_suffix: descriptor.optional(),
  transfer_group: z.string().max(5_000).optional(),
});

/** Connect, and the risk sessions of Stripe.js. */
export const UNSUPPORTED_ON_CHARGES = [
  'application_fee',
  'application_fee_amount',
  'destination',
  'on_behalf_of',
  'radar_options',
  'transfer_data',
] as const;

export type Checked = [
  Complete<
    Uncovered<Stripe.ChargeCreateParams, typeof CreateCharge, typeof UNSUPPORTED_ON_CHARGES>
  >,
  Complete<
    Uncovered<Stripe.ChargeCaptureParams, typeof CaptureCharge, typeof UNSUPPORTED_ON_CHARGES>
  >,
];
