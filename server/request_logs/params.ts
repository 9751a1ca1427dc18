import { z } from 'zod';
import { pageParams, timeRange } from '@/server/kernel/page';
import { id } from '@/server/kernel/params';

export const RequestLogId = z.strictObject(id);

export const ListRequestLogs = z.strictObject({
  ...pageParams,
  api_key: z.string().optional(),
  created: timeRange.optional(),
  method: z.enum(['GET', 'POST', 'DELETE']).optional(),
  /** How the path begins. */
  path: z.string().max(1_000).optional(),
  /** The requests that changed an object: those that its events were announced by. */
  related_object: z.string().optional(),
  /** One HTTP status, or a class of them such as `4xx`. */
  status: z
    .string()
    .regex(/^[1-5](?:\d\d|xx)$/, 'Give an HTTP status such as `402`, or a class such as `4xx`.')
    .optional(),
});
export type ListRequestLogs = z.infer<typeof ListRequestLogs>;
