/** What the document of an invoice says, in words: everything but where it stands on the paper. */
import type Stripe from 'stripe';
import { dateOf, isOpen, money } from '@/server/api/hosted_invoice/words';
import { formatDecimal } from '@/server/kernel/currencies';
import { multiplyRound } from '@/server/kernel/money';
import type { Facts } from './facts';
import { cardNameOf, percentOf } from './names';
import { issuerOf, partiesOf, type Issuer, type Party } from './parties';
import { excludesTax, isTaxed, sumsOf, taxWithin, type Sum } from './sums';

/** What is stamped on an invoice that is no longer asked for, or hoped for. */
export type Mark = 'Paid' | 'Uncollectible' | 'Void';

export interface Row {
  readonly description: string;
  /** From when to when, and what else is small. */
  readonly detail: string;
  readonly quantity: string;
  readonly price: string;
  /** Null in all rows of an invoice without taxes. */
  readonly tax: string | null;
  readonly amount: string;
}

export interface Content {
  readonly title: string;
  readonly issuer: Issuer;
  readonly mark: Mark | null;
  readonly isTest: boolean;
  /** Number, dates, and the merchant's own fields: what each is, and its text. */
  readonly particulars: readonly (readonly [term: string, text: string])[];
  readonly parties: readonly Party[];
  readonly headline: string;
  /** Where it is paid, while it is. */
  readonly payAt: string | null;
  readonly memo: string | null;
  readonly rows: readonly Row[];
  readonly sums: readonly Sum[];
  /** Sentences below the sums. */
  readonly remarks: readonly string[];
  readonly footer: string | null;
  /** Of every page. */
  readonly foot: string;
}

export function contentOf(facts: Facts): Content {
  const { invoice, livemode } = facts;
  const title = `Invoice ${invoice.number ?? ''}`.trim();
  return {
    title,
    issuer: issuerOf(facts),
    mark: MARKS[invoice.status ?? 'draft'] ?? null,
    isTest: !livemode,
    particulars: particularsOf(facts),
    parties: partiesOf(facts),
    headline: headlineOf(invoice),
    payAt: isOpen(invoice) ? (invoice.hosted_invoice_url ?? null) : null,
    memo: textOf(invoice.description),
    rows: rowsOf(facts),
    sums: sumsOf(facts),
    remarks: remarksOf(facts),
    footer: textOf(invoice.footer),
    foot: `${title} · ${headlineOf(invoice)}`,
  };
}

const MARKS: Readonly<Record<string, Mark>> = {
  paid: 'Paid',
  uncollectible: 'Uncollectible',
  void: 'Void',
};

const textOf = (text: string | null): string | null =>
  text === null || text.trim() === '' ? null : text.trim();

function particularsOf({ invoice, payments }: Facts): [term: string, text: string][] {
  const { paid_at, voided_at, marked_uncollectible_at } = invoice.status_transitions;
  const when = (term: string, seconds: number | null, isSo: boolean): [string, string][] =>
    seconds === null || !isSo ? [] : [[term, dateOf(seconds)]];
  const cards = new Set(payments.flatMap(({ card }) => (card === null ? [] : [cardNameOf(card)])));
  return [
    ['Invoice number', invoice.number ?? ''],
    ['Date of issue', dateOf(invoice.effective_at ?? invoice.created)],
    ...when('Date due', invoice.due_date, true),
    ...when('Date paid', paid_at, invoice.status === 'paid'),
    ...[...cards].map((card): [string, string] => ['Paid with', card]),
    ...when('Void since', voided_at, invoice.status === 'void'),
    ...when('Uncollectible since', marked_uncollectible_at, invoice.status === 'uncollectible'),
    ...(invoice.custom_fields ?? []).map((field): [string, string] => [field.name, field.value]),
  ];
}

function headlineOf(invoice: Stripe.Invoice): string {
  const { paid_at, voided_at } = invoice.status_transitions;
  if (isOpen(invoice)) {
    const amount = money(invoice, invoice.amount_remaining);
    return invoice.due_date === null
      ? `${amount} due`
      : `${amount} due ${dateOf(invoice.due_date)}`;
  }
  const total = money(invoice, invoice.total);
  if (invoice.status === 'void') {
    return voided_at === null ? `${total} void` : `${total} void since ${dateOf(voided_at)}`;
  }
  if (paid_at === null) return `${money(invoice, 0)} due`;
  // Also of what was paid by a balance, or by nothing being due.
  return `${money(invoice, invoice.amount_due)} paid on ${dateOf(paid_at)}`;
}

function rowsOf(facts: Facts): Row[] {
  const { invoice, lines } = facts;
  const isShown = isTaxed(facts);
  return lines.map((line) => {
    const without = excludesTax(invoice) ? taxWithin(line) : 0;
    const amount = line.amount - without;
    return {
      description: line.description ?? 'Item',
      detail: spanOf(line),
      quantity: quantityOf(line),
      price: priceOf(invoice, line, amount),
      tax: isShown ? ratesOf(facts, line) : null,
      amount: money(invoice, amount),
    };
  });
}

const DAY = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
});

const spanOf = ({ period }: Stripe.InvoiceLineItem): string =>
  period.start === period.end
    ? ''
    : `${DAY.format(period.start * 1_000)} – ${DAY.format(period.end * 1_000)}`;

const quantityOf = ({ quantity, quantity_decimal }: Stripe.InvoiceLineItem): string =>
  quantity_decimal == null ? String(quantity ?? '') : plain(String(quantity_decimal));

/** Without the noughts at its end. */
const plain = (decimal: string): string =>
  decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal;

/** None where the quantity is charged by tiers, and no single price is true of it. */
function priceOf(invoice: Stripe.Invoice, line: Stripe.InvoiceLineItem, amount: number): string {
  const { quantity } = line;
  // A tax was taken out of the amount, and so out of the price.
  if (amount !== line.amount) {
    return quantity === null || quantity === 0
      ? ''
      : money(invoice, multiplyRound(amount, 1, quantity));
  }
  const price = line.pricing?.unit_amount_decimal ?? null;
  if (price !== null) return formatDecimal(plain(String(price)), invoice.currency);
  return quantity === 1 ? money(invoice, amount) : '';
}

const ratesOf = ({ rates }: Facts, { taxes }: Stripe.InvoiceLineItem): string =>
  (taxes ?? [])
    .flatMap(({ tax_rate_details }) => rates.get(tax_rate_details?.tax_rate ?? '') ?? [])
    .map(({ percentage }) => percentOf(percentage))
    .join(' + ');

function remarksOf(facts: Facts): string[] {
  const { invoice, notes } = facts;
  return [
    ...(invoice.customer_tax_exempt === 'reverse'
      ? ['Tax to be paid on reverse charge basis.']
      : []),
    ...notes
      .filter(({ post_payment_amount }) => post_payment_amount > 0)
      .map(
        ({ number, post_payment_amount, created }) =>
          `Credit note ${number} of ${dateOf(created)}: ${money(invoice, post_payment_amount)} given back after payment.`,
      ),
    ...(invoice.ending_balance === null || invoice.ending_balance >= 0
      ? []
      : [`Credit left on account: ${money(invoice, -invoice.ending_balance)}.`]),
  ];
}
