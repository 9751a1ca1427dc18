/** A processor account of a test's tenant, as the dashboard makes one. */
import type { z } from 'zod';
import { createAccount, CreateProcessorAccount } from '@/server/processor_accounts';
import type { TestTenant } from './context';

export const OWNER = { user: 'user_owner', email: 'owner@example.com' };

/** Answers the id of it. */
export const addProcessorAccount = async (
  { ctx }: Pick<TestTenant, 'ctx'>,
  given: Partial<z.input<typeof CreateProcessorAccount>> = {},
): Promise<string> => {
  const input = CreateProcessorAccount.parse({
    merchant_id: '100001',
    secret: 'Circle4Take40Idea',
    ...given,
  });
  return (await ctx.transaction(async (tx) => createAccount(tx, OWNER, input))).id;
};

/** A settlement file of one line, about a payment that is in nobody's books. */
export const STRAY_SETTLEMENT = [
  'reference,xref,action,state,amount,currency,date',
  'att_stray,26030112XX00YY00ZZ00AAA,SALE,accepted,1000,GBP,2026-03-01',
].join('\r\n');
