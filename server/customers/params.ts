import type Stripe from 'stripe';
import { z } from 'zod';
import type { Complete, Uncovered } from '@/server/kernel/covers';
import { metadata } from '@/server/kernel/metadata';
import { AMOUNT_MAX } from '@/server/kernel/money';
import { pageParams, searchParams, timeRange } from '@/server/kernel/page';
import { address, clearable, id } from '@/server/kernel/params';
import { TaxIdValue } from '@/server/tax_ids';

const text = (maximum: number) => clearable(z.string().max(maximum)).optional();

const shipping = z
  .strictObject({ address, name: z.string().max(5_000), phone: text(5_000) })
  .transform((given) => ({ ...given, phone: given.phone ?? null }));

const invoiceSettings = z.strictObject({
  custom_fields: clearable(
    z.array(z.strictObject({ name: z.string().max(40), value: z.string().max(140) })).max(4),
  ).optional(),
  default_payment_method: clearable(z.string()).optional(),
  footer: text(5_000),
  rendering_options: clearable(
    z.strictObject({
      amount_tax_display: clearable(z.enum(['exclude_tax', 'include_inclusive_tax'])).optional(),
    }),
  ).optional(),
});

const ipAddress = clearable(z.union([z.ipv4(), z.ipv6()])).optional();

/** What can be set when a customer is made and afterwards. */
const fields = {
  address: clearable(address).optional(),
  /** Pence, as all amounts; a customer's balance may be either side of zero. */
  balance: z.int().min(-AMOUNT_MAX).max(AMOUNT_MAX).optional(),
  business_name: text(150),
  description: text(5_000),
  // An `@` with something on either side: whoever asks for more turns away addresses that exist.
  email: clearable(z.email({ pattern: z.regexes.unicodeEmail }).max(512)).optional(),
  individual_name: text(150),
  invoice_prefix: z
    .string()
    .regex(/^[A-Z\d]{1,12}$/, 'Invoice prefixes must be 1–12 uppercase letters or numbers.')
    .optional(),
  invoice_settings: invoiceSettings.optional(),
  metadata: metadata.optional(),
  name: text(256),
  next_invoice_sequence: z.int().min(1).max(999_999_999).optional(),
  phone: text(20),
  preferred_locales: clearable(z.array(z.string().max(35)).max(100)).optional(),
  shipping: clearable(shipping).optional(),
  /** A token such as `tok_…`: the card is saved with the customer and becomes its default. */
  source: z.string().optional(),
  tax_exempt: clearable(z.enum(['exempt', 'none', 'reverse'])).optional(),
};
export type CustomerFields = Omit<z.infer<z.ZodObject<typeof fields>>, 'balance' | 'source'>;

// A location is never resolved here, so it can be validated later (`deferred`), not `immediately`.
export const CreateCustomer = z.strictObject({
  ...fields,
  payment_method: z.string().optional(),
  tax: z
    .strictObject({ ip_address: ipAddress, validate_location: z.enum(['deferred']).optional() })
    .optional(),
  tax_id_data: z.array(TaxIdValue).optional(),
  test_clock: z.string().optional(),
});

export const UpdateCustomer = z.strictObject({
  ...id,
  ...fields,
  default_source: z.string().optional(),
  tax: z
    .strictObject({
      ip_address: ipAddress,
      validate_location: z.enum(['auto', 'deferred']).optional(),
    })
    .optional(),
});

export const CustomerId = z.strictObject(id);

export const ListCustomers = z.strictObject({
  ...pageParams,
  created: timeRange.optional(),
  email: z.string().max(512).optional(),
  test_clock: z.string().optional(),
});
export type ListCustomers = z.infer<typeof ListCustomers>;

export const SearchCustomers = z.strictObject(searchParams);
export type SearchCustomers = z.infer<typeof SearchCustomers>;

/** Bank transfers, and the long gone check of a card on the way in. */
export const unsupported = ['cash_balance', 'validate'] as const;

export type Checked = [
  Complete<Uncovered<Stripe.CustomerCreateParams, typeof CreateCustomer, typeof unsupported>>,
  Complete<Uncovered<Stripe.CustomerUpdateParams, typeof UpdateCustomer, typeof unsupported>>,
  Complete<Uncovered<Stripe.CustomerListParams, typeof ListCustomers, typeof unsupported>>,
  Complete<Uncovered<Stripe.CustomerSearchParams, typeof SearchCustomers>>,
];
