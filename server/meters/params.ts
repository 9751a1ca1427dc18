import type Stripe from 'stripe';
import { z } from 'zod';
import type { Complete, Uncovered } from '@/server/kernel/covers';
import { pageParams } from '@/server/kernel/page';
import { id } from '@/server/kernel/params';

/** Lengths as in Stripe's OpenAPI document. */
const displayName = z.string().min(1).max(250);
const eventName = z.string().min(1).max(100);
const payloadKey = z.string().min(1).max(100);
const identifier = z.string().min(1).max(100);

export const CreateMeter = z.strictObject({
  customer_mapping: z
    .strictObject({ event_payload_key: payloadKey, type: z.literal('by_id') })
    .optional(),
  default_aggregation: z.strictObject({ formula: z.enum(['count', 'last', 'sum']) }),
  display_name: displayName,
  event_name: eventName,
  event_time_window: z.enum(['day', 'hour']).optional(),
  value_settings: z.strictObject({ event_payload_key: payloadKey }).optional(),
});

export const UpdateMeter = z.strictObject({ ...id, display_name: displayName.optional() });

export const MeterId = z.strictObject(id);

export const ListMeters = z.strictObject({
  ...pageParams,
  status: z.enum(['active', 'inactive']).optional(),
});
export type ListMeters = z.infer<typeof ListMeters>;

export const CreateMeterEvent = z.strictObject({
  event_name: eventName,
  identifier: identifier.optional(),
  payload: z.record(z.string(), z.string().max(5_000)),
  timestamp: z.int().min(0).optional(),
});

export const CreateAdjustment = z.strictObject({
  cancel: z.strictObject({ identifier }),
  event_name: eventName,
  type: z.literal('cancel'),
});

/** Till the end of the year 9999. */
const time = z.int().min(0).max(253_402_300_800);

export const ListEventSummaries = z.strictObject({
  ...id,
  ...pageParams,
  customer: z.string(),
  end_time: time,
  start_time: time,
  value_grouping_window: z.enum(['day', 'hour']).optional(),
});
export type ListEventSummaries = z.infer<typeof ListEventSummaries>;

export type Checked = [
  Complete<Uncovered<Stripe.Billing.MeterCreateParams, typeof CreateMeter>>,
  Complete<Uncovered<Stripe.Billing.MeterUpdateParams, typeof UpdateMeter>>,
  Complete<Uncovered<Stripe.Billing.MeterListParams, typeof ListMeters>>,
  Complete<Uncovered<Stripe.Billing.MeterListEventSummariesParams, typeof ListEventSummaries>>,
  Complete<Uncovered<Stripe.Billing.MeterEventCreateParams, typeof CreateMeterEvent>>,
  Complete<Uncovered<Stripe.Billing.MeterEventAdjustmentCreateParams, typeof CreateAdjustment>>,
];
