/** What can be set for a project. Unset is null; names are those of Stripe's account. */
import { z } from 'zod';

const text = z.string().nullable().default(null);

const days = z.int().min(1).max(60);

/** How subscriptions are billed, where Stripe leaves it to the dashboard. */
const Billing = z.object({
  /** What becomes of a subscription whose last try to be paid has failed. */
  after_retries: z.enum(['cancel', 'past_due', 'unpaid']).default('cancel'),
  /** How long the invoice of a renewal stays a draft, for the merchant to add to it. In seconds. */
  draft_seconds: z
    .int()
    .min(0)
    .max(72 * 3600)
    .default(3600),
  /** One sequence a customer, with its prefix, or one for the project. */
  invoice_numbering: z.enum(['customer', 'project']).default('customer'),
  /** Days from each failed try to the next: four tries over two weeks. */
  retry_days: z.array(days).max(12).default([3, 3, 4, 4]),
  /** How long before the end of a trial it is announced. */
  trial_will_end_days: days.default(3),
  /** How long before a renewal its invoice is announced. */
  upcoming_days: days.default(7),
});
export type BillingSettings = z.infer<typeof Billing>;

const Settings = z.object({
  billing: Billing.prefault({}),
  branding: z
    .object({ icon: text, logo: text, primary_color: text, secondary_color: text })
    .prefault({}),
  statement_descriptor: text,
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
