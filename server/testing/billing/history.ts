/** What happens to a subscription, and what its customer is billed: what model and engine share. */
import type { Coupon, Offer, Rate } from './costs';

/** What becomes of invoices while the collection of payments is paused. */
export type Pause = 'keep_as_draft' | 'mark_uncollectible' | 'void';

export type Prorating = 'always_invoice' | 'create_prorations' | 'none';

export interface Wish {
  readonly offer: Offer;
  readonly quantity: number;
  /** Its own; without any, those of the subscription. */
  readonly rates: readonly Rate[];
}

/** Something that is done to a subscription. */
export type Deed =
  | {
      readonly does: 'change_item';
      /** Which item: the place that it had when it was added, from 0. */
      readonly item: number;
      readonly offer: Offer;
      readonly quantity: number;
      readonly prorating: Prorating;
      /** `proration_date`: so much of the time since the periods began is looked back on. */
      readonly looksBack: number;
    }
  | { readonly does: 'add_item'; readonly wish: Wish; readonly prorating: Prorating }
  | { readonly does: 'remove_item'; readonly item: number; readonly prorating: Prorating }
  | { readonly does: 'reset_cycle'; readonly prorating: Prorating }
  | { readonly does: 'end_trial' }
  | { readonly does: 'charge_once'; readonly amount: number; readonly isOwn: boolean }
  | { readonly does: 'set_coupons'; readonly coupons: readonly Coupon[] }
  | { readonly does: 'set_rates'; readonly rates: readonly Rate[] }
  | {
      readonly does: 'pause';
      readonly behavior: Pause;
      /** Days from now; null for until it is taken back. */
      readonly days: number | null;
    }
  | { readonly does: 'unpause' }
  | { readonly does: 'cancel_at_period_end'; readonly prorating: Prorating }
  | { readonly does: 'cancel_at'; readonly seconds: number; readonly prorating: Prorating }
  | { readonly does: 'take_back'; readonly prorating: Prorating }
  | { readonly does: 'cancel'; readonly prorates: boolean; readonly invoicesNow: boolean };

export interface Dated {
  /** Unix seconds. */
  readonly at: number;
  readonly deed: Deed;
}

/** A customer's life with a subscription. All times are unix seconds. */
export interface History {
  readonly name: string;
  readonly born: number;
  readonly wishes: readonly Wish[];
  readonly trialDays: number | null;
  /** `billing_cycle_anchor`, where it is not when the subscription begins. */
  readonly anchor: number | null;
  readonly prorating: 'create_prorations' | 'none';
  readonly coupons: readonly Coupon[];
  readonly rates: readonly Rate[];
  /** Pence, asked for on the first invoice: an item that waited for it. */
  readonly fee: number | null;
  readonly collection: 'charge_automatically' | 'send_invoice';
  /** In the order of time, at different times. */
  readonly deeds: readonly Dated[];
  readonly until: number;
}

export interface BilledLine {
  readonly what: string;
  readonly amount: number;
  readonly start: number;
  readonly end: number;
  readonly proration: boolean;
  /** What all discounts take off. */
  readonly discount: number;
  /** By the name of the rate. */
  readonly taxes: Readonly<Record<string, number>>;
}

/** An invoice. All amounts are pence, all times unix seconds. */
export interface Bill {
  readonly at: number;
  readonly reason: 'subscription_create' | 'subscription_cycle' | 'subscription_update';
  readonly period: { readonly start: number; readonly end: number };
  readonly lines: readonly BilledLine[];
  readonly subtotal: number;
  readonly discount: number;
  readonly tax: number;
  readonly total: number;
  readonly status: 'draft' | 'open' | 'paid' | 'uncollectible' | 'void';
  /** Null until it is finalized. */
  readonly due: number | null;
}
