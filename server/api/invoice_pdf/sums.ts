/** How the lines of an invoice come to what is due, step by step. The steps add up to it. */
import type Stripe from 'stripe';
import { balanceOf, dateOf, isOpen, money } from '@/server/api/hosted_invoice/words';
import { idOf, type Facts } from './facts';
import { cardNameOf, percentOf } from './names';

/**
 * A line of the sums. `step` changes what is due; `sum` is what the steps above it come to; `within`
 * only tells of something that is in a sum; `due` is the end.
 */
export interface Sum {
  readonly term: string;
  readonly kind: 'step' | 'sum' | 'within' | 'due';
  /** In the minor unit. */
  readonly amount: number;
  readonly text: string;
}

type Counted = Omit<Sum, 'text'>;

export function sumsOf(facts: Facts): Sum[] {
  const { invoice } = facts;
  return [
    // Where nothing stands between them, the total says it.
    ...upToTotal(facts),
    ...afterTotal(facts),
  ].map((sum) => ({ ...sum, text: money(invoice, sum.amount) }));
}

/** Whether the amounts of its lines are to be shown without any tax. */
export const excludesTax = ({ rendering }: Stripe.Invoice): boolean =>
  rendering?.amount_tax_display === 'exclude_tax';

export const isTaxed = ({ lines }: Facts): boolean =>
  lines.some(({ taxes }) => (taxes ?? []).length > 0);

/** The taxes that are within the amount of a line. */
export const taxWithin = ({ taxes }: Stripe.InvoiceLineItem): number =>
  (taxes ?? [])
    .filter(({ tax_behavior }) => tax_behavior === 'inclusive')
    .reduce((sum, { amount }) => sum + amount, 0);

function upToTotal(facts: Facts): Counted[] {
  const { invoice, lines, coupons } = facts;
  const without = excludesTax(invoice);
  const subtotal = lines.reduce(
    (sum, line) => sum + line.amount - (without ? taxWithin(line) : 0),
    0,
  );
  const discounts = (invoice.total_discount_amounts ?? [])
    .filter(({ amount }) => amount !== 0)
    .map(({ amount, discount }): Counted => {
      const coupon = coupons.get(idOf(discount));
      return { term: discountNameOf(invoice, coupon), kind: 'step', amount: -amount };
    });
  const taxes = taxesOf(facts, without);
  const isPlain = discounts.length === 0 && taxes.every(({ kind }) => kind === 'within');
  const excluded = invoice.total_excluding_tax ?? invoice.total;
  return [
    ...(isPlain ? [] : [{ term: 'Subtotal', kind: 'sum', amount: subtotal } as const]),
    ...discounts,
    ...(discounts.length > 0 && taxes.some(({ kind }) => kind === 'step')
      ? totalBefore(excluded, invoice, without)
      : []),
    ...taxes.filter(({ kind }) => kind === 'step'),
    { term: 'Total', kind: 'sum', amount: invoice.total },
    ...taxes.filter(({ kind }) => kind === 'within'),
  ];
}

/** What the taxes are put on, where that is not the subtotal. */
const totalBefore = (excluded: number, invoice: Stripe.Invoice, without: boolean): Counted[] => {
  const isWithin = (invoice.total_taxes ?? []).some(
    ({ tax_behavior }) => tax_behavior === 'inclusive',
  );
  return isWithin && !without
    ? []
    : [{ term: 'Total excluding tax', kind: 'sum', amount: excluded }];
};

function taxesOf({ invoice, rates }: Facts, without: boolean): Counted[] {
  return (invoice.total_taxes ?? []).map(
    ({ amount, tax_behavior, tax_rate_details, taxable_amount, taxability_reason }) => {
      const rate = rates.get(tax_rate_details?.tax_rate ?? '');
      const isWithin = tax_behavior === 'inclusive' && !without;
      const base = taxable_amount === null ? '' : ` on ${money(invoice, taxable_amount)}`;
      const name =
        rate === undefined
          ? 'Tax'
          : [
              [rate.display_name, rate.jurisdiction].filter((part) => part !== null).join(' '),
              taxability_reason === 'reverse_charge'
                ? '(reverse charge)'
                : `(${percentOf(rate.percentage)}${base})`,
            ].join(' ');
      return isWithin
        ? { term: `of which ${name}`, kind: 'within', amount }
        : { term: name, kind: 'step', amount };
    },
  );
}

/** Named as the merchant named it, with how much it takes off. */
function discountNameOf(invoice: Stripe.Invoice, coupon: Stripe.Coupon | undefined): string {
  if (coupon === undefined) return 'Discount';
  const off =
    coupon.percent_off === null
      ? coupon.amount_off === null || coupon.currency !== invoice.currency
        ? null
        : `${money(invoice, coupon.amount_off)} off`
      : `${percentOf(coupon.percent_off)} off`;
  const name = coupon.name ?? 'Discount';
  return off === null || name === off ? name : `${name} (${off})`;
}

function afterTotal(facts: Facts): Counted[] {
  const { invoice } = facts;
  const balance = balanceOf(invoice);
  const steps = [
    { term: balance < 0 ? 'Applied balance' : 'Owed from before', amount: balance },
    ...creditsOf(facts),
    ...paymentsOf(facts),
  ].filter(({ amount }) => amount !== 0);
  return [
    ...steps.map((step): Counted => ({ ...step, kind: 'step' })),
    {
      term: 'Amount due',
      kind: 'due',
      amount: isOpen(invoice) ? invoice.amount_remaining : 0,
    },
  ];
}

/** The notes that made less of it before it was paid, by their names. */
function creditsOf({ notes }: Facts): { term: string; amount: number }[] {
  return notes.map(({ number, created, pre_payment_amount }) => ({
    term: `Credit note ${number} (${dateOf(created)})`,
    amount: -pre_payment_amount,
  }));
}

/** Each payment by its card, and what was paid elsewhere. */
function paymentsOf({ invoice, payments }: Facts): { term: string; amount: number }[] {
  const named = payments.map(({ amount, at, card }) => ({
    term: `Paid ${dateOf(at)}${card === null ? '' : `, ${cardNameOf(card)}`}`,
    amount: -amount,
  }));
  const left = invoice.amount_paid - payments.reduce((sum, { amount }) => sum + amount, 0);
  return [...named, { term: 'Paid', amount: -left }];
}
