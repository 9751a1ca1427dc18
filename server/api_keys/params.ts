import { z } from 'zod';
import type { Right } from '@/server/kernel/context';
import { pageParams } from '@/server/kernel/page';
import { clearable, id } from '@/server/kernel/params';

/** TABLE: what a restricted key can be given rights to, by the names of `server/resources.ts`. */
export const RESOURCES = [
  'account',
  'api_keys',
  'balance',
  'balance_transactions',
  'charges',
  'coupons',
  'credit_notes',
  'customer_balance_transactions',
  'customers',
  'discounts',
  'events',
  'invoice_items',
  'invoice_payments',
  'invoice_previews',
  'invoices',
  'mandates',
  'meter_events',
  'meters',
  'payment_intents',
  'payment_methods',
  'plans',
  'prices',
  'products',
  'promotion_codes',
  'reconciliation_items',
  'refunds',
  'settlement_files',
  'setup_attempts',
  'setup_intents',
  'subscription_items',
  'subscription_schedules',
  'subscriptions',
  'tax_ids',
  'tax_rates',
  'test_clocks',
  'tokens',
  'webhook_deliveries',
  'webhook_endpoints',
] as const;

type ResourceName = (typeof RESOURCES)[number];

const right = z.enum(['none', 'read', 'write'] satisfies Right[]).optional();

const rights = z.strictObject(
  Object.fromEntries(RESOURCES.map((name) => [name, right])) as Record<ResourceName, typeof right>,
);

const name = clearable(z.string().max(255));
const type = z.enum(['secret', 'restricted', 'publishable']);

/** Up to the year 9999, in unix seconds. */
const expiresAt = clearable(z.int().max(253_402_300_799));

export const KEY_GRACE_SECONDS_MAX = 7 * 24 * 60 * 60;

export const ApiKeyId = z.strictObject(id);

export const CreateApiKey = z.strictObject({
  type,
  name: name.optional(),
  rights: rights.optional(),
  expires_at: expiresAt.optional(),
});

export const UpdateApiKey = z.strictObject({
  ...id,
  name: name.optional(),
  expires_at: expiresAt.optional(),
});

export const RollApiKey = z.strictObject({
  ...id,
  /** How long the old key goes on beside the new one, in seconds. */
  expires_in: z.int().min(0).max(KEY_GRACE_SECONDS_MAX).optional(),
});

export const ListApiKeys = z.strictObject({
  ...pageParams,
  status: z.enum(['active', 'expired', 'revoked']).optional(),
  type: type.optional(),
});
export type ListApiKeys = z.infer<typeof ListApiKeys>;
