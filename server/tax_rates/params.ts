import type Stripe from 'stripe';
import { z } from 'zod';
import type { Complete, Uncovered } from '@/server/kernel/covers';
import { metadata } from '@/server/kernel/metadata';
import { pageParams, timeRange } from '@/server/kernel/page';
import { clearable, id } from '@/server/kernel/params';

const TAX_TYPES = [
  'admissions_tax',
  'amusement_tax',
  'attendance_tax',
  'communications_tax',
  'digital_excise_tax',
  'entertainment_tax',
  'get_fund',
  'gross_receipts_tax',
  'gst',
  'hospitality_tax',
  'hst',
  'igst',
  'jct',
  'lease_tax',
  'luxury_tax',
  'mass_transit_parking_tax',
  'nhil',
  'parking_tax',
  'pst',
  'qst',
  'resort_tax',
  'retail_delivery_fee',
  'rst',
  'sales_tax',
  'service_tax',
  'tourism_tax',
  'utility_users_tax',
  'vat',
] as const satisfies readonly Stripe.TaxRateCreateParams.TaxType[];

/** The number as it is written: the shortest text that reads as the same float. */
const DIGITS = /^(\d{1,3})(?:\.(\d{1,4}))?$/;

/**
 * Out of 100, with at most four decimals; becomes ten-thousandths of a percent, by its digits, since
 * 10000 times a float is not always whole.
 */
const percentage = z
  .number()
  .min(0)
  .max(100)
  .refine((value) => DIGITS.test(String(value)), {
    error: ({ input }) =>
      `Invalid decimal: ${String(input)}; must contain at maximum four decimal places.`,
  })
  .transform((value) => {
    const [, whole = '', decimals = ''] = DIGITS.exec(String(value)) ?? [];
    return Number(whole + decimals.padEnd(4, '0'));
  });

const displayName = z.string().min(1).max(50);

const fields = {
  active: z.boolean().optional(),
  country: clearable(
    z.string().regex(/^[A-Z]{2}$/, 'Country must be a two-letter ISO code, such as GB.'),
  ).optional(),
  description: clearable(z.string().max(5_000)).optional(),
  jurisdiction: clearable(z.string().max(50)).optional(),
  metadata: metadata.optional(),
  state: clearable(z.string().max(5_000)).optional(),
  tax_type: clearable(z.enum(TAX_TYPES)).optional(),
};

export const CreateTaxRate = z.strictObject({
  ...fields,
  display_name: displayName,
  inclusive: z.boolean(),
  percentage,
});

export const UpdateTaxRate = z.strictObject({
  ...id,
  ...fields,
  display_name: displayName.optional(),
});

export const TaxRateId = z.strictObject(id);

export const ListTaxRates = z.strictObject({
  ...pageParams,
  active: z.boolean().optional(),
  created: timeRange.optional(),
  inclusive: z.boolean().optional(),
});
export type ListTaxRates = z.infer<typeof ListTaxRates>;

export type Checked = [
  Complete<Uncovered<Stripe.TaxRateCreateParams, typeof CreateTaxRate>>,
  Complete<Uncovered<Stripe.TaxRateUpdateParams, typeof UpdateTaxRate>>,
  Complete<Uncovered<Stripe.TaxRateListParams, typeof ListTaxRates>>,
];
