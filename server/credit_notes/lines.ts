/**
 * What a line of a credit note takes back. Pure, in pence.
 *
 * A part of an invoice line takes its share of the line's discounts and taxes with it. The share is
 * what has been taken back with this part less what had been before, each rounded half up: so the
 * parts of a line, however many, add up to the line.
 */
import type Stripe from 'stripe';
import type { InvoiceRow, LineRow } from '@/server/invoices';
import { ONE, toScaled } from '@/server/kernel/decimal';
import { parameterInvalid, parametersExclusive, parameterMissing } from '@/server/kernel/errors';
import { multiplyRound, roundHalfUp, toSafe } from '@/server/kernel/money';
import { taxOf, type TaxRateRow } from '@/server/tax_rates';
import type { GivenLine } from './params';
import type { CreditNoteLineRow } from './store';

export type Credited = Pick<
  CreditNoteLineRow,
  | 'amount'
  | 'description'
  | 'discount_amounts'
  | 'invoice_line_item'
  | 'quantity'
  | 'tax_rates'
  | 'taxes'
  | 'type'
  | 'unit_amount'
  | 'unit_amount_decimal'
>;

/**
 * Of a line of the invoice: an amount of it, or a quantity, or what is left of it.
 *
 * @param before what issued credit notes, and earlier lines of this one, took back of the line.
 * @param place of the line among the parameters, such as `lines[0]`.
 * @throws ApiError 400 for more than is left, for both an amount and a quantity, and for the one
 *   where the line was credited by the other before.
 */
export function creditLine(
  line: LineRow,
  { amount, quantity }: Pick<GivenLine, 'amount' | 'quantity'>,
  before: readonly Pick<Credited, 'amount' | 'quantity'>[],
  place: string,
): Credited {
  if (amount !== undefined && quantity !== undefined) {
    throw parametersExclusive([`${place}[amount]`, `${place}[quantity]`]);
  }
  if (line.amount <= 0) {
    throw parameterInvalid(
      `The line item ${line.id} has no positive amount to credit.`,
      `${place}[invoice_line_item]`,
    );
  }
  const from = sum(before.map((part) => part.amount));
  const to =
    quantity === undefined
      ? from + (amount ?? line.amount - from)
      : toQuantity(line, quantity, before, `${place}[quantity]`);
  if (amount !== undefined && before.some((part) => part.quantity !== null)) {
    throw parameterInvalid(
      `The line item ${line.id} was credited by quantity before, so it can only be credited by quantity.`,
      `${place}[amount]`,
    );
  }
  if (to > line.amount || to <= from) {
    throw parameterInvalid(
      `The line item ${line.id} has ${line.amount - from} left to credit.`,
      amount === undefined ? `${place}[invoice_line_item]` : `${place}[amount]`,
    );
  }
  const part = (whole: number): number =>
    multiplyRound(whole, to, line.amount) - multiplyRound(whole, from, line.amount);
  return {
    amount: to - from,
    description: line.description,
    discount_amounts: line.discount_amounts.map(({ amount: whole, discount }) => ({
      amount: part(whole),
      discount,
    })),
    invoice_line_item: line.id,
    quantity: quantity ?? null,
    tax_rates: line.taxes.flatMap(({ tax_rate_details }) => tax_rate_details?.tax_rate ?? []),
    taxes: line.taxes.map((tax) => ({
      ...tax,
      amount: part(tax.amount),
      taxable_amount: tax.taxable_amount === null ? null : part(tax.taxable_amount),
    })),
    type: 'invoice_line_item',
    ...(quantity === undefined
      ? { unit_amount: null, unit_amount_decimal: null }
      : unitOf(line.unit_amount_decimal)),
  };
}

/** The amount of the line that is taken back when `quantity` more of it is. */
function toQuantity(
  line: LineRow,
  quantity: number,
  before: readonly Pick<Credited, 'amount' | 'quantity'>[],
  param: string,
): number {
  if (before.some((part) => part.quantity === null)) {
    throw parameterInvalid(
      `The line item ${line.id} was credited by amount before, so it can only be credited by amount.`,
      param,
    );
  }
  const gone = sum(before.map((part) => part.quantity ?? 0));
  const whole = line.quantity ?? 1;
  if (gone + quantity > whole) {
    throw parameterInvalid(`The line item ${line.id} has ${whole - gone} left to credit.`, param);
  }
  return multiplyRound(line.amount, gone + quantity, whole);
}

