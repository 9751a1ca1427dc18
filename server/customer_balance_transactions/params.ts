import type Stripe from 'stripe';
import { z } from 'zod';
import type { Complete, Uncovered } from '@/server/kernel/covers';
import { metadata } from '@/server/kernel/metadata';
import { AMOUNT_MAX } from '@/server/kernel/money';
import { pageParams, timeRange } from '@/server/kernel/page';
import { clearable, currency, id } from '@/server/kernel/params';

const customer = { customer: z.string() };

const said = {
  description: clearable(z.string().max(350)).optional(),
  metadata: metadata.optional(),
};

export const BalanceTransactionId = z.strictObject({ ...customer, ...id });

export const CreateBalanceTransaction = z.strictObject({
  ...customer,
  /** Pence; negative to the customer's credit. */
  amount: z.int().min(-AMOUNT_MAX).max(AMOUNT_MAX),
  currency,
  ...said,
});

export const UpdateBalanceTransaction = z.strictObject({ ...customer, ...id, ...said });

export const ListBalanceTransactions = z.strictObject({
  ...pageParams,
  ...customer,
  created: timeRange.optional(),
});
export type ListBalanceTransactions = z.infer<typeof ListBalanceTransactions>;

/** No line of the ledger names an invoice yet. */
export const unsupportedInList = ['invoice'] as const;

export type Checked = [
  Complete<
    Uncovered<Stripe.CustomerCreateBalanceTransactionParams, typeof CreateBalanceTransaction>
  >,
  Complete<
    Uncovered<Stripe.CustomerUpdateBalanceTransactionParams, typeof UpdateBalanceTransaction>
  >,
  Complete<
    Uncovered<
      Stripe.CustomerListBalanceTransactionsParams,
      typeof ListBalanceTransactions,
      typeof unsupportedInList
    >
  >,
];
