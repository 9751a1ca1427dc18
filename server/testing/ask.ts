/** Asks an operation as its readers do: parsed, in its transactions, through the processor. */
import { settle, type Answered } from '@/server/conclusions';
import type { Tx } from '@/server/kernel/context';
import { ApiError } from '@/server/kernel/errors';
import { Awaiting, type Command, type Exchange, type Query } from '@/server/kernel/operation';
import type { z } from 'zod';
import type { TestTenant } from './context';

type Answer<O> =
  O extends Query<z.ZodType, infer A>
    ? A
    : O extends Command<z.ZodType, infer A>
      ? A
      : O extends Exchange<z.ZodType, infer A>
        ? A
        : never;

/** The answer, or the ApiError thrown that a client would get. */
export async function ask<O extends Query | Command | Exchange>(
  tenant: Pick<TestTenant, 'ctx' | 'scope'>,
  operation: O,
  input: z.input<O['input']>,
): Promise<Answer<O>> {
  const parsed = operation.input.parse(input);
  switch (operation.kind) {
    case 'query':
      return (await operation.run(tenant.scope, parsed)) as Answer<O>;
    case 'command':
      return (await tenant.ctx.transaction((tx) => operation.run(tx, parsed))) as Answer<O>;
    case 'exchange': {
      const { ctx } = tenant;
      const { intended, memory } = await ctx.transaction(async (tx) => ({
        intended: await operation.intend(tx, parsed),
        memory: tx.remember(),
      }));
      if (!(intended instanceof Awaiting)) return intended as Answer<O>;
      const { attempt } = intended;
      const conclude = async (tx: Tx, told: Answered): Promise<Answered> =>
        operation.conclude === undefined ? told : operation.conclude(tx, parsed, told, attempt);
      const answer = await settle(ctx, attempt, conclude, memory);
      if (answer instanceof ApiError) throw answer;
      return answer as Answer<O>;
    }
  }
}

/** What was announced in the tenant's project so far, oldest first. */
export const announced = async (tenant: Pick<TestTenant, 'ctx'>): Promise<string[]> =>
  tenant.ctx.transaction(async (tx) =>
    (await tx.objects<{ type: string }>('select type from events order by id', [])).map(
      ({ type }) => type,
    ),
  );
