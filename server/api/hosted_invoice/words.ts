/** How an invoice is put into words, on its page and on paper. */
import type Stripe from 'stripe';
import { formatMoney } from '@/server/kernel/currencies';

const DATE = new Intl.DateTimeFormat('en-GB', { dateStyle: 'long', timeZone: 'UTC' });

export const dateOf = (seconds: number): string => DATE.format(seconds * 1_000);

export const money = ({ currency }: Pick<Stripe.Invoice, 'currency'>, amount: number): string =>
  formatMoney(amount, currency);

/** Whether anything is asked for. */
export const isOpen = ({
  status,
  amount_remaining,
}: Pick<Stripe.Invoice, 'status' | 'amount_remaining'>): boolean =>
  (status === 'open' || status === 'uncollectible') && amount_remaining > 0;

/** What came from the customer's balance, or went there; negative where it pays for a part. */
export const balanceOf = ({
  amount_due,
  pre_payment_credit_notes_amount,
  total,
}: Stripe.Invoice): number => amount_due + pre_payment_credit_notes_amount - total;

const BRANDS: Readonly<Record<string, string>> = {
  amex: 'American Express',
  diners: 'Diners Club',
  discover: 'Discover',
  jcb: 'JCB',
  mastercard: 'Mastercard',
  unionpay: 'UnionPay',
  visa: 'Visa',
};

/** A brand of cards, within a sentence. */
export const brandOf = (brand: string): string => BRANDS[brand] ?? 'card';
