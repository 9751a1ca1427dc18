import type Stripe from 'stripe';
import { z } from 'zod';
import type { Complete, Uncovered } from '@/server/kernel/covers';
import { address, clearable, currency, id } from '@/server/kernel/params';
import { billingFields } from './settings';

export const CurrentAccount = z.strictObject({});

export const AccountId = z.strictObject(id);

export type Checked = [
  Complete<Uncovered<Stripe.AccountRetrieveCurrentParams, typeof CurrentAccount>>,
  Complete<Uncovered<Stripe.AccountRetrieveParams, typeof AccountId>>,
];

// What members set. Nothing of it has a route: Stripe has it in its dashboard too.

export const projectName = z.string().trim().min(1, 'A project has a name.').max(100);

/** A link for payers: never one that runs something. */
const webAddress = z
  .url({ protocol: /^https?$/, error: 'This is not an address that begins with https://.' })
  .max(2_000);

/** https://docs.stripe.com/get-started/account/statement-descriptors */
const statementDescriptor = z
  .string()
  .trim()
  .min(5, 'Banks want 5 to 22 characters.')
  .max(22, 'Banks want 5 to 22 characters.')
  .regex(/^[\x20-\x7e]*$/, 'Banks take Latin letters, digits and a few signs.')
  .regex(/^[^<>\\'"*]*$/, 'Banks do not take any of < > \\ \' " *.')
  .regex(/[A-Za-z]/, 'Banks want at least one letter.');

/** Of the IANA database, as far as browsers, Node and PostgreSQL all know it. */
const timeZones: ReadonlySet<string> = new Set(['Etc/UTC', ...Intl.supportedValuesOf('timeZone')]);

export const UpdateProject = z.strictObject({
  name: projectName.optional(),
  default_currency: currency.optional(),
  statement_descriptor: clearable(statementDescriptor).optional(),
  support_address: clearable(address).optional(),
  support_email: clearable(z.email('This is not an e-mail address.').max(254)).optional(),
  support_phone: clearable(z.string().trim().max(40)).optional(),
  support_url: clearable(webAddress).optional(),
  /** In which the days of reports begin and end. */
  timezone: z
    .string()
    .refine((zone) => timeZones.has(zone), 'This is not a time zone such as Europe/London.')
    .optional(),
  url: clearable(webAddress).optional(),
});
export type UpdateProject = z.output<typeof UpdateProject>;

/** Ours: of what the dashboard keeps. */
export const UpdateLogs = z.strictObject({
  kept_days: z.int('Whole days.').min(1, 'At least 1 day.').max(3_650, 'At most 3650 days.'),
});
export type UpdateLogs = z.output<typeof UpdateLogs>;

export const UpdateBilling = z.strictObject(billingFields).partial();
export type UpdateBilling = z.output<typeof UpdateBilling>;

export const UpdateBranding = z.strictObject({
  primary_color: clearable(
    z
      .string()
      .regex(/^#[0-9a-f]{6}$/i, 'This is not a colour such as #0b6e6e.')
      .transform((colour) => colour.toLowerCase()),
  ),
});
export type UpdateBranding = z.output<typeof UpdateBranding>;

export const brandImageKind = z.enum(['logo', 'icon']);
export type BrandImageKind = z.output<typeof brandImageKind>;
