/** Pieces that many inputs share. Text lengths are Stripe's where Stripe documents them. */
import { z } from 'zod';
import { CURRENCIES, isCurrency } from './currencies';
import { currencyInvalid } from './errors';

/** A field that an empty string unsets: the wire's way to say null, JSON's null included. */
export const clearable = <T extends z.ZodType>(schema: T) =>
  z.union([z.literal(''), schema, z.null()]).transform((value) => (value === '' ? null : value));

/** ISO 4217 in any case, of the table in `currencies.ts`; kept in lower case. */
export const currency = z
  .string()
  .transform((code) => code.toLowerCase())
  .superRefine((code, context) => {
    if (isCurrency(code)) return;
    const apiError = (param: string) => currencyInvalid(code, Object.keys(CURRENCIES), param);
    context.addIssue({ code: 'custom', params: { apiError } });
  });

/** An amount in the currency's minor unit (pence). Stripe's limit is eight digits. */
export const amount = z.int().min(0).max(99_999_999);

export const id = { id: z.string() };

const line = z.string().max(5_000);

export const address = z
  .strictObject({
    city: clearable(line).optional(),
    country: clearable(line).optional(),
    line1: clearable(line).optional(),
    line2: clearable(line).optional(),
    postal_code: clearable(line).optional(),
    state: clearable(line).optional(),
  })
  .transform((given) => ({
    city: given.city ?? null,
    country: given.country ?? null,
    line1: given.line1 ?? null,
    line2: given.line2 ?? null,
    postal_code: given.postal_code ?? null,
    state: given.state ?? null,
  }));

/** Where the goods go. */
export const shipping = z
  .strictObject({
    address,
    carrier: z.string().max(5_000).optional(),
    name: z.string().max(5_000),
    phone: z.string().max(5_000).optional(),
    tracking_number: z.string().max(5_000).optional(),
  })
  .transform((given) => ({
    address: given.address,
    carrier: given.carrier ?? null,
    name: given.name,
    phone: given.phone ?? null,
    tracking_number: given.tracking_number ?? null,
  }));

/** What banks print, or a part of it. https://docs.stripe.com/get-started/account/statement-descriptors */
export const statementDescriptor = z
  .string()
  .max(22)
  .regex(/^[\x20-\x7e]*$/, 'Invalid statement descriptor: may contain only Latin characters')
  .regex(
    /^[^<>\\'"*]*$/,
    'Invalid statement descriptor: may not contain any of the characters <, >, \\, \', " and *',
  )
  .regex(/[A-Za-z]/, 'Invalid statement descriptor: must contain at least one letter');
