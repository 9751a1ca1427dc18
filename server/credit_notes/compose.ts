/**
 * A credit note, put together and not yet issued: what its lines take back, how much of that the
 * customer no longer owes, and how the rest is given back. Nothing is written, so that a preview is
 * what the note would be. https://docs.stripe.com/invoicing/integration/programmatic-credit-notes
 */
import { find as findCharge, refundableOf } from '@/server/charges';
import { findPaymentsOf } from '@/server/invoice_payments';
import { linesOf as linesOfInvoice, type InvoiceRow, type LineRow } from '@/server/invoices';
import type { Scope } from '@/server/kernel/context';
import { formatMoney } from '@/server/kernel/currencies';
import {
  invalidState,
  parameterInvalid,
  parameterMissing,
  parametersExclusive,
  requestInvalid,
  resourceMissing,
} from '@/server/kernel/errors';
import { newId } from '@/server/kernel/ids';
import { mergeMetadata } from '@/server/kernel/metadata';
import { unix } from '@/server/kernel/object';
import { findPaymentIntents } from '@/server/payment_intents';
import { findRefundsOf, type RefundRow } from '@/server/refunds';
import { requireRates } from '@/server/tax_rates';
import { creditLine, customLine, totalsOf, type Credited } from './lines';
import type { CreateCreditNote, GivenLine } from './params';
import * as store from './store';
import type { CreditNoteLineRow, CreditNoteRow } from './store';

/** A note with all of its lines. */
export interface Composed {
  readonly note: CreditNoteRow;
  readonly lines: CreditNoteLineRow[];
  /** To be made with it, beside those that it links; pence. */
  readonly refund: { readonly charge: string; readonly amount: number } | null;
}

/**
 * The credit note that this would be, at `scope.now`.
 *
 * @param scope on the customer's clock.
 * @throws ApiError 400 for an invoice that was not finalized or is void, for more than is left of it
 *   or of one of its lines, and where it is not said how what was paid is given back.
 */
export async function compose(
  scope: Scope,
  invoice: InvoiceRow,
  given: CreateCreditNote,
): Promise<Composed> {
  expectCreditable(invoice);
  const [earlier, ofLines, credited, refunds] = await Promise.all([
    store.ofInvoice(scope, invoice.id),
    linesOfInvoice(scope, invoice.id),
    store.linesCredited(scope, invoice.id),
    refundsOf(scope, invoice),
  ]);
  const lines = await creditedLines(scope, invoice, given, { ofLines, credited });
  const own = new Set(ofLines.flatMap(({ discounts }) => discounts));
  const totals = totalsOf(
    lines,
    new Set(invoice.discounts.filter((discount) => !own.has(discount))),
  );
  const issued = earlier.filter(({ status }) => status === 'issued');
  const linked = linkRefunds(given, refunds, issued);
  expectLeft(invoice, totals.total, { issued, refunds, linked });
  const pre_payment_amount = Math.min(totals.total, owedOn(invoice));
  const post_payment_amount = totals.total - pre_payment_amount;
  expectGivenBack(invoice, given, linked, post_payment_amount);

  const now = unix(scope.now);
  const { projectId, livemode } = scope;
  const id = newId('credit_note');
  const note: CreditNoteRow = {
    ...totals,
    projectId,
    livemode,
    id,
    status: 'issued',
    amount: totals.total,
    currency: invoice.currency,
    customer: invoice.customer,
    customer_balance_transaction: null,
    effective_at: given.effective_at ?? now,
    invoice: invoice.id,
    memo: given.memo ?? null,
    metadata: mergeMetadata({}, given.metadata),
    number: `${invoice.number}-CN-${String(earlier.length + 1).padStart(2, '0')}`,
    out_of_band_amount: given.out_of_band_amount ?? null,
    post_payment_amount,
    pre_payment_amount,
    reason: given.reason ?? null,
    refunds: linked,
    type: typeOf(pre_payment_amount, post_payment_amount),
    voided_at: null,
    created: now,
  };
  return {
    note,
    lines: lines.map((line, position) => ({
      ...line,
      projectId,
      livemode,
      id: newId('credit_note_line_item'),
      credit_note: id,
      discount_amount: sum(line.discount_amounts.map(({ amount }) => amount)),
      position,
      metadata: mergeMetadata({}, given.lines?.[position]?.metadata),
    })),
    refund: await refundToMake(scope, given.refund_amount ?? 0, refunds),
  };
}

