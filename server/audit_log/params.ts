import { z } from 'zod';
import { id } from '@/server/kernel/params';
import { pageParams, timeRange } from '@/server/kernel/page';

export const ListAuditLog = z.strictObject({
  ...pageParams,
  /** The id of whoever did it. */
  user: z.string().optional(),
  /** The address they had. */
  email: z.string().trim().toLowerCase().optional(),
  /** The id of what it was done to. */
  object: z.string().optional(),
  /** Such as `members.update`. */
  action: z.string().optional(),
  mode: z.enum(['test', 'live']).optional(),
  created: timeRange.optional(),
});
export const AuditEntryId = z.strictObject(id);

export type ListAuditLog = z.infer<typeof ListAuditLog>;
