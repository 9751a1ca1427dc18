/**
 * A new invoice, put together from pending items and lines. `compose` computes everything and
 * writes nothing, so that a preview is what the invoice would be; `draft` writes it.
 */
import type Stripe from 'stripe';
import type { CustomerRow } from '@/server/customers';
import { takeItems, type InvoiceItemRow } from '@/server/invoice_items';
import type { Scope, Tx } from '@/server/kernel/context';
import { lockTimeout } from '@/server/kernel/errors';
import { newId } from '@/server/kernel/ids';
import type { Metadata } from '@/server/kernel/metadata';
import { unix } from '@/server/kernel/object';
import { currentProject } from '@/server/projects';
import { taxIdLists } from '@/server/tax_ids';
import { settleBalance } from './balance';
import { computeLines } from './compute';
import { lineOfItem, type NewLine } from './line';
import { showInvoice, type Beside } from './object';
import { asOf } from './show';
import * as store from './store';
import type { InvoiceRow, LineRow } from './store';

type Kept = Pick<
  InvoiceRow,
  | 'account_tax_ids'
  | 'auto_advance'
  | 'automatically_finalizes_at'
  | 'billing_reason'
  | 'collection_method'
  | 'currency'
  | 'custom_fields'
  | 'cycle'
  | 'days_until_due'
  | 'default_payment_method'
  | 'default_source'
  | 'description'
  | 'footer'
  | 'period_end'
  | 'period_start'
  | 'rendering'
  | 'statement_descriptor'
>;

export interface NewInvoice extends Kept {
  /** Where discounts were attached to it already. */
  readonly id?: string;
  readonly customer: CustomerRow;
  readonly subscription: {
    readonly id: string;
    readonly metadata: Metadata;
    readonly proration_date?: number;
  } | null;
  readonly lines: readonly NewLine[];
  /** Pending items to take, the oldest first; they become lines before the others, newest first. */
  readonly items: readonly InvoiceItemRow[];
  /** Ids, in the order in which they are taken off. Those that have ended are left out. */
  readonly discounts: readonly string[];
  readonly default_tax_rates: readonly string[];
  readonly metadata: Metadata;
  readonly payment_settings?: Stripe.Invoice.PaymentSettings | null;
  /** Unix seconds. Not said, an invoice to be sent is due `days_until_due` days from now. */
  readonly due_date?: number | null;
  readonly effective_at?: number | null;
  readonly from_invoice?: string | null;
  readonly number?: string | null;
  readonly shipping_details?: Stripe.Invoice.ShippingDetails | null;
}

export interface Composed {
  readonly invoice: InvoiceRow;
  /** All of them, in order. */
  readonly lines: LineRow[];
  /** What finalizing it now would leave on the customer's balance. */
  readonly ending_balance: number;
  /** What it shows beside its row: see `showInvoice`. */
  readonly beside: Beside;
}

/**
 * The draft that this would be, at `scope.now`.
 *
 * @param scope on the customer's clock.
 */
export async function compose(scope: Scope, given: NewInvoice): Promise<Composed> {
  const { customer, subscription, items, lines, from_invoice = null } = given;
  const id = given.id ?? newId('invoice');
  const now = unix(scope.now);
  const asked = [...items.toReversed().map(lineOfItem), ...lines];
  const [computed, taxIds, { country, name }] = await Promise.all([
    computeLines(
      scope,
      { ...given, customer_tax_exempt: customer.tax_exempt },
      asked.map((line, position) => lineRow(scope, id, given.currency, line, position)),
      // A revision is discounted as what it revises was.
      from_invoice === null ? now : null,
    ),
    taxIdLists(scope, [customer.id]),
    currentProject(scope),
  ]);
  const { total } = computed.totals;
  const invoice: InvoiceRow = {
    ...UNPAID,
    ...keptOf(given),
    ...computed.totals,
    ...asOf(customer, taxIds.get(customer.id)?.data ?? [], { total, currency: given.currency }),
    id,
    projectId: scope.projectId,
    livemode: scope.livemode,
    customer: customer.id,
    default_tax_rates: [...given.default_tax_rates],
    discounts: computed.discounts,
    due_at: given.auto_advance ? given.automatically_finalizes_at : null,
    due_date: given.due_date ?? dueAfter(now, given),
    effective_at: given.effective_at ?? null,
    from_invoice,
    metadata: given.metadata,
    number: given.number ?? null,
    payment_settings: given.payment_settings ?? NO_PAYMENT_SETTINGS,
    shipping_details: given.shipping_details ?? null,
    subscription: subscription?.id ?? null,
    subscription_metadata: subscription?.metadata ?? null,
    subscription_proration_date: subscription?.proration_date ?? null,
    test_clock: customer.test_clock,
    created: now,
  };
  return {
    invoice,
    lines: computed.lines,
    ending_balance: settleBalance(total, customer, given.currency).ending_balance,
    beside: {
      account: { country, name },
      lines: computed.lines,
      rates: computed.rates,
      hosted_invoice_url: null,
      invoice_pdf: null,
    },
  };
}

