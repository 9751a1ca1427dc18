import type { LucideIcon } from 'lucide-react';

/** A page that can be gone to: in the sidebar, in the palette and by keys. */
export interface Place {
  /** Below `/dashboard/[account]/[mode]/`; empty for the first page. */
  readonly page: string;
  readonly name: string;
  readonly icon: LucideIcon;
  readonly group: PlaceGroup;
  /** The letter that leads there after `g`. */
  readonly jump?: string;
  /** The page that it is a part of: that one has a navigation of its own, and is in the sidebar. */
  readonly within?: string;
  /** Prefixes of the ids whose pages are below it: `cus_` is at `customers/cus_…`. */
  readonly ids?: readonly string[];
  /** The resource and the operation without which the page would be of no use. */
  readonly needs?: readonly [resource: string, operation: string];
  /** How the palette finds its objects by what is typed. */
  readonly search?: PlaceSearch;
}

/** In the order of the sidebar; the first has no heading. */
export const PLACE_GROUPS = ['', 'Money', 'Billing', 'Catalogue', 'Developers', 'Account'] as const;

export type PlaceGroup = (typeof PLACE_GROUPS)[number];

/** Where an object's page is. An id has one underscore: `sub_sched_…` is no subscription's. */
export const placeOf = (places: readonly Place[], id: string): Place | undefined =>
  places.find(({ ids = [] }) =>
    ids.some((prefix) => new RegExp(`^${prefix}[0-9A-Za-z]+$`).test(id)),
  );

export interface PlaceSearch {
  /** Such as `customers.search`. */
  readonly path: string;
  /** In Stripe's search language; null for a text that none of its objects can have. */
  readonly query: (text: string) => string | null;
  readonly show: (row: Readonly<Record<string, unknown>>) => { title: string; note: string };
}