/** A line that stands for none of the invoice's: a quantity of a unit amount, with taxes of its own. */
export function customLine(
  given: GivenLine,
  rates: readonly TaxRateRow[],
  { customer_tax_exempt }: Pick<InvoiceRow, 'customer_tax_exempt'>,
  place: string,
): Credited {
  const { description, quantity = 1, unit_amount, unit_amount_decimal } = given;
  if (description === undefined) throw parameterMissing(`${place}[description]`);
  if (unit_amount !== undefined && unit_amount_decimal !== undefined) {
    throw parametersExclusive([`${place}[unit_amount]`, `${place}[unit_amount_decimal]`]);
  }
  const unit = unit_amount_decimal ?? (unit_amount === undefined ? null : String(unit_amount));
  if (unit === null) throw parameterMissing(`${place}[unit_amount]`);
  const amount = toSafe(roundHalfUp(toScaled(unit) * BigInt(quantity), ONE));
  return {
    amount,
    description,
    discount_amounts: [],
    invoice_line_item: null,
    quantity,
    tax_rates: rates.map(({ id }) => id),
    taxes: taxOf(amount, rates, customer_tax_exempt).map((tax) => ({
      amount: tax.amount,
      tax_behavior: tax.inclusive ? 'inclusive' : 'exclusive',
      tax_rate_details: { tax_rate: tax.rate },
      taxability_reason: tax.taxability_reason,
      taxable_amount: tax.taxable_amount,
      type: 'tax_rate_details',
    })),
    type: 'custom_line_item',
    ...unitOf(unit),
  };
}

const unitOf = (
  unit_amount_decimal: string | null,
): Pick<Credited, 'unit_amount' | 'unit_amount_decimal'> => ({
  unit_amount:
    unit_amount_decimal === null || unit_amount_decimal.includes('.')
      ? null
      : Number(unit_amount_decimal),
  unit_amount_decimal,
});

export interface NoteTotals {
  readonly discount_amount: number;
  readonly discount_amounts: { amount: number; discount: string }[];
  readonly subtotal: number;
  readonly subtotal_excluding_tax: number;
  readonly total: number;
  readonly total_excluding_tax: number;
  readonly total_taxes: Stripe.CreditNote.TotalTax[];
}

/**
 * What the lines add up to.
 *
 * @param whole those discounts that are of the whole invoice: the subtotal is before them.
 */
export function totalsOf(lines: readonly Credited[], whole: ReadonlySet<string>): NoteTotals {
  const discounts = lines.flatMap((line) => line.discount_amounts);
  const taxes = lines.flatMap((line) => line.taxes);
  const gross = sum(lines.map((line) => line.amount));
  const ofLines = sum(
    discounts.filter(({ discount }) => !whole.has(discount)).map(({ amount }) => amount),
  );
  const discount_amount = sum(discounts.map(({ amount }) => amount));
  const inclusive = taxOn(taxes, 'inclusive');
  const subtotal = gross - ofLines;
  const discounted = gross - discount_amount;
  return {
    discount_amount,
    discount_amounts: merged(
      discounts,
      ({ discount }) => discount,
      (a, b) => ({
        ...a,
        amount: a.amount + b.amount,
      }),
    ),
    subtotal,
    subtotal_excluding_tax: subtotal - inclusive,
    total: discounted + taxOn(taxes, 'exclusive'),
    total_excluding_tax: discounted - inclusive,
    total_taxes: merged(
      taxes,
      ({ tax_rate_details }) => tax_rate_details?.tax_rate ?? '',
      (a, b) => ({
        ...a,
        amount: a.amount + b.amount,
        taxable_amount: (a.taxable_amount ?? 0) + (b.taxable_amount ?? 0),
      }),
    ),
  };
}

/** Those with the same key as one, in the order in which the keys were first met. */
function merged<T>(all: readonly T[], keyOf: (one: T) => string, add: (a: T, b: T) => T): T[] {
  const found = new Map<string, T>();
  for (const one of all) {
    const before = found.get(keyOf(one));
    found.set(keyOf(one), before === undefined ? one : add(before, one));
  }
  return [...found.values()];
}

const taxOn = (
  taxes: readonly Stripe.CreditNoteLineItem.Tax[],
  behavior: 'exclusive' | 'inclusive',
): number =>
  sum(taxes.filter(({ tax_behavior }) => tax_behavior === behavior).map(({ amount }) => amount));

const sum = (amounts: readonly number[]): number => amounts.reduce((added, one) => added + one, 0);
