import type Stripe from 'stripe';
import { z } from 'zod';
import { isEventType } from '@/server/events';
import type { Complete, Uncovered } from '@/server/kernel/covers';
import { parameterInvalid } from '@/server/kernel/errors';
import { metadata } from '@/server/kernel/metadata';
import { pageParams } from '@/server/kernel/page';
import { clearable, id } from '@/server/kernel/params';
import { API_VERSION } from '@/server/kernel/version';

/** A type of event, or `*` for all of them. */
const enabledEvent = z.string().refine((type) => type === '*' || isEventType(type), {
  params: {
    apiError: (param: string) =>
      parameterInvalid(`Invalid ${param}: must be '*' or a type of event that exists.`, param),
  },
});

const fields = {
  description: clearable(z.string().max(5_000)).optional(),
  metadata: metadata.optional(),
};
const url = z.string().max(5_000);
const enabledEvents = z.array(enabledEvent).min(1);

export const CreateWebhookEndpoint = z.strictObject({
  ...fields,
  url,
  enabled_events: enabledEvents,
  /** Events are written in the one version that this server speaks, and sent as written. */
  api_version: z
    .literal(API_VERSION, `Invalid api_version: this server speaks ${API_VERSION} only.`)
    .nullable()
    .optional(),
});

/** There are no connected accounts here. */
export const CREATE_UNSUPPORTED = ['connect'] as const;

export const UpdateWebhookEndpoint = z.strictObject({
  ...id,
  ...fields,
  url: url.optional(),
  enabled_events: enabledEvents.optional(),
  disabled: z.boolean().optional(),
});

export const WebhookEndpointId = z.strictObject(id);

export const ListWebhookEndpoints = z.strictObject(pageParams);
export type ListWebhookEndpoints = z.infer<typeof ListWebhookEndpoints>;

const DAY_S = 24 * 60 * 60;

/** Ours: Stripe rolls secrets in its dashboard only, and offers the same span. */
export const RollSecret = z.strictObject({
  ...id,
  /** How long the old secret goes on signing beside the new one, in seconds. */
  expires_in: z.int().min(0).max(DAY_S).default(0),
});

export type Checked = [
  Complete<
    Uncovered<
      Stripe.WebhookEndpointCreateParams,
      typeof CreateWebhookEndpoint,
      typeof CREATE_UNSUPPORTED
    >
  >,
  Complete<Uncovered<Stripe.WebhookEndpointUpdateParams, typeof UpdateWebhookEndpoint>>,
  Complete<Uncovered<Stripe.WebhookEndpointListParams, typeof ListWebhookEndpoints>>,
];
