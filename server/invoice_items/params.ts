import type Stripe from 'stripe';
import { z } from 'zod';
import { givenDiscounts } from '@/server/discounts';
import type { Complete, Uncovered } from '@/server/kernel/covers';
import { metadata } from '@/server/kernel/metadata';
import { AMOUNT_MAX } from '@/server/kernel/money';
import { pageParams, timeRange } from '@/server/kernel/page';
import { amount, clearable, currency, id } from '@/server/kernel/params';
import { InlineProduct } from '@/server/products';

const decimal = (pattern: RegExp) =>
  z.string().regex(pattern, 'Invalid decimal: must be a number with at most 12 decimal places');

const period = z
  .strictObject({ end: z.int(), start: z.int() })
  .refine(({ end, start }) => end >= start, {
    error: 'The end of the period must be greater than or equal to its start.',
    path: ['end'],
  });

const taxBehavior = z.enum(['exclusive', 'inclusive', 'unspecified']);

/** A price for this one time. */
const priceData = z.strictObject({
  currency,
  product: z.string().min(1),
  tax_behavior: taxBehavior.optional(),
  unit_amount: amount.optional(),
  unit_amount_decimal: decimal(/^\d{1,12}(\.\d{1,12})?$/).optional(),
});

/** On a line of an invoice the product may be new too. */
const linePriceData = priceData.extend({
  product: z.string().min(1).optional(),
  product_data: InlineProduct.omit({ active: true, id: true, statement_descriptor: true })
    .extend({
      description: z.string().max(40_000).optional(),
      images: z.array(z.url().max(5_000)).max(8).optional(),
    })
    .optional(),
});

/** What it costs: an amount, or a quantity of what has a price. */
const pricing = {
  /** Pence; negative to the customer's credit. */
  amount: z.int().min(-AMOUNT_MAX).max(AMOUNT_MAX).optional(),
  price_data: priceData.optional(),
  pricing: z.strictObject({ price: z.string().min(1).optional() }).optional(),
  quantity: z.int().min(0).max(999_999_999).optional(),
  quantity_decimal: decimal(/^\d{1,9}(\.\d{1,12})?$/).optional(),
};

const itemFields = {
  ...pricing,
  description: z.string().max(5_000).optional(),
  discountable: z.boolean().optional(),
  discounts: givenDiscounts.optional(),
  metadata: metadata.optional(),
  period: period.optional(),
  tax_rates: clearable(z.array(z.string()).max(20)).optional(),
};

/** What can be said of a line of an invoice, by which the item behind it changes too. */
export const lineFields = { ...itemFields, price_data: linePriceData.optional() };
export type LineFields = z.infer<z.ZodObject<typeof lineFields>>;

/** Of an item alone: a line has no unit amount but that of its price. */
const unitAmount = { unit_amount_decimal: decimal(/^-?\d{1,12}(\.\d{1,12})?$/).optional() };

export const CreateInvoiceItem = z.strictObject({
  ...itemFields,
  ...unitAmount,
  currency: currency.optional(),
  customer: z.string(),
  invoice: z.string().optional(),
  subscription: z.string().optional(),
});

export const UpdateInvoiceItem = z.strictObject({ ...id, ...itemFields, ...unitAmount });

export const InvoiceItemId = z.strictObject(id);

export const ListInvoiceItems = z.strictObject({
  ...pageParams,
  created: timeRange.optional(),
  customer: z.string().optional(),
  invoice: z.string().optional(),
  pending: z.boolean().optional(),
});
export type ListInvoiceItems = z.infer<typeof ListInvoiceItems>;

/** What Stripe Tax would need, accounts in place of customers, and rules that nothing here sets. */
export const UNSUPPORTED = [
  'customer_account',
  'invoicing_rules',
  'tax_behavior',
  'tax_code',
] as const;

export type Checked = [
  Complete<Uncovered<Stripe.InvoiceItemCreateParams, typeof CreateInvoiceItem, typeof UNSUPPORTED>>,
  Complete<Uncovered<Stripe.InvoiceItemUpdateParams, typeof UpdateInvoiceItem, typeof UNSUPPORTED>>,
  Complete<Uncovered<Stripe.InvoiceItemListParams, typeof ListInvoiceItems, typeof UNSUPPORTED>>,
];
