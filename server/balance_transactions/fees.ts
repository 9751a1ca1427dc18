/**
 * What is kept back of a movement. The processor bills its own fees to the project, so nothing is,
 * unless the project has set a fee to see its net amounts as they will be.
 */
import type { Tx } from '@/server/kernel/context';
import { multiplyRound } from '@/server/kernel/money';
import { currentProject, readSettings, type FeeSettings } from '@/server/projects';

export type FeeKind = keyof FeeSettings;

/** What the fee is called on the balance transaction. */
export const FEE_NAMES: Readonly<Record<FeeKind, string>> = {
  charge: 'Processing fees',
  dispute: 'Dispute fee',
};

/** In the currency's minor unit, rounded half up. A fixed part counts in the currencies that name one. */
export async function feeOf(
  tx: Tx,
  kind: FeeKind,
  { amount, currency }: { amount: number; currency: string },
): Promise<number> {
  const { basis_points, fixed } = readSettings((await currentProject(tx)).settings).fees[kind];
  return multiplyRound(amount, basis_points, 10_000) + (fixed[currency] ?? 0);
}