function expectCreditable({ id, status }: InvoiceRow): void {
  if (status === 'open' || status === 'paid' || status === 'uncollectible') return;
  throw invalidState(
    `You can only create credit notes for finalized invoices that are not void. The invoice ${id} is ${status}.`,
    'status_transition_invalid',
    'invoice',
  );
}

const owedOn = ({ status, amount_remaining }: InvoiceRow): number =>
  status === 'paid' ? 0 : amount_remaining;

const typeOf = (pre_payment: number, post_payment: number): CreditNoteRow['type'] =>
  post_payment === 0 ? 'pre_payment' : pre_payment === 0 ? 'post_payment' : 'mixed';

interface Before {
  readonly ofLines: readonly LineRow[];
  readonly credited: readonly CreditNoteLineRow[];
}

async function creditedLines(
  scope: Scope,
  invoice: InvoiceRow,
  { amount, lines }: CreateCreditNote,
  { ofLines, credited }: Before,
): Promise<Credited[]> {
  if (amount !== undefined && lines !== undefined) throw parametersExclusive(['amount', 'lines']);
  if (lines === undefined) {
    if (amount === undefined) throw parameterMissing('amount');
    const description = `Credit for invoice ${invoice.number}`;
    return [
      customLine({ type: 'custom_line_item', description, unit_amount: amount }, [], invoice, ''),
    ];
  }
  const done: Credited[] = [];
  for (const [index, given] of lines.entries()) {
    const place = `lines[${index}]`;
    expectOfItsType(given, place);
    if (given.type === 'custom_line_item') {
      const rates = await requireRates(scope, given.tax_rates ?? [], `${place}[tax_rates]`);
      done.push(customLine(given, rates, invoice, place));
      continue;
    }
    const id = given.invoice_line_item;
    if (id === undefined) throw parameterMissing(`${place}[invoice_line_item]`);
    const line = ofLines.find((one) => one.id === id);
    if (line === undefined) throw resourceMissing('line_item', id, `${place}[invoice_line_item]`);
    const before = [...credited, ...done].filter((part) => part.invoice_line_item === id);
    done.push(creditLine(line, given, before, place));
  }
  return done;
}

/** TABLE: what only a line of the other type can be told. */
const NOT_OF = {
  custom_line_item: ['amount', 'invoice_line_item'],
  invoice_line_item: ['description', 'tax_rates', 'unit_amount', 'unit_amount_decimal'],
} as const;

function expectOfItsType(given: GivenLine, place: string): void {
  for (const name of NOT_OF[given.type]) {
    if (given[name] === undefined) continue;
    throw parameterInvalid(
      `\`${name}\` cannot be given for a line with the type ${given.type}.`,
      `${place}[${name}]`,
    );
  }
}

/** Refunds of what the invoice was paid with, but for those that came to nothing. */
async function refundsOf(scope: Scope, invoice: InvoiceRow): Promise<OfPayments> {
  const payments = await findPaymentsOf(scope, [invoice.id]);
  const intents = payments.flatMap(({ status, payment_intent }) =>
    status === 'paid' && payment_intent !== null ? [payment_intent] : [],
  );
  const made = intents.length === 0 ? [] : await findRefundsOf(scope, intents);
  return {
    intents,
    made: made.filter(({ status }) => status !== 'failed' && status !== 'canceled'),
  };
}

interface OfPayments {
  /** That paid the invoice. */
  readonly intents: readonly string[];
  readonly made: readonly RefundRow[];
}

