/** What a document is made from: an invoice, and what it only names. */
import type Stripe from 'stripe';
import { find as findCharge, type ChargeRow } from '@/server/charges';
import { findCoupons, toCoupon } from '@/server/coupons';
import { findNotesOf, type CreditNoteRow } from '@/server/credit_notes';
import { findDiscounts } from '@/server/discounts';
import { findPaymentsOf } from '@/server/invoice_payments';
import { findHosted, type HostedInvoice } from '@/server/invoices';
import type { Scope } from '@/server/kernel/context';
import { unix } from '@/server/kernel/object';
import { findPaymentIntent } from '@/server/payment_intents';
import { currentProject, readBrandImage, readSettings, type Settings } from '@/server/projects';
import { findRates, toTaxRate } from '@/server/tax_rates';
import { findTaxIds } from '@/server/tax_ids';
import { drawable } from './picture';

/** Money that came for the invoice. */
export interface Payment {
  readonly amount: number;
  /** Unix seconds. */
  readonly at: number;
  readonly card: Pick<ChargeRow['card'], 'brand' | 'last4'> | null;
}

export interface Facts extends Pick<HostedInvoice, 'invoice' | 'lines'> {
  readonly livemode: boolean;
  /** The merchant's name, and what their settings say of them. */
  readonly name: string;
  readonly settings: Settings;
  readonly account_tax_ids: readonly Pick<Stripe.TaxId, 'type' | 'value'>[];
  readonly rates: ReadonlyMap<string, Stripe.TaxRate>;
  /** By the id of the discount. */
  readonly coupons: ReadonlyMap<string, Stripe.Coupon>;
  /** Those that stand, the oldest first. */
  readonly notes: readonly CreditNoteRow[];
  /** The oldest first. */
  readonly payments: readonly Payment[];
}

/** The facts of the invoice of an address; null where nobody was given that address. */
export async function factsOf(scope: Scope, id: string, signature: string): Promise<Facts | null> {
  const hosted = await findHosted(scope, id, signature);
  if (hosted === null) return null;
  const { invoice, lines } = hosted;
  const [{ name, settings }, rates, coupons, notes, payments, account_tax_ids] = await Promise.all([
    currentProject(scope),
    ratesOf(scope, hosted),
    couponsOf(scope, hosted),
    findNotesOf(scope, id),
    paymentsOf(scope, id),
    taxIdsOf(scope, invoice),
  ]);
  return {
    invoice,
    lines,
    livemode: scope.livemode,
    name,
    settings: readSettings(settings),
    account_tax_ids,
    rates,
    coupons,
    notes: notes.filter(({ status }) => status === 'issued'),
    payments,
  };
}

async function ratesOf(scope: Scope, { invoice, lines }: HostedInvoice) {
  const taxes = [...(invoice.total_taxes ?? []), ...lines.flatMap((line) => line.taxes ?? [])];
  const ids = new Set(taxes.flatMap(({ tax_rate_details }) => tax_rate_details?.tax_rate ?? []));
  const found = ids.size === 0 ? [] : await findRates(scope, [...ids]);
  return new Map(found.map((rate) => [rate.id, toTaxRate(rate)]));
}

async function couponsOf(scope: Scope, { invoice }: HostedInvoice) {
  const ids = (invoice.total_discount_amounts ?? []).map(({ discount }) => idOf(discount));
  if (ids.length === 0) return new Map<string, Stripe.Coupon>();
  const discounts = await findDiscounts(scope, ids);
  const coupons = await findCoupons(scope, [...new Set(discounts.map(({ coupon }) => coupon))]);
  const byId = new Map(coupons.map((coupon) => [coupon.id, coupon]));
  return new Map(
    discounts.flatMap(({ id, coupon: name }) => {
      const coupon = byId.get(name);
      return coupon === undefined ? [] : [[id, toCoupon(coupon, unix(scope.now))] as const];
    }),
  );
}

async function paymentsOf(scope: Scope, invoice: string): Promise<Payment[]> {
  const paid = (await findPaymentsOf(scope, [invoice])).filter(({ status }) => status === 'paid');
  const payments = await Promise.all(
    paid.map(async ({ amount_paid, paid_at, created, payment_intent }) => ({
      amount: amount_paid ?? 0,
      at: paid_at ?? created,
      card: payment_intent === null ? null : await cardOf(scope, payment_intent),
    })),
  );
  return payments.toSorted((one, other) => one.at - other.at);
}

async function cardOf(scope: Scope, intent: string): Promise<Payment['card']> {
  const charge = (await findPaymentIntent(scope, intent))?.latest_charge ?? null;
  return charge === null ? null : ((await findCharge(scope, charge))?.card ?? null);
}

async function taxIdsOf(scope: Scope, { account_tax_ids }: Stripe.Invoice) {
  const ids = (account_tax_ids ?? []).map(idOf);
  const found = new Map((await findTaxIds(scope, ids)).map((row) => [row.id, row]));
  return ids.flatMap((id) => found.get(id) ?? []);
}

/** A field that may have been expanded. */
export const idOf = (field: string | { readonly id: string }): string =>
  typeof field === 'string' ? field : field.id;

/** The merchant's logo; null where there is none, or none that can be drawn on paper. */
export async function logoOf(scope: Scope, { settings }: Facts): Promise<Buffer | null> {
  const { logo } = settings.branding;
  if (logo === null) return null;
  const { type, bytes } = await readBrandImage(scope, logo);
  return drawable(type, Buffer.from(bytes));
}
