/** Entries become invoices, and invoices take up the customer's balance. */
import { discountsOf, taxesOf, type Coupon, type Rate } from './costs';
import type { Bill, BilledLine, History, Pause } from './history';
import type { Entry, Invoice, Stretch } from './ledger';
import { sum } from './money';

/** The least that can be charged, in pence. */
const MINIMUM = 30n;

export interface Terms {
  readonly at: number;
  readonly reason: Bill['reason'];
  readonly period: Stretch;
  readonly finalizesAt: number;
  readonly coupons: readonly Coupon[];
  readonly rates: readonly Rate[];
  readonly pause: Pause | null;
}

export class Invoices {
  readonly all: Invoice[] = [];
  /** Pence; negative to the customer's credit. */
  balance = 0n;

  constructor(private readonly collection: History['collection']) {}

  /** An invoice of these entries; it ends at once as a pause says. */
  make(entries: readonly Entry[], { at, reason, period, finalizesAt, ...terms }: Terms): void {
    const { coupons, rates, pause } = terms;
    const invoice: Invoice = {
      at,
      reason,
      period,
      entries,
      status: 'draft',
      finalizesAt: pause === 'keep_as_draft' ? null : finalizesAt,
      due: null,
      taken: 0n,
    };
    const discounts = discountsOf(entries, coupons);
    for (const [index, entry] of entries.entries()) {
      entry.discount = discounts[index]!;
      entry.rates ??= rates;
      entry.invoice = invoice;
    }
    this.all.push(invoice);
    if (pause === 'void' || pause === 'mark_uncollectible') {
      this.finalize(invoice);
      if (invoice.due !== 0n) this.abandon(invoice, pause);
    } else if (invoice.finalizesAt === at) this.finalize(invoice);
  }

  /** The balance is taken up, and the rest is paid, where it is charged to a card. */
  finalize(invoice: Invoice): void {
    const owed = totalOf(invoice) + this.balance;
    const isCharged = owed >= MINIMUM;
    invoice.taken = this.balance;
    invoice.due = isCharged ? owed : 0n;
    this.balance = isCharged ? 0n : owed;
    invoice.status = isCharged && this.collection === 'send_invoice' ? 'open' : 'paid';
    invoice.finalizesAt = null;
  }

  /** What is void gives back what it took of the balance. */
  private abandon(invoice: Invoice, pause: 'mark_uncollectible' | 'void'): void {
    invoice.status = pause === 'void' ? 'void' : 'uncollectible';
    if (pause === 'void') this.balance += invoice.taken;
  }

  /** Nobody finalizes drafts any more. */
  stop(): void {
    for (const invoice of this.all) invoice.finalizesAt = null;
  }
}

function totalOf({ entries }: Invoice): bigint {
  return sum(
    entries.map((entry) => {
      const added = taxesOn(entry).filter(({ rate }) => !rate.isInclusive);
      return entry.amount - entry.discount + sum(added.map(({ tax }) => tax));
    }),
  );
}

function taxesOn({ amount, discount, rates }: Entry): { rate: Rate; tax: bigint }[] {
  const taxes = taxesOf(amount - discount, rates ?? []);
  return (rates ?? []).map((rate, index) => ({ rate, tax: taxes[index]! }));
}

/** As it is compared with the engine's. */
export function shown(invoice: Invoice): Bill {
  const { at, reason, period, entries, status, due } = invoice;
  const taxes = entries.flatMap(taxesOn);
  return {
    at,
    reason,
    period,
    status,
    lines: entries.map(shownLine),
    subtotal: Number(sum(entries.map(({ amount }) => amount))),
    discount: Number(sum(entries.map(({ discount }) => discount))),
    tax: Number(sum(taxes.map(({ tax }) => tax))),
    total: Number(totalOf(invoice)),
    due: due === null ? null : Number(due),
  };
}

const shownLine = (entry: Entry): BilledLine => ({
  what: entry.what,
  amount: Number(entry.amount),
  start: entry.start,
  end: entry.end,
  proration: entry.isProration,
  discount: Number(entry.discount),
  taxes: Object.fromEntries(taxesOn(entry).map(({ rate, tax }) => [rate.name, Number(tax)])),
});
