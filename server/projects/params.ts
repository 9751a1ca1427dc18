import type Stripe from 'stripe';
import { z } from 'zod';
import type { Complete, Uncovered } from '@/server/kernel/covers';
import { id } from '@/server/kernel/params';

export const CurrentAccount = z.strictObject({});

export const AccountId = z.strictObject(id);

export type Checked = [
  Complete<Uncovered<Stripe.AccountRetrieveCurrentParams, typeof CurrentAccount>>,
  Complete<Uncovered<Stripe.AccountRetrieveParams, typeof AccountId>>,
];
