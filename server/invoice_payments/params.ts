import type Stripe from 'stripe';
import { z } from 'zod';
import type { Complete, Uncovered } from '@/server/kernel/covers';
import { pageParams, timeRange } from '@/server/kernel/page';
import { id } from '@/server/kernel/params';

export const InvoicePaymentId = z.strictObject(id);

export const ListInvoicePayments = z.strictObject({
  ...pageParams,
  created: timeRange.optional(),
  invoice: z.string().optional(),
  payment: z
    .strictObject({ payment_intent: z.string().optional(), type: z.enum(['payment_intent']) })
    .optional(),
  status: z.enum(['canceled', 'open', 'paid']).optional(),
});
export type ListInvoicePayments = z.infer<typeof ListInvoicePayments>;

export type Checked = Complete<
  Uncovered<Stripe.InvoicePaymentListParams, typeof ListInvoicePayments>
>;
