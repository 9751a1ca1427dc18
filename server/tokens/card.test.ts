import { describe, expect, it } from 'vitest';
import { ApiError } from '@/server/kernel/errors';
import {
  acceptCard,
  acceptExpiry,
  preferNetwork,
  testPaymentMethod,
  testToken,
  verifiedCard,
  withChecks,
  type TypedCard,
} from './card';

const test = { livemode: false, now: new Date('2026-03-31T23:59:59Z') };
const live = { ...test, livemode: true };

const visa: TypedCard = { number: '4242424242424242', exp_month: 8, exp_year: 2030, cvc: '123' };

function refusalOf(work: () => unknown): ApiError {
  try {
    work();
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
  throw new Error('Nothing was refused.');
}

const accepts = (exp_month: number, exp_year: number) =>
  acceptExpiry({ exp_month, exp_year }, test.now);

const verify = (name: string) => {
  const accepted = testPaymentMethod(test, `pm_card_${name}`);
  if (accepted === null) throw new Error(`${name} is no test card.`);
  return verifiedCard(test, accepted);
};

describe('a typed card', () => {
  it('is kept as what may be shown and a token of the processor', () => {
    expect(acceptCard(test, visa)).toEqual({
      processor_token: 'sim_visa',
      card: {
        brand: 'visa',
        display_brand: 'visa',
        country: 'US',
        exp_month: 8,
        exp_year: 2030,
        fingerprint: expect.stringMatching(/^[0-9A-Za-z]{16}$/),
        funding: 'credit',
        last4: '4242',
        networks: { available: ['visa'], preferred: null },
        checks: {
          address_line1_check: null,
          address_postal_code_check: null,
          cvc_check: 'unchecked',
        },
      },
    });
  });

  it('has no CVC to check where none was typed', () => {
    const { card, processor_token } = acceptCard(test, { ...visa, cvc: undefined });
    expect(card.checks.cvc_check).toBeNull();
    expect(processor_token).not.toBe('sim_visa');
  });

  it('may be typed in groups', () => {
    expect(acceptCard(test, { ...visa, number: '4242 4242-4242 4242' }).card.last4).toBe('4242');
  });

  it('has three digits of CVC, or four on an American Express', () => {
    const amex = { ...visa, number: '378282246310005' };
    expect(acceptCard(test, { ...amex, cvc: '1234' }).card.brand).toBe('amex');
    expect(acceptCard(test, { ...amex, cvc: '123' }).card.brand).toBe('amex');
    for (const cvc of ['', '12', '1234', '12a']) {
      expect(refusalOf(() => acceptCard(test, { ...visa, cvc }))).toMatchObject({
        status: 402,
        type: 'card_error',
        details: { code: 'invalid_cvc', param: 'cvc' },
      });
    }
  });

  it('is refused with incorrect_number when the check digit is wrong or it is no number', () => {
    for (const number of ['4242424242424241', '4242', '', 'visa']) {
      expect(refusalOf(() => acceptCard(test, { ...visa, number }))).toMatchObject({
        status: 402,
        message: 'Your card number is incorrect.',
        details: { code: 'incorrect_number', param: 'number' },
      });
    }
  });

  it('is declined in test mode when it is a real one', () => {
    expect(
      refusalOf(() => acceptCard(test, { ...visa, number: '4539578763621486' })),
    ).toMatchObject({
      status: 402,
      type: 'card_error',
      details: { code: 'card_declined', decline_code: 'test_mode_live_card' },
    });
  });

  it('is refused in live mode, whatever it is, without being repeated', () => {
    for (const number of ['4539578763621486', '4242424242424242', 'nonsense']) {
      const refusal = refusalOf(() => acceptCard(live, { ...visa, number }));
      expect(refusal).toMatchObject({
        status: 400,
        type: 'invalid_request_error',
        details: { param: 'card[number]' },
      });
      expect(`${refusal.message} ${JSON.stringify(refusal.details)}`).not.toContain(number);
    }
  });
});

describe('a date of expiry', () => {
  it('is good until the end of its month', () => {
    expect(accepts(3, 2026)).toEqual({ exp_month: 3, exp_year: 2026 });
  });

  it('may have two digits for the year', () => {
    expect(accepts(3, 26)).toEqual({ exp_month: 3, exp_year: 2026 });
  });

  it.each([
    [0, 2030, 'invalid_expiry_month', 'exp_month'],
    [13, 2030, 'invalid_expiry_month', 'exp_month'],
    [2, 2026, 'invalid_expiry_month', 'exp_month'],
    [12, 2025, 'invalid_expiry_year', 'exp_year'],
    [3, 2077, 'invalid_expiry_year', 'exp_year'],
    [3, 199, 'invalid_expiry_year', 'exp_year'],
  ])('of %i/%i is refused with %s', (month, year, code, param) => {
    expect(refusalOf(() => accepts(month, year))).toMatchObject({
      status: 402,
      type: 'card_error',
      details: { code, param },
    });
  });
});

describe('a test id', () => {
  it('stands for a card that expires in a year', () => {
    const accepted = testPaymentMethod(test, 'pm_card_mastercard');
    expect(accepted?.card).toMatchObject({ brand: 'mastercard', exp_month: 3, exp_year: 2027 });
    expect(testToken(test, 'tok_mastercard')).toEqual(accepted);
  });

  it('is nothing in live mode, and unknown names are nothing at all', () => {
    expect(testPaymentMethod(live, 'pm_card_visa')).toBeNull();
    expect(testToken(live, 'tok_visa')).toBeNull();
    expect(testPaymentMethod(test, 'pm_card_nobody')).toBeNull();
    expect(testPaymentMethod(test, 'tok_visa')).toBeNull();
  });
});

describe('a co-branded card', () => {
  const { card } = acceptCard(test, { ...visa, number: '4000002500001001' });

  it('takes the network its holder prefers, and gives it up again', () => {
    const preferred = preferNetwork(card, 'cartes_bancaires');
    expect(preferred.networks).toEqual({
      available: ['cartes_bancaires', 'visa'],
      preferred: 'cartes_bancaires',
    });
    expect(preferNetwork(preferred, undefined)).toBe(preferred);
    expect(preferNetwork(preferred, null).networks.preferred).toBeNull();
  });

  it('refuses a network that it is not of', () => {
    expect(refusalOf(() => preferNetwork(card, 'mastercard'))).toMatchObject({
      status: 400,
      details: { param: 'card[networks][preferred]' },
    });
  });
});

describe('a card that is verified', () => {
  it('has the results of the checks', () => {
    expect(verify('visa').checks.cvc_check).toBe('pass');
    expect(verify('cvcCheckFail').checks.cvc_check).toBe('fail');
    expect(verify('avsZipFail').checks).toEqual({
      address_line1_check: 'pass',
      address_postal_code_check: 'fail',
      cvc_check: 'pass',
    });
  });

  it.each([
    ['chargeDeclined', 'card_declined', 'generic_decline'],
    ['visa_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
    ['visa_chargeDeclinedLostCard', 'card_declined', 'lost_card'],
    ['chargeDeclinedExpiredCard', 'expired_card', undefined],
    ['chargeDeclinedIncorrectCvc', 'incorrect_cvc', undefined],
    ['chargeDeclinedProcessingError', 'processing_error', undefined],
  ])('is declined as %s is', (name, code, decline_code) => {
    const refusal = refusalOf(() => verify(name));
    expect(refusal).toMatchObject({ status: 402, type: 'card_error', details: { code } });
    expect(refusal.details.decline_code).toBe(decline_code);
  });

  it.each(['chargeCustomerFail', 'authenticationRequired', 'threeDSecure2Required'])(
    'passes as %s, which only fails or is challenged when it pays',
    (name) => {
      expect(verify(name).last4).toHaveLength(4);
    },
  );

  it('keeps what an issuer did not check', () => {
    const known = verify('avsZipFail');
    const nothing = {
      address_line1_check: null,
      address_postal_code_check: null,
      cvc_check: null,
    };
    expect(withChecks(known, { ...nothing, cvc_check: 'fail' }).checks).toEqual({
      ...known.checks,
      cvc_check: 'fail',
    });
  });
});
