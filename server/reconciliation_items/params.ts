import { z } from 'zod';
import { pageParams } from '@/server/kernel/page';
import { id } from '@/server/kernel/params';

export const KINDS = [
  'unresolved_attempt',
  'in_our_books_only',
  'in_their_books_only',
  'amount_differs',
  'state_differs',
] as const;

export const ReconciliationItemId = z.strictObject(id);

export const ListReconciliationItems = z.strictObject({
  ...pageParams,
  status: z.enum(['open', 'resolved']).optional(),
  kind: z.enum(KINDS).optional(),
  settlement_file: z.string().optional(),
});
export type ListReconciliationItems = z.infer<typeof ListReconciliationItems>;

export const ResolveReconciliationItem = z.strictObject({
  ...id,
  /**
   * Of an unresolved attempt `succeeded` or `failed`: what the processor did, as a person has found
   * out there. Of any other difference `acknowledged`: it is known, and dealt with.
   */
  resolution: z.enum(['succeeded', 'failed', 'acknowledged']),
  /** The processor's id of what succeeded: by it a payment is captured and refunded. */
  transaction: z.string().trim().min(1).max(200).optional(),
  note: z.string().max(5_000).optional(),
});
