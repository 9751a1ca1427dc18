import type Stripe from 'stripe';
import { z } from 'zod';
import type { Complete, Uncovered } from '@/server/kernel/covers';
import { metadata } from '@/server/kernel/metadata';
import { pageParams } from '@/server/kernel/page';
import { clearable } from '@/server/kernel/params';
import { expiry } from '@/server/tokens';

const customer = z.string();
const line = clearable(z.string().max(5_000)).optional();

export const CreateSource = z.strictObject({
  customer,
  source: z.string(),
  metadata: metadata.optional(),
});

export const SourceId = z.strictObject({ customer, id: z.string() });

export const UpdateSource = z.strictObject({
  customer,
  id: z.string(),
  address_city: line,
  address_country: line,
  address_line1: line,
  address_line2: line,
  address_state: line,
  address_zip: line,
  exp_month: expiry.exp_month.optional(),
  exp_year: expiry.exp_year.optional(),
  metadata: metadata.optional(),
  name: line,
});
export type UpdateSource = z.infer<typeof UpdateSource>;

export const ListSources = z.strictObject({
  ...pageParams,
  customer,
  /** What is no card is not here: the answer, that there is none, is true. */
  object: z.enum(['bank_account', 'card', 'source']).optional(),
});

/** The long gone check of a card on the way in. */
export const UNSUPPORTED_ON_CREATE = ['validate'] as const;
/** Of bank accounts and of sources that are no cards. */
export const UNSUPPORTED_ON_UPDATE = [
  'account_holder_name',
  'account_holder_type',
  'owner',
] as const;

export type Checked = [
  Complete<
    Uncovered<Stripe.CustomerCreateSourceParams, typeof CreateSource, typeof UNSUPPORTED_ON_CREATE>
  >,
  Complete<Uncovered<Stripe.CustomerRetrieveSourceParams, typeof SourceId>>,
  Complete<
    Uncovered<Stripe.CustomerUpdateSourceParams, typeof UpdateSource, typeof UNSUPPORTED_ON_UPDATE>
  >,
  Complete<Uncovered<Stripe.CustomerDeleteSourceParams, typeof SourceId>>,
  Complete<Uncovered<Stripe.CustomerListSourcesParams, typeof ListSources>>,
];
