import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NoAnswer, type Outcome } from '../processor';
import { inquiryAbout, newSimulator, requestFor, runBooksCases, tokenOf } from './books.case';
import { memoryBooks, postgresBooks } from './books';
import {
  CARDS,
  cardByNumber,
  cardByPaymentMethodId,
  cardByToken,
  cardOf,
  hasCvc,
  isLuhnValid,
  vaulted,
  type TestCard,
} from './cards';
import { DECLINES } from './declines';
import * as rules from './rules';

runBooksCases('memory books', memoryBooks);

const tokenOfNumber = (number: string, options = {}): string => {
  const card = cardByNumber(number, options);
  if (card === null) throw new Error(`no test card ${number}`);
  return card.token;
};

describe('the table of cards', () => {
  it('gives every number, name and token to one card', () => {
    const numbers = CARDS.map(({ number }) => number);
    const names = CARDS.flatMap((card) => card.names);
    const tokens = numbers.map((number) => tokenOfNumber(number));
    for (const column of [numbers, names, tokens]) {
      expect(new Set(column).size).toBe(column.length);
    }
  });

  it.each(CARDS.map((card) => [card.number, card]))('%s keeps its facts', (number, card) => {
    const facts = cardByNumber(number);
    expect(isLuhnValid(number)).toBe(true);
    expect(facts).toMatchObject({ last4: number.slice(-4), brand: card.brand });
    expect(facts?.fingerprint).toMatch(/^[0-9A-Za-z]{16}$/);
    expect(facts?.token).toMatch(/^sim_\w+$/);
    expect(facts?.token).not.toContain(number);
    for (const name of card.names) {
      expect(cardByPaymentMethodId(`pm_card_${name}`)).toEqual(facts);
      expect(cardByToken(`tok_${name}`)).toEqual(facts);
    }
  });

  it.each(CARDS.map((card) => [card.number, card]))('%s does what its row says', async (number) => {
    const bank = newSimulator(memoryBooks());
    const token = tokenOfNumber(number);
    const card = cardOf(token)!;
    const verification = await bank.authorize(requestFor(token, { amount: 0 }));
    expect(summary(verification)).toBe(expected(card, { saving: true, offSession: false }));
    const payment = await bank.authorize(requestFor(token));
    expect(summary(payment)).toBe(expected(card, { saving: false, offSession: false }));
    const renewal = await bank.authorize(requestFor(token, { off_session: true }));
    expect(summary(renewal)).toBe(expected(card, { saving: false, offSession: true }));
    if (payment.kind === 'approved' || payment.kind === 'declined') {
      expect(payment.checks).toEqual({
        address_line1_check: null,
        address_postal_code_check: null,
        cvc_check: 'pass',
        ...card.checks,
      });
    }
  });

  it.each([
    ['pm_card_visa_chargeDeclined', 'card_declined', 'generic_decline'],
    ['pm_card_visa_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
    ['pm_card_visa_chargeDeclinedLostCard', 'card_declined', 'lost_card'],
    ['pm_card_visa_chargeDeclinedStolenCard', 'card_declined', 'stolen_card'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card', null],
    ['pm_card_chargeDeclinedIncorrectCvc', 'incorrect_cvc', null],
    ['pm_card_chargeDeclinedProcessingError', 'processing_error', null],
    ['pm_card_visa_chargeDeclinedVelocityLimitExceeded', 'card_declined', 'card_velocity_exceeded'],
    ['pm_card_radarBlock', 'card_declined', 'fraudulent'],
    ['pm_card_chargeCustomerFail', 'card_declined', 'generic_decline'],
  ])('%s is declined with %s and %s', async (paymentMethod, code, decline_code) => {
    const outcome = await newSimulator(memoryBooks()).authorize(requestFor(tokenOf(paymentMethod)));
    expect(outcome).toMatchObject({ kind: 'declined', code, decline_code });
  });

  it('keeps what distinguishes the brands', () => {
    expect(cardByPaymentMethodId('pm_card_amex')).toMatchObject({
      brand: 'amex',
      display_brand: 'american_express',
      last4: '0005',
    });
    expect(cardByPaymentMethodId('pm_card_gb_debit')).toMatchObject({
      brand: 'visa',
      funding: 'debit',
      country: 'GB',
    });
    expect(cardByToken('tok_visa_cartesBancaires')?.networks).toEqual({
      available: ['cartes_bancaires', 'visa'],
      preferred: null,
    });
  });

  it('knows no other number, PaymentMethod or token', () => {
    expect(cardByNumber('4111111111111111')).toBeNull();
    expect(cardByPaymentMethodId('pm_1PqRsT')).toBeNull();
    expect(cardByPaymentMethodId('tok_visa')).toBeNull();
    expect(cardByToken('tok_unheard_of')).toBeNull();
    expect(cardOf('sim_unheard_of')).toBeNull();
  });

  it('finds the same card behind a vaulted token', () => {
    const token = tokenOfNumber('4000000000000127', { cvc: false });
    expect(cardOf(vaulted(token, 'pm_1'))?.number).toBe('4000000000000127');
    expect(hasCvc(vaulted(token, 'pm_1'))).toBe(false);
  });
});

interface Situation {
  readonly saving: boolean;
  readonly offSession: boolean;
}

/** A row, read the slow way. */
function expected(
  { challenge, decline, saves, three_d_secure }: TestCard,
  { saving, offSession }: Situation,
) {
  if (three_d_secure === 'fails' && challenge !== undefined) return 'Your card was declined.';
  if (challenge !== undefined && !offSession) return 'challenge';
  if (challenge !== undefined && challenge !== 'on_session') {
    return DECLINES.authentication_required.message;
  }
  if (decline === undefined || (saving && saves === true)) return 'approved';
  return DECLINES[decline].message;
}

const summary = (outcome: Outcome): string =>
  outcome.kind === 'declined' ? outcome.message : outcome.kind;

describe('the CVC', () => {
  const bank = newSimulator(memoryBooks());
  const incorrect = '4000000000000127';
  const failing = '4000000000000101';

  it('is not checked when the card was saved without one', async () => {
    const spared = await bank.authorize(requestFor(tokenOfNumber(incorrect, { cvc: false })));
    expect(spared).toMatchObject({ kind: 'approved', checks: { cvc_check: null } });
    const unchecked = await bank.authorize(requestFor(tokenOfNumber(failing, { cvc: false })));
    expect(unchecked).toMatchObject({ kind: 'approved', checks: { cvc_check: null } });
  });

  it('is checked when it is typed for this payment', async () => {
    const token = tokenOfNumber(incorrect, { cvc: false });
    const outcome = await bank.authorize(requestFor(token, { card: { token, cvc: '123' } }));
    expect(outcome).toMatchObject({ code: 'incorrect_cvc', checks: { cvc_check: 'fail' } });
  });
});

describe('isLuhnValid', () => {
  it('accepts a number whose last digit checks the others', () => {
    expect(isLuhnValid('4242424242424242')).toBe(true);
    expect(isLuhnValid('6205500000000000004')).toBe(true);
  });

  it('refuses any single wrong digit', () => {
    const number = '4242424242424242';
    for (let at = 0; at < number.length; at++) {
      const wrong = String((Number(number[at]) + 1) % 10);
      expect(isLuhnValid(number.slice(0, at) + wrong + number.slice(at + 1))).toBe(false);
    }
  });

  it('refuses what is not 12 to 19 digits', () => {
    for (const text of ['', '0', '42', '4242 4242 4242 4242', '0'.repeat(20)]) {
      expect(isLuhnValid(text)).toBe(false);
    }
  });
});

describe('requests a bank does not understand', () => {
  it.each([-1, 0.5, Number.NaN, 2 ** 53])('refuses to authorize %d', async (amount) => {
    const outcome = await newSimulator(memoryBooks()).authorize(requestFor('sim_visa', { amount }));
    expect(outcome).toMatchObject({ kind: 'declined', code: 'parameter_invalid_integer' });
  });

  it('declines a token that belongs to no card', async () => {
    const outcome = await newSimulator(memoryBooks()).authorize(requestFor('sim_unheard_of'));
    expect(outcome).toMatchObject({ kind: 'declined', decline_code: 'invalid_account' });
  });

  it('refuses another currency than that of the authorization', async () => {
    const bank = newSimulator(memoryBooks());
    const sale = await bank.authorize(requestFor('sim_visa', { capture: true }));
    const { transaction } = sale as Extract<Outcome, { kind: 'approved' }>;
    const refund = {
      reference: 'another',
      transaction,
      amount: 1,
      currency: 'eur',
      refundable: 1_000,
    };
    expect(await bank.refund(refund)).toMatchObject({ code: 'invalid_currency' });
  });
});

const sums = ({ authorized, captured, refunded }: rules.Hold) => [authorized, captured, refunded];

describe('the rules', () => {
  const request = fc.record({
    verb: fc.constantFrom('answer', 'resume', 'capture', 'cancel', 'refund'),
    amount: fc.integer({ min: -1, max: 1_200 }),
    passed: fc.boolean(),
  });
  type Request = typeof request extends fc.Arbitrary<infer T> ? T : never;

  const follow = (hold: rules.Hold, { verb, amount, passed }: Request): rules.Decision => {
    const settle = { reference: 'r', transaction: hold.transaction, amount, currency: 'gbp' };
    const decisions: Record<Request['verb'], () => rules.Decision> = {
      answer: () => ({ ...rules.resume(hold, ''), hold: rules.answer(hold, passed) }),
      resume: () => rules.resume(hold, ''),
      capture: () => rules.capture(hold, settle),
      cancel: () => rules.cancel(hold),
      refund: () => rules.refund(hold, settle, 'refund'),
    };
    return decisions[verb]();
  };

  it('never hold more captured than authorized, or more refunded than captured', () => {
    const tokens = CARDS.map(({ number }) => tokenOfNumber(number));
    fc.assert(
      fc.property(
        fc.constantFrom(...tokens),
        fc.boolean(),
        fc.array(request, { maxLength: 12 }),
        (token, capture, requests) => {
          const circumstances = { transaction: 't', isSetUp: false, redirect: '' };
          let { hold } = rules.authorize(requestFor(token, { capture }), circumstances);
          for (const next of requests) {
            const decision = follow(hold, next);
            if (decision.outcome.kind === 'declined') {
              expect(sums(decision.hold)).toEqual(sums(hold));
            }
            hold = decision.hold;
            expect(hold.refunded).toBeGreaterThanOrEqual(0);
            expect(hold.refunded).toBeLessThanOrEqual(hold.captured);
            expect(hold.captured).toBeLessThanOrEqual(hold.authorized);
            expect(hold.authorized).toBeLessThanOrEqual(hold.requested);
            if (hold.state === 'cancelled') expect(hold.captured).toBe(0);
          }
        },
      ),
    );
  });
});

describe('books that cannot be reached', () => {
  it('are no answer, never a decline', async () => {
    const books = postgresBooks(() => Promise.reject(new Error('connection refused')));
    const bank = newSimulator(books);
    await expect(bank.authorize(requestFor('sim_visa'))).rejects.toBeInstanceOf(NoAnswer);
    await expect(bank.inquire(inquiryAbout('anything'))).rejects.toBeInstanceOf(NoAnswer);
  });
});