/** What goes into the row as it was given. */
const keptOf = (given: NewInvoice): Kept => ({
  account_tax_ids: given.account_tax_ids,
  auto_advance: given.auto_advance,
  automatically_finalizes_at: given.automatically_finalizes_at,
  billing_reason: given.billing_reason,
  collection_method: given.collection_method,
  currency: given.currency,
  custom_fields: given.custom_fields,
  cycle: given.cycle,
  days_until_due: given.days_until_due,
  default_payment_method: given.default_payment_method,
  default_source: given.default_source,
  description: given.description,
  footer: given.footer,
  period_end: given.period_end,
  period_start: given.period_start,
  rendering: given.rendering,
  statement_descriptor: given.statement_descriptor,
});

/** Of an invoice about which nothing has happened yet. */
const UNPAID = {
  status: 'draft',
  amount_overpaid: 0,
  amount_paid: 0,
  amount_paid_off_stripe: 0,
  attempt_count: 0,
  attempted: false,
  ending_balance: null,
  last_finalization_error: null,
  latest_revision: null,
  next_payment_attempt: null,
  payment_intent: null,
  post_payment_credit_notes_amount: 0,
  pre_payment_credit_notes_amount: 0,
  receipt_number: null,
  status_transitions: {
    finalized_at: null,
    marked_uncollectible_at: null,
    paid_at: null,
    voided_at: null,
  },
} as const;

export const NO_PAYMENT_SETTINGS: Stripe.Invoice.PaymentSettings = {
  default_mandate: null,
  payment_method_options: null,
  payment_method_types: null,
};

const DAY = 86_400;

/** When payment is due, of an invoice that is sent; null of one that is charged. */
export const dueAfter = (
  from: number,
  invoice: Pick<InvoiceRow, 'collection_method' | 'days_until_due'>,
): number | null =>
  invoice.collection_method === 'charge_automatically' || invoice.days_until_due === null
    ? null
    : from + invoice.days_until_due * DAY;

/** A line before discounts and taxes. */
export const lineRow = (
  scope: Scope,
  invoice: string,
  currency: string,
  line: NewLine,
  position: number,
): LineRow => ({
  id: newId('invoice_line_item'),
  projectId: scope.projectId,
  livemode: scope.livemode,
  invoice,
  position,
  amount: line.amount,
  currency,
  description: line.description,
  discount_amounts: [],
  discountable: line.discountable,
  discounts: [...line.discounts],
  invoice_item: line.invoice_item,
  metadata: line.metadata,
  period_end: line.period_end,
  period_start: line.period_start,
  price: line.price,
  product: line.product,
  proration: line.proration,
  proration_details: line.proration_details ?? null,
  quantity: line.quantity,
  quantity_decimal: line.quantity_decimal ?? null,
  subscription: line.subscription,
  subscription_item: line.subscription_item,
  subtotal: line.amount,
  tax_rates: line.tax_rates === null ? null : [...line.tax_rates],
  taxes: [],
  unit_amount_decimal: line.unit_amount_decimal,
});

/**
 * Writes the draft with its lines, puts the pending items on it, and announces it.
 *
 * @param composed where it was looked at before: it is not computed again.
 * @throws ApiError 429 when another invoice was faster to take an item: the client tries again.
 */
export async function draft(tx: Tx, given: NewInvoice, composed?: Composed): Promise<InvoiceRow> {
  const { invoice, lines, beside } = composed ?? (await compose(tx, given));
  const row = store.insert(tx, invoice);
  for (const line of lines) store.lines.insert(tx, line);
  if (given.items.length > 0) {
    const ids = given.items.map(({ id }) => id);
    if ((await takeItems(tx, ids, row.id)).length < ids.length) throw lockTimeout();
  }
  await tx.announce('invoice.created', showInvoice(row, beside));
  return row;
}
