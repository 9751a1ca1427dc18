import { z } from 'zod';
import { parameterInvalid } from '@/server/kernel/errors';
import { gatewayUrl } from './url';

const baseUrl = z
  .string()
  .max(500)
  .transform((text, context) => {
    const url = gatewayUrl(text);
    if (url !== null) return url;
    const apiError = (param: string) =>
      parameterInvalid(
        `Invalid ${param}: it must be an https:// address without a user, a query or a fragment. Only on this machine (127.0.0.1, localhost) http:// will do.`,
        param,
        'url_invalid',
      );
    context.addIssue({ code: 'custom', params: { apiError } });
    return z.NEVER;
  });

/** Credentials are pasted, and paste brings spaces along. */
const pasted = z.string().trim().min(1).max(500);

const fields = {
  /** Whether cardholders are asked to prove who they are where their bank wants it. */
  three_d_secure: z.boolean(),
  /** Where the merchant is: ISO 3166-1 alpha-2. */
  country: z
    .string()
    .transform((code) => code.toUpperCase())
    .pipe(z.string().regex(/^[A-Z]{2}$/, 'Use the two letters of ISO 3166-1, such as GB.')),
  /** ISO 18245. Cardstream wants it for 3-D Secure where it has none on file. */
  merchant_category_code: z
    .string()
    .regex(/^\d{4}$/, 'Use the four digits of ISO 18245, such as 5734.')
    .nullable(),
};

/** What `dashboard.processorAccounts.create` takes. */
export const CreateProcessorAccount = z.strictObject({
  processor: z.literal('cardstream').default('cardstream'),
  /** As Cardstream gave it: an account number, or an alias. */
  merchant_id: pasted.pipe(
    z.string().regex(/^[0-9A-Za-z_-]+$/, 'Use the ID that Cardstream gave.'),
  ),
  /** The account's signature secret. It is in no answer. */
  secret: pasted,
  /** `merchantPwd`, of accounts that have one. It is in no answer. */
  password: pasted.nullable().default(null),
  base_url: baseUrl.default('https://gateway.cardstream.com'),
  three_d_secure: fields.three_d_secure.default(true),
  country: fields.country.default('GB'),
  merchant_category_code: fields.merchant_category_code.default(null),
});
export type CreateProcessorAccount = z.output<typeof CreateProcessorAccount>;

/**
 * What `dashboard.processorAccounts.update` takes. What is not given stays. Another merchant ID or
 * another gateway is another account: what this one has started is known there and nowhere else.
 */
export const UpdateProcessorAccount = z.strictObject({
  id: z.string(),
  secret: pasted.optional(),
  /** Null takes it away. */
  password: pasted.nullable().optional(),
  three_d_secure: fields.three_d_secure.optional(),
  country: fields.country.optional(),
  merchant_category_code: fields.merchant_category_code.optional(),
});
export type UpdateProcessorAccount = z.output<typeof UpdateProcessorAccount>;

export const ProcessorAccountId = z.strictObject({ id: z.string() });
