/** A warning is written when an issuer gives it, and loses its point when the money is gone. */
import { find as findCharge, type ChargeRow } from '@/server/charges';
import type { Announced } from '@/server/events';
import type { Tx } from '@/server/kernel/context';
import { newId } from '@/server/kernel/ids';
import { unix } from '@/server/kernel/object';
import { toEarlyFraudWarning } from './object';
import { insert, lockOfCharge, update, type EarlyFraudWarningRow } from './store';

/** Stripe's word for a payment with a stolen card. */
const FRAUD_TYPE = 'made_with_stolen_card';

export async function warn(tx: Tx, charge: ChargeRow): Promise<EarlyFraudWarningRow> {
  const row = insert(tx, {
    id: newId('early_fraud_warning'),
    actionable: isActionable(charge),
    charge: charge.id,
    fraud_type: FRAUD_TYPE,
    payment_intent: charge.payment_intent,
    created: unix(tx.now),
  });
  await tx.announce('radar.early_fraud_warning.created', toEarlyFraudWarning(row));
  return row;
}

/** Reaction: after a refund in full, or a dispute, nothing can be done any more. */
export async function noteCharge(tx: Tx, { object }: Announced): Promise<void> {
  const {
    charge: of,
    id,
    refunded,
  } = object as { charge?: string; id?: string; refunded?: boolean };
  if (of === undefined && refunded !== true) return;
  const charge = await findCharge(tx, of ?? id ?? '');
  if (charge === null || isActionable(charge)) return;
  for (const before of await lockOfCharge(tx, charge.id)) {
    if (!before.actionable) continue;
    const row = update(tx, before, { actionable: false });
    await tx.announce(
      'radar.early_fraud_warning.updated',
      toEarlyFraudWarning(row),
      toEarlyFraudWarning(before),
    );
  }
}

const isActionable = ({ disputed, amount, amount_refunded }: ChargeRow): boolean =>
  !disputed && amount_refunded < amount;
