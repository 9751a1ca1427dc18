import type Stripe from 'stripe';
import { describe, expect, it } from 'vitest';
import { readSettings } from '@/server/projects';
import { attempted, dueAt, isRetried, isRuledOut, nextAttempt } from './retries';

const DAY = 24 * 60 * 60;
const NOW = 1_772_366_400;
const { billing } = readSettings({});

describe('the schedule of retries', () => {
  it('tries four times more over two weeks, and then no more', () => {
    let at: number | null = NOW;
    const days: (number | null)[] = [];
    for (let attempts = 1; attempts <= 5; attempts++) {
      at = nextAttempt(attempts, billing, at ?? 0);
      days.push(at === null ? null : (at - NOW) / DAY);
    }
    expect(days).toEqual([3, 6, 10, 14, null]);
  });

  it('has none where the project wants none', () => {
    expect(nextAttempt(1, { retry_days: [] }, NOW)).toBeNull();
  });

  it('counts any first try, and after it only its own', () => {
    const next = { attempt_count: 1, next_payment_attempt: NOW + DAY };
    expect(attempted({ ...next, attempt_count: 0 }, false).attempt_count).toBe(1);
    expect(attempted(next, false)).toEqual({ attempted: true, ...next });
    expect(attempted(next, true)).toEqual({
      attempted: true,
      attempt_count: 2,
      next_payment_attempt: null,
    });
  });

  it('leaves alone what somebody else is to advance, and the first invoice of a subscription', () => {
    const invoice = {
      auto_advance: true,
      billing_reason: 'subscription_cycle',
      collection_method: 'charge_automatically',
    } as const;
    expect(isRetried(invoice)).toBe(true);
    expect(isRetried({ ...invoice, auto_advance: false })).toBe(false);
    expect(isRetried({ ...invoice, collection_method: 'send_invoice' })).toBe(false);
    expect(isRetried({ ...invoice, billing_reason: 'subscription_create' })).toBe(false);
  });
});

describe('a hard decline', () => {
  const card = (id: string) => ({ payment_method: { id } as Stripe.PaymentMethod });
  const refused = (decline_code: string) => ({
    ...card('pm_1'),
    decline_code,
    code: 'card_declined',
  });

  it.each([
    ['lost_card', true],
    ['stolen_card', true],
    ['pickup_card', true],
    ['transaction_not_allowed', true],
    ['insufficient_funds', false],
    ['generic_decline', false],
  ])('%s rules the card out: %s', (code, ruledOut) => {
    expect(isRuledOut(refused(code), 'pm_1')).toBe(ruledOut);
  });

  it('is told by its code where the bank gave no decline code', () => {
    expect(isRuledOut({ ...card('pm_1'), code: 'incorrect_number' }, 'pm_1')).toBe(true);
  });

  it('says nothing about another card', () => {
    expect(isRuledOut(refused('lost_card'), 'pm_2')).toBe(false);
    expect(isRuledOut(null, 'pm_1')).toBe(false);
  });
});

describe('when an invoice is due', () => {
  const invoice = {
    status: 'open',
    auto_advance: true,
    automatically_finalizes_at: null,
    collection_method: 'charge_automatically',
    due_date: null,
    next_payment_attempt: NOW + DAY,
  } as const;
  const sent = {
    ...invoice,
    collection_method: 'send_invoice',
    next_payment_attempt: null,
    due_date: NOW + 30 * DAY,
  } as const;

  it.each([
    [
      'a draft, when it is to be finalized',
      { ...invoice, status: 'draft', automatically_finalizes_at: NOW },
      NOW,
    ],
    [
      'a draft that does not advance, never',
      { ...invoice, status: 'draft', auto_advance: false, automatically_finalizes_at: NOW },
      null,
    ],
    ['an open one, at its next try', invoice, NOW + DAY],
    ['an open one that does not advance, never', { ...invoice, auto_advance: false }, null],
    ['one that was sent, a week ahead of its due date', sent, NOW + 23 * DAY],
    [
      'one that was sent and does not advance, at its due date',
      { ...sent, auto_advance: false },
      NOW + 30 * DAY,
    ],
    ['one that is due on receipt, the moment after', { ...sent, due_date: NOW }, NOW + 1],
    ['one that was sent without a due date, never', { ...sent, due_date: null }, null],
    ['a paid one, never', { ...invoice, status: 'paid' }, null],
  ] as const)('%s', (_, given, at) => {
    expect(dueAt(given, billing, NOW)).toBe(at);
  });
});
