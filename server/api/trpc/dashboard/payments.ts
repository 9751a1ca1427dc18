import { z } from 'zod';
import { listAttempts } from '@/server/processor_attempts';
import { forMember } from './procedure';

export const payments = {
  /** What the processor was asked for a payment, and what it answered. */
  attempts: forMember('payments.attempts')
    .input(z.strictObject({ payment_intent: z.string() }))
    .query(({ ctx, input }) => listAttempts(ctx.scope, input.payment_intent)),
};
