import type Stripe from 'stripe';
import { z } from 'zod';
import type { Complete, Uncovered } from '@/server/kernel/covers';
import { id } from '@/server/kernel/params';
import { typedCard } from './card';

export const TokenId = z.strictObject(id);

const line = z.string().max(5_000).optional();

export const CreateToken = z.strictObject({
  card: z.strictObject({
    ...typedCard,
    name: line,
    address_line1: line,
    address_line2: line,
    address_city: line,
    address_state: line,
    address_zip: line,
    address_country: line,
  }),
});
export type CreateToken = z.infer<typeof CreateToken>;

/** Tokens of anything but a card, and copies of a connected account's cards. */
export const UNSUPPORTED = [
  'account',
  'bank_account',
  'customer',
  'cvc_update',
  'person',
  'pii',
] as const;
export type Checked = Complete<
  Uncovered<Stripe.TokenCreateParams, typeof CreateToken, typeof UNSUPPORTED>
>;
