/**
 * What the simulator must do on any books: the processor contract, and what a bank does beside
 * answering requests. Run on memory here, and on PostgreSQL where there is one.
 */
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { runContract } from '../contract.case';
import type { Authorize, Inquiry, Processor, Resume } from '../processor';
import type { Books } from './books';
import {
  answerChallenge,
  cardByPaymentMethodId,
  concludeRefund,
  simulator,
  vaulted,
} from './index';

export const newSimulator = (books: Books): Processor =>
  simulator({
    books,
    newTransaction: randomUUID,
    redirect: (reference) => `https://bank.example/challenges/${reference}`,
  });

/** The processor token behind one of Stripe's test PaymentMethods. */
export function tokenOf(paymentMethod: string): string {
  const card = cardByPaymentMethodId(paymentMethod);
  if (card === null) throw new Error(`no test card ${paymentMethod}`);
  return card.token;
}

export const requestFor = (token: string, more: Partial<Authorize> = {}): Authorize => ({
  reference: randomUUID(),
  amount: 1_000,
  currency: 'gbp',
  card: { token },
  capture: false,
  off_session: false,
  statement_descriptor: null,
  agreement: 'none',
  initiator: 'customer',
  previous: null,
  billing: null,
  browser: null,
  request_three_d_secure: 'automatic',
  ...more,
});

export const resumeOf = (
  transaction: string | null,
  authorization: Authorize = requestFor(''),
): Resume => ({ reference: randomUUID(), transaction, step: null, answer: null, authorization });

/** The simulator finds what it was asked by the reference alone. */
export const inquiryAbout = (reference: string): Inquiry => ({
  reference,
  transaction: null,
  asked: null,
  sent_at: new Date(),
  now: new Date(),
});

/** Registers the cases; `newBooks` may hand out the same books again, for no case counts rows. */
export function runBooksCases(name: string, newBooks: () => Books | Promise<Books>): void {
  runContract({
    name: `simulator on ${name}`,
    newSubject: async () => {
      const books = await newBooks();
      const processor = newSimulator(books);
      return {
        processor,
        terms: {
          approved: { card: { token: tokenOf('pm_card_visa') } },
          declined: { card: { token: tokenOf('pm_card_visa_chargeDeclined') } },
          challenged: { card: { token: tokenOf('pm_card_authenticationRequired') } },
        },
        authenticate: async ({ transaction }, authorization, passed) => {
          expect(await answerChallenge(books, transaction ?? '', passed)).toBe(true);
          return processor.resume(resumeOf(transaction, authorization));
        },
      };
    },
  });

  describe(`challenges on ${name}`, () => {
    it('takes one answer and no second', async () => {
      const { books, transaction } = await challengeOn(
        await newBooks(),
        tokenOf('pm_card_authenticationRequired'),
      );
      expect(await answerChallenge(books, transaction, false)).toBe(true);
      expect(await answerChallenge(books, transaction, true)).toBe(false);
    });

    it('challenges again when the cardholder comes back without an answer', async () => {
      const { bank, transaction } = await challengeOn(
        await newBooks(),
        tokenOf('pm_card_authenticationRequired'),
      );
      const outcome = await bank.resume(resumeOf(transaction));
      expect(outcome).toMatchObject({ kind: 'challenge', transaction });
    });

    it('lets a payment that waits for its cardholder be cancelled', async () => {
      const { books, bank, transaction } = await challengeOn(
        await newBooks(),
        tokenOf('pm_card_authenticationRequired'),
      );
      await bank.cancel({ reference: randomUUID(), transaction });
      expect(await answerChallenge(books, transaction, true)).toBe(false);
      const outcome = await bank.resume(resumeOf(transaction));
      expect(outcome).toMatchObject({ kind: 'declined' });
    });

    it('spares a card that was set up, and only where it was saved', async () => {
      const id = randomUUID();
      const saved = vaulted(tokenOf('pm_card_authenticationRequiredOnSetup'), id);
      const other = vaulted(tokenOf('pm_card_authenticationRequiredOnSetup'), randomUUID());
      const { books, bank, transaction } = await challengeOn(await newBooks(), saved);
      const renewal = { off_session: true };
      expect(await bank.authorize(requestFor(saved, renewal))).toMatchObject({
        code: 'authentication_required',
      });
      await answerChallenge(books, transaction, true);
      await bank.resume(resumeOf(transaction));
      expect((await bank.authorize(requestFor(saved, renewal))).kind).toBe('approved');
      expect((await bank.authorize(requestFor(other, renewal))).kind).toBe('declined');
    });
  });

  describe(`refunds on ${name}`, () => {
    it('succeeds a pending refund when time passes', async () => {
      const { books, bank, reference, first } = await refundOn(
        await newBooks(),
        'pm_card_pendingRefund',
      );
      expect(first.kind).toBe('pending');
      expect(await bank.inquire(inquiryAbout(reference))).toEqual(first);
      const last = await concludeRefund(books, reference);
      expect(last).toMatchObject({ kind: 'approved', transaction: first.transaction });
      expect(await bank.inquire(inquiryAbout(reference))).toEqual(last);
    });

    it('fails a refund when time passes, once, and then allows another', async () => {
      const { books, reference, first, refund } = await refundOn(
        await newBooks(),
        'pm_card_refundFail',
      );
      expect(first.kind).toBe('approved');
      const [last] = await Promise.all([
        concludeRefund(books, reference),
        concludeRefund(books, reference),
      ]);
      expect(last).toMatchObject({ kind: 'declined', code: 'expired_or_canceled_card' });
      expect(await concludeRefund(books, reference)).toEqual(last);
      expect((await refund(randomUUID(), 1_000)).kind).toBe('approved');
      expect((await refund(randomUUID(), 1)).kind).toBe('declined');
    });

    it('leaves an ordinary refund as it was', async () => {
      const { books, reference, first } = await refundOn(await newBooks(), 'pm_card_visa');
      expect(await concludeRefund(books, reference)).toEqual(first);
      expect(await concludeRefund(books, randomUUID())).toBeNull();
    });
  });
}

async function challengeOn(books: Books, token: string) {
  const bank = newSimulator(books);
  const outcome = await bank.authorize(requestFor(token));
  if (outcome.kind !== 'challenge' || outcome.transaction === null) {
    throw new Error(`no challenge but ${outcome.kind}`);
  }
  return { books, bank, transaction: outcome.transaction };
}

async function refundOn(books: Books, paymentMethod: string) {
  const bank = newSimulator(books);
  const sale = await bank.authorize(requestFor(tokenOf(paymentMethod), { capture: true }));
  if (sale.kind !== 'approved') throw new Error(`no sale but ${sale.kind}`);
  const { transaction } = sale;
  const refund = (reference: string, amount: number) =>
    bank.refund({ reference, transaction, amount, currency: 'gbp', refundable: amount });
  const reference = randomUUID();
  const first = await refund(reference, 1_000);
  if (first.kind === 'declined') throw new Error(first.message);
  return { books, bank, reference, first, refund };
}
