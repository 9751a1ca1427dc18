import type Stripe from 'stripe';
import { z } from 'zod';
import type { Complete, Uncovered } from '@/server/kernel/covers';
import { metadata } from '@/server/kernel/metadata';
import { pageParams, timeRange } from '@/server/kernel/page';
import { amount, clearable, id } from '@/server/kernel/params';

const text = z.string().max(5_000);

const decimal = z
  .string()
  .regex(
    /^\d{1,12}(\.\d{1,12})?$/,
    'Invalid decimal: must be a number with at most 12 decimal places',
  );

const line = z.strictObject({
  amount: amount.min(1).optional(),
  description: text.optional(),
  invoice_line_item: z.string().optional(),
  metadata: metadata.optional(),
  quantity: z.int().min(1).max(999_999_999).optional(),
  tax_rates: clearable(z.array(z.string())).optional(),
  type: z.enum(['custom_line_item', 'invoice_line_item']),
  unit_amount: amount.optional(),
  unit_amount_decimal: decimal.optional(),
});
export type GivenLine = z.infer<typeof line>;

const refund = z.strictObject({
  amount_refunded: amount.min(1).optional(),
  refund: z.string(),
  type: z.literal('refund').optional(),
});
export type GivenRefund = z.infer<typeof refund>;

const fields = {
  amount: amount.min(1).optional(),
  credit_amount: amount.optional(),
  effective_at: z.int().min(0).optional(),
  /** No mail is sent by this server, whichever it is. */
  email_type: z.enum(['credit_note', 'none']).optional(),
  invoice: z.string(),
  lines: z.array(line).min(1).max(250).optional(),
  memo: text.optional(),
  metadata: metadata.optional(),
  out_of_band_amount: amount.optional(),
  reason: z.enum(['duplicate', 'fraudulent', 'order_change', 'product_unsatisfactory']).optional(),
  refund_amount: amount.optional(),
  refunds: z.array(refund).max(20).optional(),
};

export const UNSUPPORTED = ['shipping_cost'] as const;

export const CreateCreditNote = z.strictObject(fields);
export type CreateCreditNote = z.infer<typeof CreateCreditNote>;

export const PreviewCreditNote = CreateCreditNote;

export const PreviewCreditNoteLines = z.strictObject({ ...fields, ...pageParams });

export const CreditNoteId = z.strictObject(id);

export const UpdateCreditNote = z.strictObject({
  ...id,
  memo: text.optional(),
  metadata: metadata.optional(),
});

export const ListCreditNotes = z.strictObject({
  ...pageParams,
  created: timeRange.optional(),
  customer: z.string().optional(),
  invoice: z.string().optional(),
});
export type ListCreditNotes = z.infer<typeof ListCreditNotes>;

export const UNSUPPORTED_IN_LIST = ['customer_account'] as const;

export const ListCreditNoteLines = z.strictObject({ ...id, ...pageParams });

type Refused = typeof UNSUPPORTED;

export type Checked = [
  Complete<Uncovered<Stripe.CreditNoteCreateParams, typeof CreateCreditNote, Refused>>,
  Complete<Uncovered<Stripe.CreditNotePreviewParams, typeof PreviewCreditNote, Refused>>,
  Complete<
    Uncovered<Stripe.CreditNoteListPreviewLineItemsParams, typeof PreviewCreditNoteLines, Refused>
  >,
  Complete<Uncovered<Stripe.CreditNoteUpdateParams, typeof UpdateCreditNote>>,
  Complete<
    Uncovered<Stripe.CreditNoteListParams, typeof ListCreditNotes, typeof UNSUPPORTED_IN_LIST>
  >,
];
