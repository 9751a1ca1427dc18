import type Stripe from 'stripe';
import { z } from 'zod';
import type { Complete, Uncovered } from '@/server/kernel/covers';
import { pageParams } from '@/server/kernel/page';
import { id } from '@/server/kernel/params';
import { itemFields } from './params';
import { settlement } from './update.params';

/** Trials of their own and thresholds are not here. */
export const ITEM_UNSUPPORTED = ['billing_thresholds', 'current_trial'] as const;

export const CreateItem = z.strictObject({
  ...itemFields,
  ...settlement,
  subscription: z.string(),
});

export const UpdateItem = z.strictObject({
  ...id,
  ...itemFields,
  ...settlement,
  off_session: z.boolean().optional(),
});

export const DeleteItem = z.strictObject({
  ...id,
  ...settlement,
  /** Of no effect with meters, which is all that there is: Stripe takes it too. */
  clear_usage: z.boolean().optional(),
});

export const ItemId = z.strictObject(id);

export const ListItems = z.strictObject({ ...pageParams, subscription: z.string() });
export type ListItems = z.infer<typeof ListItems>;

export type Checked = [
  Complete<
    Uncovered<Stripe.SubscriptionItemCreateParams, typeof CreateItem, typeof ITEM_UNSUPPORTED>
  >,
  Complete<
    Uncovered<Stripe.SubscriptionItemUpdateParams, typeof UpdateItem, typeof ITEM_UNSUPPORTED>
  >,
  Complete<Uncovered<Stripe.SubscriptionItemDeleteParams, typeof DeleteItem>>,
  Complete<Uncovered<Stripe.SubscriptionItemListParams, typeof ListItems>>,
];
