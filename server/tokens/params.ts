import type Stripe from 'stripe';
import { z } from 'zod';
import type { Complete, Uncovered } from '@/server/kernel/covers';
import { id } from '@/server/kernel/params';
import { typedCard } from './card';

export const TokenId = z.strictObject(id);

const line = z.string().max(5_000).optional();

/** Whom the card belongs to. */
const holder = {
  name: line,
  address_line1: line,
  address_line2: line,
  address_city: line,
  address_state: line,
  address_zip: line,
  address_country: line,
};
export type Holder = z.infer<z.ZodObject<typeof holder>>;

const typed = z.strictObject({ ...typedCard, ...holder });
export type TypedForToken = z.infer<typeof typed>;

/** `card[token]` is ours: what the processor's own fields made of a card that was typed into them. */
export const CreateToken = z.strictObject({
  card: z.union([typed, z.strictObject({ token: z.string(), ...holder })]),
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
