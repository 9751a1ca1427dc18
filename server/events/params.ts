import { z } from 'zod';
import { pageParams, timeRange } from '@/server/kernel/page';
import { id } from '@/server/kernel/params';

export const EventId = z.strictObject(id);

export const ListEvents = z.strictObject({
  ...pageParams,
  created: timeRange.optional(),
  delivery_success: z.boolean().optional(),
  type: z.string().optional(),
  types: z.array(z.string()).max(20).optional(),
  /** Ours: the events about one object. Stripe's own dashboard asks for the same. */
  related_object: z.string().optional(),
});
export type ListEvents = z.infer<typeof ListEvents>;
