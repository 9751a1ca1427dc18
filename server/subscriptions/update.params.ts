import type Stripe from 'stripe';
import { z } from 'zod';
import type { Complete, Uncovered } from '@/server/kernel/covers';
import { clearable, id } from '@/server/kernel/params';
import {
  cancelAt,
  cancellationDetails,
  fields,
  itemFields,
  prorationBehavior,
  paymentBehavior,
  type Planned,
  type UNSUPPORTED,
} from './params';

const ITEMS_MAX = 20;

const timestamp = z.int().min(0);

/** One that is changed, taken away, or, without an id, added. */
const GivenChange = z.strictObject({
  ...itemFields,
  /** Of no effect with meters, which is all that there is: Stripe takes it too. */
  clear_usage: z.boolean().optional(),
  deleted: z.boolean().optional(),
  id: z.string().optional(),
});
export type GivenChange = z.infer<typeof GivenChange>;

const PauseCollection = clearable(
  z.strictObject({
    behavior: z.enum(['keep_as_draft', 'mark_uncollectible', 'void']),
    resumes_at: timestamp.optional(),
  }),
);

/** What changes the terms: also what a preview can be asked for. */
export const terms = {
  billing_cycle_anchor: z.strictObject({ type: z.enum(['now', 'unchanged']) }).optional(),
  cancel_at: clearable(cancelAt).optional(),
  items: z.array(GivenChange).max(ITEMS_MAX).optional(),
  proration_date: timestamp.optional(),
};

export const UpdateSubscription = z.strictObject({
  ...id,
  ...fields,
  ...terms,
  cancellation_details: cancellationDetails.optional(),
  default_source: clearable(z.string()).optional(),
  pause_collection: PauseCollection.optional(),
});
/** Everything of an update but the id. */
export type GivenUpdate = Omit<z.infer<typeof UpdateSubscription>, 'id'> & Planned;

/** How a change is paid for: of the items' own routes too. */
export const settlement = {
  payment_behavior: paymentBehavior.optional(),
  proration_behavior: prorationBehavior.optional(),
  proration_date: timestamp.optional(),
};

export type Checked = [
  Complete<
    Uncovered<Stripe.SubscriptionUpdateParams, typeof UpdateSubscription, typeof UNSUPPORTED>
  >,
  Complete<
    Uncovered<
      Stripe.SubscriptionUpdateParams.Item,
      typeof GivenChange,
      ['billing_thresholds', 'current_trial']
    >
  >,
];
