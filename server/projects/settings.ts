/** What can be set for a project. Unset is null; names are those of Stripe's account. */
import { z } from 'zod';

const text = z.string().nullable().default(null);

const Settings = z.object({
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
