import type Stripe from 'stripe';
import { z } from 'zod';
import type { Complete, Uncovered } from '@/server/kernel/covers';
import { pageParams, timeRange } from '@/server/kernel/page';
import { currency, id } from '@/server/kernel/params';

export const BalanceTransactionId = z.strictObject(id);

export const ListBalanceTransactions = z.strictObject({
  ...pageParams,
  created: timeRange.optional(),
  currency: currency.optional(),
  payout: z.string().optional(),
  source: z.string().optional(),
  type: z.string().optional(),
});
export type ListBalanceTransactions = z.infer<typeof ListBalanceTransactions>;

export const RetrieveBalance = z.strictObject({});

export type Checked = Complete<
  Uncovered<Stripe.BalanceTransactionListParams, typeof ListBalanceTransactions>
>;