/** Existing refunds that the note accounts for: each pence of them is accounted for once. */
function linkRefunds(
  { refunds = [] }: CreateCreditNote,
  { made }: OfPayments,
  issued: readonly CreditNoteRow[],
): CreditNoteRow['refunds'] {
  const seen: string[] = [];
  return refunds.map(({ refund: id, amount_refunded }, index) => {
    const place = `refunds[${index}]`;
    const refund = made.find((one) => one.id === id);
    if (refund === undefined) {
      throw parameterInvalid(
        `The refund ${id} is not a refund of a payment of this invoice.`,
        `${place}[refund]`,
        'resource_missing',
      );
    }
    if (seen.includes(id)) throw parameterInvalid(`The refund ${id} is given twice.`, place);
    seen.push(id);
    const left = refund.amount - linkedOf(issued, id);
    const amount = amount_refunded ?? left;
    if (amount === 0 || amount > left) {
      throw parameterInvalid(
        `The refund ${id} has ${formatMoney(left, refund.currency)} that no credit note accounts for.`,
        `${place}[amount_refunded]`,
      );
    }
    return { amount_refunded: amount, refund: id };
  });
}

const linkedOf = (issued: readonly CreditNoteRow[], refund?: string): number =>
  sum(
    issued
      .flatMap(({ refunds }) => refunds)
      .filter((one) => refund === undefined || one.refund === refund)
      .map(({ amount_refunded }) => amount_refunded),
  );

interface Taken {
  readonly issued: readonly CreditNoteRow[];
  readonly refunds: OfPayments;
  readonly linked: CreditNoteRow['refunds'];
}

/** Credit notes, and refunds that none of them accounts for, never exceed the invoice. */
function expectLeft(invoice: InvoiceRow, total: number, { issued, refunds, linked }: Taken): void {
  const unlinked =
    sum(refunds.made.map(({ amount }) => amount)) -
    linkedOf(issued) -
    sum(linked.map(({ amount_refunded }) => amount_refunded));
  const left = invoice.total - sum(issued.map((note) => note.total)) - unlinked;
  if (total > 0 && total <= left) return;
  throw parameterInvalid(
    total > 0
      ? `The credit note's total (${formatMoney(total, invoice.currency)}) is more than what is left to credit of the invoice (${formatMoney(Math.max(left, 0), invoice.currency)}).`
      : 'The total of a credit note must be positive.',
    'amount',
  );
}

/** What the customer has paid must be given back in full, by whichever ways. */
function expectGivenBack(
  { currency }: InvoiceRow,
  { refund_amount = 0, credit_amount = 0, out_of_band_amount = 0 }: CreateCreditNote,
  linked: CreditNoteRow['refunds'],
  post_payment: number,
): void {
  const back =
    refund_amount +
    credit_amount +
    out_of_band_amount +
    sum(linked.map(({ amount_refunded }) => amount_refunded));
  if (back === post_payment) return;
  throw requestInvalid(
    `The sum of credit amount, refund amount, refunds and out of band amount (${formatMoney(back, currency)}) must equal the post payment amount of the credit note (${formatMoney(post_payment, currency)}).`,
  );
}

/** The charge to take a new refund from: the first of the invoice's that has enough left. */
async function refundToMake(
  scope: Scope,
  amount: number,
  { intents }: OfPayments,
): Promise<Composed['refund']> {
  if (amount === 0) return null;
  const found = await findPaymentIntents(scope, intents);
  for (const { latest_charge } of found) {
    const charge = latest_charge === null ? null : await findCharge(scope, latest_charge);
    if (charge !== null && refundableOf(charge) - charge.amount_refunded >= amount) {
      return { charge: charge.id, amount };
    }
  }
  throw parameterInvalid(
    'None of the payments of this invoice has so much left to refund.',
    'refund_amount',
    'charge_not_refundable',
  );
}

const sum = (amounts: readonly number[]): number => amounts.reduce((added, one) => added + one, 0);
