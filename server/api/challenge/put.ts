/** What is put to a cardholder, wherever they answer it: and the way back to the merchant. */
import type { Scope } from '@/server/kernel/context';
import { findChallenge, type PaymentChallenge } from '@/server/payment_intents';
import { findSetupChallenge, type SetupChallenge } from '@/server/setup_intents';
import { addressIn } from '@/server/processor_attempts';

/** A payment, or that their card is saved. */
export type Put = PaymentChallenge | SetupChallenge;

/** By the attempt that met it; null where it met none. */
export const findPut = async (scope: Scope, attempt: string): Promise<Put | null> =>
  (await findChallenge(scope, attempt)) ?? findSetupChallenge(scope, attempt);

/** What a merchant is told beside the address: https://docs.stripe.com/js/payment_intents/confirm_payment */
const REDIRECT_STATUS: Record<Put['intent']['status'], string | null> = {
  succeeded: 'succeeded',
  requires_capture: 'succeeded',
  processing: 'pending',
  requires_payment_method: 'failed',
  canceled: 'failed',
  // Confirmed anew: the merchant is to hear of that attempt, not of this one.
  requires_action: null,
  requires_confirmation: null,
};

/**
 * The merchant's address with what became of the intent; null where there is no such address, and in
 * a frame, where the merchant's own page is what leads on.
 */
export function returnUrlOf({ object, intent, clientSecret, isFramed }: Put): string | null {
  const redirect_status = REDIRECT_STATUS[intent.status];
  if (isFramed || intent.return_url === null || redirect_status === null) return null;
  const url = new URL(intent.return_url);
  url.searchParams.set(object, intent.id);
  url.searchParams.set(`${object}_client_secret`, clientSecret);
  url.searchParams.set('redirect_status', redirect_status);
  return url.href;
}

/**
 * Whether the intent was confirmed anew, so that what it waits for now, at an address of ours or of
 * another processor's, is no step of what this attempt is a step of.
 */
export async function isOvertaken(scope: Scope, put: Put): Promise<boolean> {
  const url = awaitedUrlOf(put);
  if (put.isAwaited || url === null) return false;
  const awaited = await findPut(scope, url.split('/').at(-1) ?? '');
  return awaited?.confirmation !== put.confirmation;
}

/** Where the cardholder is to go on: the challenge that the intent waits for now, or null. */
export const awaitedUrlOf = ({ intent: { status, next_action } }: Put): string | null =>
  status === 'requires_action' ? addressIn(next_action) : null;
