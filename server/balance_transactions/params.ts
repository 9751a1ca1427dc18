import { z } from 'zod';
import { pageParams, timeRange } from '@/server/kernel/page';
import { currency, id } from '@/server/kernel/params';

export const BalanceTransactionId = z.strictObject(id);

export const ListBalanceTransactions = z.strictObject({
  ...pageParams,
  created: timeRange.optional(),
  currency: currency.optional(),
  source: z.string().optional(),
  type: z.string().optional(),
});
export type ListBalanceTransactions = z.infer<typeof ListBalanceTransactions>;

export const RetrieveBalance = z.strictObject({});
