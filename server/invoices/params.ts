import type Stripe from 'stripe';
import { z } from 'zod';
import { givenDiscounts } from '@/server/discounts';
import { lineFields } from '@/server/invoice_items';
import type { Complete, Uncovered } from '@/server/kernel/covers';
import { metadata } from '@/server/kernel/metadata';
import { pageParams, searchParams, timeRange } from '@/server/kernel/page';
import { clearable, currency, id, shipping } from '@/server/kernel/params';

const collectionMethod = z.enum(['charge_automatically', 'send_invoice']);

const paymentSettings = z.strictObject({
  payment_method_options: z
    .strictObject({
      card: clearable(
        z.strictObject({
          request_three_d_secure: z.enum(['any', 'automatic', 'challenge']).optional(),
        }),
      ).optional(),
    })
    .optional(),
  /** Cards are the only type there is; others are refused by name. */
  payment_method_types: clearable(z.array(z.enum(['card'])).min(1)).optional(),
});
export type GivenPaymentSettings = z.infer<typeof paymentSettings>;

const rendering = z.strictObject({
  amount_tax_display: clearable(z.enum(['exclude_tax', 'include_inclusive_tax'])).optional(),
  pdf: z.strictObject({ page_size: z.enum(['a4', 'auto', 'letter']).optional() }).optional(),
});
export type GivenRendering = z.infer<typeof rendering>;

/** What can be said of a draft. */
const fields = {
  account_tax_ids: clearable(z.array(z.string())).optional(),
  auto_advance: z.boolean().optional(),
  automatically_finalizes_at: z.int().min(0).optional(),
  collection_method: collectionMethod.optional(),
  custom_fields: clearable(
    z.array(z.strictObject({ name: z.string().max(40), value: z.string().max(140) })).max(4),
  ).optional(),
  days_until_due: z.int().min(0).max(10_000).optional(),
  default_payment_method: clearable(z.string()).optional(),
  default_source: clearable(z.string()).optional(),
  default_tax_rates: clearable(z.array(z.string())).optional(),
  description: clearable(z.string().max(1_500)).optional(),
  discounts: givenDiscounts.optional(),
  due_date: z.int().min(0).optional(),
  effective_at: clearable(z.int().min(0)).optional(),
  footer: clearable(z.string().max(5_000)).optional(),
  metadata: metadata.optional(),
  number: clearable(z.string().max(26)).optional(),
  payment_settings: paymentSettings.optional(),
  rendering: rendering.optional(),
  shipping_details: clearable(shipping).optional(),
  statement_descriptor: clearable(
    z
      .string()
      .max(22)
      .regex(/[A-Za-z]/, 'Invalid statement_descriptor: must contain at least one letter'),
  ).optional(),
};
export type InvoiceFields = z.infer<z.ZodObject<typeof fields>>;

export const CreateInvoice = z.strictObject({
  ...fields,
  currency: currency.optional(),
  customer: z.string().optional(),
  from_invoice: z.strictObject({ action: z.literal('revision'), invoice: z.string() }).optional(),
  pending_invoice_items_behavior: z.enum(['exclude', 'include']).optional(),
  subscription: z.string().optional(),
});
export type CreateInvoice = z.infer<typeof CreateInvoice>;

export const UpdateInvoice = z.strictObject({ ...id, ...fields });
export type UpdateInvoice = z.infer<typeof UpdateInvoice>;

export const InvoiceId = z.strictObject(id);

export const FinalizeInvoice = z.strictObject({ ...id, auto_advance: z.boolean().optional() });

export const ListInvoices = z.strictObject({
  ...pageParams,
  collection_method: collectionMethod.optional(),
  created: timeRange.optional(),
  customer: z.string().optional(),
  due_date: timeRange.optional(),
  /** Ours: what merchants look for besides. Retrying is what was tried in vain, and is tried again. */
  state: z.enum(['retrying']).optional(),
  status: z.enum(['draft', 'open', 'paid', 'uncollectible', 'void']).optional(),
  subscription: z.string().optional(),
});
export type ListInvoices = z.infer<typeof ListInvoices>;

export const SearchInvoices = z.strictObject(searchParams);
export type SearchInvoices = z.infer<typeof SearchInvoices>;

// Lines

export const ListLines = z.strictObject({ ...pageParams, ...id });

/** At most as many as an invoice can have. */
const lines = <T extends z.ZodType>(line: T) => z.array(line).min(1).max(250);

const ofInvoice = { ...id, invoice_metadata: metadata.optional() };

const newLine = z.strictObject({ ...lineFields, invoice_item: z.string().optional() });
export type GivenNewLine = z.infer<typeof newLine>;

const changedLine = z.strictObject({ ...lineFields, ...id });

export const AddLines = z.strictObject({ ...ofInvoice, lines: lines(newLine) });

export const UpdateLines = z.strictObject({ ...ofInvoice, lines: lines(changedLine) });

export const RemoveLines = z.strictObject({
  ...ofInvoice,
  lines: lines(z.strictObject({ ...id, behavior: z.enum(['delete', 'unassign']) })),
});

export const UpdateLine = z.strictObject({ ...id, ...lineFields, line_item_id: z.string() });

/** Connect, Stripe Tax, and shipping as something that is charged for. */
export const UNSUPPORTED = [
  'application_fee_amount',
  'automatic_tax',
  'customer_account',
  'issuer',
  'on_behalf_of',
  'shipping_cost',
  'transfer_data',
] as const;

/** Taxes that somebody else calculated: here they are those of the tax rates. */
export const LINE_UNSUPPORTED = ['tax_amounts'] as const;

export type Checked = [
  Complete<Uncovered<Stripe.InvoiceCreateParams, typeof CreateInvoice, typeof UNSUPPORTED>>,
  Complete<Uncovered<Stripe.InvoiceUpdateParams, typeof UpdateInvoice, typeof UNSUPPORTED>>,
  Complete<Uncovered<Stripe.InvoiceFinalizeInvoiceParams, typeof FinalizeInvoice>>,
  Complete<Uncovered<Stripe.InvoiceListParams, typeof ListInvoices, typeof UNSUPPORTED>>,
  Complete<Uncovered<Stripe.InvoiceSearchParams, typeof SearchInvoices>>,
  Complete<Uncovered<Stripe.InvoiceAddLinesParams, typeof AddLines>>,
  Complete<Uncovered<Stripe.InvoiceAddLinesParams.Line, typeof newLine, typeof LINE_UNSUPPORTED>>,
  Complete<Uncovered<Stripe.InvoiceUpdateLinesParams, typeof UpdateLines>>,
  Complete<
    Uncovered<Stripe.InvoiceUpdateLinesParams.Line, typeof changedLine, typeof LINE_UNSUPPORTED>
  >,
  Complete<Uncovered<Stripe.InvoiceRemoveLinesParams, typeof RemoveLines>>,
  Complete<
    Uncovered<Stripe.InvoiceUpdateLineItemParams, typeof UpdateLine, typeof LINE_UNSUPPORTED>
  >,
  Complete<Uncovered<Stripe.InvoiceListLineItemsParams, typeof ListLines>>,
];
