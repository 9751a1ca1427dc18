/** What a request says about an invoice, over what the invoice was. */
import type Stripe from 'stripe';
import type { Scope } from '@/server/kernel/context';
import { parameterInvalid, parametersExclusive, resourceMissing } from '@/server/kernel/errors';
import { unix } from '@/server/kernel/object';
import { nested } from '@/server/kernel/rename';
import { findPaymentMethod } from '@/server/payment_methods';
import { tax_ids } from '@/server/tax_ids';
import { dueAfter } from './compose';
import type { GivenPaymentSettings, GivenRendering, InvoiceFields } from './params';
import type { InvoiceRow } from './store';

export function paymentSettingsAfter(
  before: Stripe.Invoice.PaymentSettings,
  given: GivenPaymentSettings | undefined,
): Stripe.Invoice.PaymentSettings {
  if (given === undefined) return before;
  const { payment_method_options: options, payment_method_types: types } = given;
  return {
    ...before,
    ...(types === undefined ? {} : { payment_method_types: types }),
    ...(options?.card === undefined
      ? {}
      : { payment_method_options: options.card === null ? null : cardOptions(options.card) }),
  };
}

type CardOptions = NonNullable<NonNullable<GivenPaymentSettings['payment_method_options']>['card']>;

/** Cards are the only type there is, so the options of the others are never set. */
const cardOptions = ({
  request_three_d_secure = 'automatic',
}: CardOptions): Stripe.Invoice.PaymentSettings.PaymentMethodOptions => ({
  acss_debit: null,
  bancontact: null,
  card: { request_three_d_secure },
  customer_balance: null,
  konbini: null,
  payto: null,
  pix: null,
  sepa_debit: null,
  upi: null,
  us_bank_account: null,
});

export function renderingAfter(
  before: Stripe.Invoice.Rendering | null,
  given: GivenRendering | undefined,
): Stripe.Invoice.Rendering | null {
  if (given === undefined) return before;
  const { amount_tax_display, pdf } = given;
  return {
    amount_tax_display:
      amount_tax_display === undefined ? (before?.amount_tax_display ?? null) : amount_tax_display,
    pdf: pdf === undefined ? (before?.pdf ?? null) : { page_size: pdf.page_size ?? null },
    template: null,
    template_version: null,
  };
}

type Terms = Pick<InvoiceRow, 'collection_method' | 'days_until_due' | 'due_date'>;

/**
 * How and by when it is to be paid.
 *
 * @param created unix seconds, which days until due are counted from.
 * @param now unix seconds, which a due date must not lie before.
 * @throws ApiError 400 for an invoice to be sent without, or one to be charged with, a due date.
 */
export function termsAfter(
  before: Terms,
  given: Pick<InvoiceFields, 'collection_method' | 'days_until_due' | 'due_date'>,
  { created, now }: { created: number; now: number },
): Terms {
  const collection_method = given.collection_method ?? before.collection_method;
  const named = (['days_until_due', 'due_date'] as const).filter(
    (param) => given[param] !== undefined,
  );
  if (collection_method === 'charge_automatically') {
    const [param] = named;
    if (param === undefined) return { collection_method, days_until_due: null, due_date: null };
    throw parameterInvalid(
      `You can only specify \`${param}\` if \`collection_method\` is \`send_invoice\`.`,
      param,
    );
  }
  if (named.length > 1) throw parametersExclusive(named);
  if (given.due_date !== undefined) {
    if (given.due_date < now) {
      throw parameterInvalid('`due_date` cannot be in the past.', 'due_date');
    }
    return { collection_method, days_until_due: null, due_date: given.due_date };
  }
  if (given.days_until_due !== undefined) {
    const { days_until_due } = given;
    const due_date = dueAfter(created, { collection_method, days_until_due });
    return { collection_method, days_until_due, due_date };
  }
  if (before.due_date === null) {
    throw parameterInvalid(
      'If `collection_method` is `send_invoice`, you must specify `days_until_due` or `due_date`.',
      'days_until_due',
      'parameter_missing',
    );
  }
  const { days_until_due, due_date } = before;
  return { collection_method, days_until_due, due_date };
}

/** In seconds. */
const FIVE_YEARS = 5 * 366 * 86_400;

type Advance = Pick<InvoiceRow, 'auto_advance' | 'automatically_finalizes_at'>;

/**
 * Whether a draft is finalized by itself, and when: some time from now, unless it is said or was.
 *
 * @param scope on the customer's clock.
 * @param draftSeconds how long a draft is left to be added to.
 * @throws ApiError 400 for a time that is not ahead, or without `auto_advance`.
 */
export function advanceAfter(
  scope: Scope,
  before: Advance,
  given: Pick<InvoiceFields, 'auto_advance' | 'automatically_finalizes_at'>,
  draftSeconds: number,
): Advance {
  const auto_advance = given.auto_advance ?? before.auto_advance;
  const { automatically_finalizes_at: at } = given;
  const now = unix(scope.now);
  if (!auto_advance) {
    if (at === undefined) return { auto_advance, automatically_finalizes_at: null };
    throw parameterInvalid(
      'You can only set `automatically_finalizes_at` if `auto_advance` is true.',
      'automatically_finalizes_at',
    );
  }
  if (at !== undefined && (at < now || at > now + FIVE_YEARS)) {
    throw parameterInvalid(
      '`automatically_finalizes_at` must be in the future, by at most five years.',
      'automatically_finalizes_at',
    );
  }
  return {
    auto_advance,
    automatically_finalizes_at: at ?? before.automatically_finalizes_at ?? now + draftSeconds,
  };
}

/** @throws ApiError `resource_missing` for a payment method that is not the customer's. */
export async function assertMethods(
  scope: Scope,
  given: Pick<InvoiceFields, 'default_payment_method' | 'default_source'>,
  customer: string,
): Promise<void> {
  for (const param of ['default_payment_method', 'default_source'] as const) {
    const id = given[param];
    if (id === undefined || id === null) continue;
    const method = await findPaymentMethod(scope, id);
    if (method?.customer === customer) continue;
    throw parameterInvalid(
      `The customer does not have a payment method with the ID ${id}. The payment method must be attached to the customer.`,
      param,
      'resource_missing',
    );
  }
}

/**
 * @param place the parameter that `account_tax_ids` is in, for errors; none at the top.
 * @throws ApiError `resource_missing` for tax ids that the project does not have.
 */
export async function assertAccountTaxIds(
  scope: Scope,
  ids: readonly string[] | null | undefined,
  place?: string,
): Promise<void> {
  if (ids === null || ids === undefined) return;
  const found = (await tax_ids.load?.(scope, ids)) ?? [];
  for (const [index, id] of ids.entries()) {
    const own = found.find((one) => one.id === id) as Stripe.TaxId | undefined;
    // Those of customers are theirs.
    if (own === undefined || own.customer !== null) {
      const param = `account_tax_ids[${index}]`;
      throw resourceMissing('tax_id', id, place === undefined ? param : nested(place, param));
    }
  }
}
