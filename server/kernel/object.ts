/** What leaves the server: an object with a Stripe name, a list of them, and Stripe's clock. */

import type Stripe from 'stripe';

/** The types of events, as Stripe names them. */
export type EventName = Exclude<Stripe.WebhookEndpointCreateParams.EnabledEvent, '*'>;

/** Any object on the wire. The official SDK's own types are checked in each folder's `object.ts`. */
export interface ApiObject {
  readonly object: string;
  readonly id?: string;
}

/** A page before it has a url: what a `list` operation answers. */
export interface Page<T> {
  readonly object: 'page';
  readonly data: readonly T[];
  readonly has_more: boolean;
}

/** A page of search results; `next_page` is the cursor, null on the last page. */
export interface SearchPage<T> {
  readonly object: 'search_page';
  readonly data: readonly T[];
  readonly has_more: boolean;
  readonly next_page: string | null;
}

/** Unix time in whole seconds, the form of every time on the wire. */
export const unix = (date: Date): number => Math.floor(date.getTime() / 1000);
