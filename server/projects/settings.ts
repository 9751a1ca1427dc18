/** What can be set for a project. Unset is null; names are those of Stripe's account. */
import { z } from 'zod';

const text = z.string().nullable().default(null);

/** It is written into pages: whatever else is stored is no colour. */
const colour = z
  .string()
  .regex(/^#[0-9a-f]{6}$/i)
  .nullable()
  .catch(null);

const line = z.string().nullable();

const days = (least: number, most: number) =>
  z
    .int('Whole days.')
    .min(least, `At least ${least} days.`.replace(' 1 days', ' 1 day'))
    .max(most, `At most ${most} days.`);

/** How long the invoice of a renewal may stay a draft, in seconds: Stripe's limit is three days. */
const DRAFT_MAX = 72 * 3600;

/** How subscriptions are billed, where Stripe leaves it to the dashboard. */
export const billingFields = {
  /** What becomes of a subscription whose last try to be paid has failed. */
  after_retries: z.enum(['cancel', 'past_due', 'unpaid']),
  /** How long a customer has to pay an invoice, where the dashboard's forms begin. */
  days_until_due: days(0, 365),
  /** How long the invoice of a renewal stays a draft, for the merchant to add to it. In seconds. */
  draft_seconds: z.int().min(0).max(DRAFT_MAX, 'At most 72 hours.'),
  /** One sequence a customer, with its prefix, or one for the project. */
  invoice_numbering: z.enum(['customer', 'project']),
  /** Days from each failed try to the next. */
  retry_days: z.array(days(1, 60)).max(12, 'At most 12 tries.'),
  /** How long before the end of a trial it is announced. */
  trial_will_end_days: days(1, 60),
  /** How long before a renewal its invoice is announced. */
  upcoming_days: days(1, 60),
};

/** Four tries over two weeks, and then the end, as Stripe begins. */
const BILLING: z.output<z.ZodObject<typeof billingFields>> = {
  after_retries: 'cancel',
  days_until_due: 30,
  draft_seconds: 3600,
  invoice_numbering: 'customer',
  retry_days: [3, 3, 4, 4],
  trial_will_end_days: 3,
  upcoming_days: 7,
};

const Billing = z
  .object(billingFields)
  .partial()
  .transform((set) => ({ ...BILLING, ...set }));
export type BillingSettings = z.output<typeof Billing>;

const fee = z
  .object({
    /** Hundredths of a per cent of the amount. */
    basis_points: z.int().min(0).max(10_000).default(0),
    /** In addition, by currency, in its minor unit. */
    fixed: z.record(z.string(), z.int().min(0)).default({}),
  })
  .prefault({});

/** What is kept back of movements of the balance. None by default: the processor bills its own. */
const Fees = z.object({ charge: fee, dispute: fee });
export type FeeSettings = z.infer<typeof Fees>;

/** How cards are charged, where Stripe leaves it to itself. */
const Payments = z.object({
  /**
   * How long a payment is waited for whose answer was lost. Then it is reversed where the processor
   * can, and failed; else a person is asked to decide.
   */
  unanswered_days: z.int().min(1).max(60).default(7),
});

/** How long requests to the API are kept, to be read in the dashboard. */
const Logs = z.object({ kept_days: z.int().min(1).max(3_650).default(90) });

const Settings = z.object({
  billing: Billing.prefault({}),
  branding: z
    .object({
      icon: text,
      logo: text,
      primary_color: colour.default(null),
      secondary_color: colour.default(null),
    })
    .prefault({}),
  fees: Fees.prefault({}),
  logs: Logs.prefault({}),
  payments: Payments.prefault({}),
  statement_descriptor: text,
  /** Stripe's form of an address. It stands on invoices. */
  support_address: z
    .object({ city: line, country: line, line1: line, line2: line, postal_code: line, state: line })
    .nullable()
    .default(null),
  support_email: text,
  support_phone: text,
  support_url: text,
  /** As in the IANA database. */
  timezone: z.string().default('Etc/UTC'),
  url: text,
});
export type Settings = z.infer<typeof Settings>;

/** The settings in a project's row. What others keep there beside them is left out. */
export const readSettings = (stored: Record<string, unknown>): Settings => Settings.parse(stored);
