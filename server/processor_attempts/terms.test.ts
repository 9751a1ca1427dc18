import { describe, expect, it } from 'vitest';
import type { PaymentMethodRow } from '@/server/payment_methods';
import { authenticationAsked, billingOf, termsOf, type Occasion } from './terms';

const NOBODY = { address: null, email: null, name: null, phone: null, tax_id: null };

const method = (over: Partial<PaymentMethodRow> = {}): PaymentMethodRow => ({
  projectId: 1,
  livemode: true,
  id: 'pm_1',
  status: 'unattached',
  type: 'card',
  customer: null,
  allow_redisplay: 'unspecified',
  billing_details: NOBODY,
  card: {
    brand: 'visa',
    display_brand: 'visa',
    country: 'GB',
    exp_month: 12,
    exp_year: 2028,
    fingerprint: 'f',
    funding: 'credit',
    last4: '0821',
    networks: { available: ['visa'], preferred: null },
    checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: null },
  },
  processor_token: 'verified',
  processor_account: 'pacct_1',
  agreements: { card_on_file: 'verified' },
  metadata: {},
  created: 0,
  ...over,
});

const ATTACHED = { status: 'attached', customer: 'cus_1' } as const;
const REPEATED = { agreements: { card_on_file: 'verified', recurring: 'first' } };

const occasion = (over: Partial<Occasion> = {}): Occasion => ({
  off_session: false,
  recurring: false,
  keeps: false,
  ...over,
});

describe('how a payment is marked', () => {
  it.each<[string, Partial<PaymentMethodRow>, Partial<Occasion>, object]>([
    ['a guest pays once', {}, {}, { initiator: 'customer', agreement: 'none' }],
    ['and has the card kept', {}, { keeps: true }, { agreement: 'card_on_file' }],
    [
      'a customer pays with a saved card',
      ATTACHED,
      {},
      { agreement: 'card_on_file', previous: 'verified' },
    ],
    [
      'and begins what repeats',
      ATTACHED,
      { recurring: true, keeps: true },
      { initiator: 'customer', agreement: 'recurring' },
    ],
    [
      'a merchant has a reason',
      ATTACHED,
      { off_session: true },
      { initiator: 'merchant', agreement: 'unscheduled', previous: 'verified' },
    ],
    [
      'a merchant repeats what began',
      { ...ATTACHED, ...REPEATED },
      { off_session: true, recurring: true },
      { initiator: 'merchant', agreement: 'recurring', previous: 'first' },
    ],
    [
      'and what did not begin as something that repeats',
      ATTACHED,
      { off_session: true, recurring: true },
      { agreement: 'unscheduled', previous: 'verified' },
    ],
    [
      'a card that agreed to nothing',
      { agreements: null },
      { off_session: true },
      { agreement: 'unscheduled', previous: null },
    ],
  ])('where %s', (_name, over, circumstances, marks) => {
    expect(termsOf(method(over), occasion(circumstances))).toMatchObject({
      payment_method: 'pm_1',
      processor_account: 'pacct_1',
      processor_token: 'verified',
      ...marks,
    });
  });
});

describe('whom a card belongs to', () => {
  it('is said as far as it is known, and not at all where nothing is', () => {
    expect(billingOf(NOBODY)).toBeNull();
    expect(billingOf(undefined)).toBeNull();
    expect(billingOf({ name: 'Ada', address: { postal_code: 'NN17 8YG' } })).toEqual({
      name: 'Ada',
      email: null,
      phone: null,
      line1: null,
      line2: null,
      city: null,
      state: null,
      postal_code: 'NN17 8YG',
      country: null,
    });
  });
});

describe('what is asked about authenticating', () => {
  it.each([
    [null, 'automatic'],
    [{}, 'automatic'],
    [{ card: { request_three_d_secure: 'any' } }, 'any'],
    [{ card: { request_three_d_secure: 'challenge' } }, 'challenge'],
    [{ card: { request_three_d_secure: null } }, 'automatic'],
    [{ card: { request_three_d_secure: 'something new' } }, 'automatic'],
  ])('by %o is %s', (options, asked) => {
    expect(authenticationAsked(options)).toBe(asked);
  });
});
