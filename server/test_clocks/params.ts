import type Stripe from 'stripe';
import { z } from 'zod';
import type { Complete, Uncovered } from '@/server/kernel/covers';
import { pageParams } from '@/server/kernel/page';
import { id } from '@/server/kernel/params';

/** 31 December 9999, after which years have five digits. */
const TIME_MAX = 253_402_300_799;

/** Unix seconds, in the past or in the future. */
const frozen_time = z.int().min(0).max(TIME_MAX);

export const CreateTestClock = z.strictObject({
  frozen_time,
  name: z.string().max(300).optional(),
});

export const AdvanceTestClock = z.strictObject({ ...id, frozen_time });

export const TestClockId = z.strictObject(id);

export const ListTestClocks = z.strictObject(pageParams);
export type ListTestClocks = z.infer<typeof ListTestClocks>;

/** A customer that has lived by the wall clock has periods and payments in it: it cannot move. */
export const CREATE_UNSUPPORTED = ['customer'] as const;

export type Checked = [
  Complete<
    Uncovered<
      Stripe.TestHelpers.TestClockCreateParams,
      typeof CreateTestClock,
      typeof CREATE_UNSUPPORTED
    >
  >,
  Complete<Uncovered<Stripe.TestHelpers.TestClockAdvanceParams, typeof AdvanceTestClock>>,
  Complete<Uncovered<Stripe.TestHelpers.TestClockRetrieveParams, typeof TestClockId>>,
  Complete<Uncovered<Stripe.TestHelpers.TestClockListParams, typeof ListTestClocks>>,
];
