/** The first transaction of a capture: stores the intention. What the processor answers is `conclude.ts`. */
import { requireLocked as requireLockedCharge } from '@/server/charges';
import type { Tx } from '@/server/kernel/context';
import { parameterInvalid } from '@/server/kernel/errors';
import type { Awaiting } from '@/server/kernel/operation';
import { open } from '@/server/processor_attempts';
import { move } from './lifecycle';
import type { PaymentIntentRow } from './store';

/** Claims a locked intent, to take the amount of what its bank has reserved. */
export async function collect(
  tx: Tx,
  before: PaymentIntentRow,
  { amount, final }: { readonly amount: number; readonly final: boolean },
  changes: Partial<PaymentIntentRow>,
): Promise<Awaiting> {
  const charge = await requireLockedCharge(tx, before.latest_charge ?? '');
  if (charge.processor_account !== null) expectNothingToPrint(changes);
  const intent = await move(tx, before, 'collect', changes);
  return open(tx, {
    kind: 'capture',
    payment_intent: intent.id,
    charge: charge.id,
    amount,
    currency: intent.currency,
    // What leaves nothing to be captured is the last capture, whatever it says of itself.
    final: final || amount >= before.amount_capturable,
    processor_account: charge.processor_account,
    transaction: charge.processor_transaction,
  });
}

/** Gateways print what they were told when the money was reserved, and take no other word later. */
function expectNothingToPrint(changes: Partial<PaymentIntentRow>): void {
  const param = (['statement_descriptor', 'statement_descriptor_suffix'] as const).find(
    (name) => changes[name] != null,
  );
  if (param === undefined) return;
  throw parameterInvalid(
    `The processor of this charge prints what it was told when the charge was authorized: set \`${param}\` when confirming.`,
    param,
  );
}
