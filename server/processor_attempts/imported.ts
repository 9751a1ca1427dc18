/**
 * The answer of 3-D Secure that a merchant got from somebody else, handed in with a confirmation. It
 * says who pays this once, and so it is kept with the attempt and not with the intent; the proof in
 * it is for a network, and the simulator has none, so it is kept nowhere.
 * https://docs.stripe.com/payments/payment-intents/three-d-secure-import
 */
import { z } from 'zod';
import { parameterInvalid } from '@/server/kernel/errors';
import type { PaymentMethodRow } from '@/server/payment_methods';
import type { Authentication } from '@/server/processor/processor';

export const importedAuthentication = z.strictObject({
  ares_trans_status: z.enum(['A', 'C', 'I', 'N', 'R', 'U', 'Y']).optional(),
  /** A CAVV, AAV or AEVV: 20 bytes in base64. */
  cryptogram: z.string().regex(/^[A-Za-z0-9+/]{27}=$/, 'Invalid cryptogram'),
  electronic_commerce_indicator: z.enum(['01', '02', '05', '06', '07']).optional(),
  exemption_indicator: z.enum(['low_risk', 'none']).optional(),
  transaction_id: z.string().min(1).max(5_000),
  version: z.enum(['1.0.2', '2.1.0', '2.2.0', '2.3.0', '2.3.1']),
});
type Imported = z.infer<typeof importedAuthentication>;

/** How a confirmation hands it in. */
export interface Importing {
  readonly payment_method_options?:
    | { readonly card?: { readonly three_d_secure?: Imported | undefined } | undefined }
    | undefined;
}

/** @throws ApiError 400 for a card whose processor authenticates its holder itself. */
export function importedOf(
  { processor_account }: Pick<PaymentMethodRow, 'processor_account'>,
  { payment_method_options }: Importing,
): Authentication | null {
  const told = payment_method_options?.card?.three_d_secure;
  if (told === undefined) return null;
  if (processor_account !== null) {
    throw parameterInvalid(
      'The processor of this card authenticates its holder itself: results of others cannot be imported.',
      'payment_method_options[card][three_d_secure]',
    );
  }
  return {
    ares_trans_status: told.ares_trans_status ?? null,
    electronic_commerce_indicator: told.electronic_commerce_indicator ?? null,
    exemption_indicator: told.exemption_indicator ?? null,
    transaction_id: told.transaction_id,
    version: told.version,
  };
}
