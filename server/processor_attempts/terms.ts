/**
 * How a payment is to be marked for the card networks: who asks for it, and what the cardholder had
 * agreed to when the card was kept.
 */
import type Stripe from 'stripe';
import type { PaymentMethodRow } from '@/server/payment_methods';
import type { Agreement, Billing } from '@/server/processor/processor';
import type { AttemptRow } from './store';

type Terms = Pick<
  AttemptRow,
  | 'agreement'
  | 'billing'
  | 'initiator'
  | 'previous'
  | 'processor_account'
  | 'processor_token'
  | 'payment_method'
>;

export interface Occasion {
  readonly off_session: boolean;
  /** One of the payments that a subscription repeats. */
  readonly recurring: boolean;
  /** The card is to be kept. */
  readonly keeps: boolean;
}

export const termsOf = (method: PaymentMethodRow, occasion: Occasion): Terms => ({
  payment_method: method.id,
  processor_account: method.processor_account,
  processor_token: method.processor_token,
  billing: billingOf(method.billing_details),
  ...(occasion.off_session ? byMerchant(method, occasion) : byCustomer(method, occasion)),
});

type Marks = Pick<Terms, 'agreement' | 'initiator' | 'previous'>;

function byCustomer(method: PaymentMethodRow, { recurring, keeps }: Occasion): Marks {
  const isKept = keeps || method.status === 'attached';
  return {
    initiator: 'customer',
    agreement: agreementOf(recurring, isKept),
    previous: method.agreements?.card_on_file ?? null,
  };
}

function agreementOf(recurring: boolean, isKept: boolean): Agreement {
  if (recurring) return 'recurring';
  return isKept ? 'card_on_file' : 'none';
}

/** Networks let a merchant repeat only what began as something that repeats. */
function byMerchant({ agreements }: PaymentMethodRow, { recurring }: Occasion): Marks {
  const begun = agreements?.recurring;
  if (recurring && begun !== undefined) {
    return { initiator: 'merchant', agreement: 'recurring', previous: begun };
  }
  return {
    initiator: 'merchant',
    agreement: 'unscheduled',
    previous: agreements?.card_on_file ?? begun ?? null,
  };
}

/** What an intent says about authenticating its payer; anything unheard-of is what nobody asked for. */
export function authenticationAsked(
  options: { readonly card?: { readonly request_three_d_secure?: string | null } } | null,
): AttemptRow['request_three_d_secure'] {
  const asked = options?.card?.request_three_d_secure;
  return asked === 'any' || asked === 'challenge' ? asked : 'automatic';
}

interface Details {
  readonly address?: Partial<Stripe.Address> | null | undefined;
  readonly email?: string | null | undefined;
  readonly name?: string | null | undefined;
  readonly phone?: string | null | undefined;
}

/** Whom the card belongs to, for its issuer; null where nothing is known. */
export function billingOf(details: Details | undefined): Billing | null {
  const { address, email = null, name = null, phone = null } = details ?? {};
  const billing: Billing = {
    name,
    email,
    phone,
    line1: address?.line1 ?? null,
    line2: address?.line2 ?? null,
    city: address?.city ?? null,
    state: address?.state ?? null,
    postal_code: address?.postal_code ?? null,
    country: address?.country ?? null,
  };
  return Object.values(billing).every((value) => value === null) ? null : billing;
}
