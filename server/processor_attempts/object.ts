/** What was asked of the processor for a payment, as its merchant reads it. Stripe has no such object. */
import type { Scope } from '@/server/kernel/context';
import type { Outcome } from '@/server/processor/processor';
import { ofPayment, type AttemptRow } from './store';

export interface ProcessorAttempt {
  /** The reference that the processor knows it by too. */
  readonly id: string;
  readonly object: 'processor_attempt';
  /** In the currency's minor unit (pence). */
  readonly amount: number;
  readonly charge: string | null;
  readonly created: number;
  readonly currency: string;
  readonly decline: {
    readonly code: string;
    readonly decline_code: string | null;
    readonly message: string;
  } | null;
  readonly kind: AttemptRow['kind'];
  /** What it was answered; null while no answer has come. */
  readonly outcome: Outcome['kind'] | null;
  readonly processor: string;
  readonly refund: string | null;
  /** The processor's own id of what it did. */
  readonly transaction: string | null;
}

/** In the order in which they were made. */
export const listAttempts = async (
  scope: Scope,
  payment_intent: string,
): Promise<ProcessorAttempt[]> => (await ofPayment(scope, payment_intent)).map(toProcessorAttempt);

function toProcessorAttempt(row: AttemptRow): ProcessorAttempt {
  const outcome = row.outcome as Outcome | null;
  return {
    id: row.id,
    object: 'processor_attempt',
    amount: row.amount,
    charge: row.charge,
    created: row.created,
    currency: row.currency,
    decline:
      outcome?.kind === 'declined'
        ? { code: outcome.code, decline_code: outcome.decline_code, message: outcome.message }
        : null,
    kind: row.kind,
    outcome: outcome?.kind ?? null,
    processor: row.processor,
    refund: row.refund,
    transaction: outcome?.transaction ?? null,
  };
}
