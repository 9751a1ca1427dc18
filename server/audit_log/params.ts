import { z } from 'zod';
import { pageParams, timeRange } from '@/server/kernel/page';

export const ListAuditLog = z.strictObject({
  ...pageParams,
  /** The id of whoever did it. */
  user: z.string().optional(),
  /** The id of what it was done to. */
  object: z.string().optional(),
  /** Such as `members.update`. */
  action: z.string().optional(),
  mode: z.enum(['test', 'live']).optional(),
  created: timeRange.optional(),
});
export type ListAuditLog = z.infer<typeof ListAuditLog>;
