/** What a list page is, as a value: the page, its filters in the address, and its export all read it. */
import type { ReactNode } from 'react';
import type { At, Inputs, RowOf } from '@/components/api/queries';
import type { Filter } from './filters';

export interface Column<Row> {
  readonly id: string;
  readonly header: string;
  /** Money is aligned at its end. */
  readonly align?: 'end';
  readonly cell: (row: Row) => ReactNode;
  /** What the export writes. */
  readonly text: (row: Row) => string | number | null;
  /** Seen only once it is picked. */
  readonly isExtra?: boolean;
  /** Seen at 360 pixels too: two or three columns are. */
  readonly isNarrow?: boolean;
  /** Long where there is room for it, such as an address whose end says the most. */
  readonly isWide?: boolean;
}

export interface SnippetPlace {
  readonly host: string;
  readonly port: number;
  readonly protocol: 'http' | 'https';
  /** The project's own key, as far as it may be shown: `sk_test_…mnop`. */
  readonly key: string;
}

export interface ListSpec<Path extends string, Row> {
  /** The query that answers its pages, such as `customers.list`. */
  readonly path: Path;
  /** In the address of its export, and where its columns are remembered. */
  readonly name: string;
  readonly title: string;
  /** `customer`, `customers`. */
  readonly nouns: readonly [one: string, many: string];
  /** The first is the row's name and its link. */
  readonly columns: readonly Column<Row>[];
  readonly filters: Readonly<Record<string, Filter>>;
  /** Given with every call, such as `{ expand: ['data.customer'] }`. */
  readonly input?: At<Inputs, Path>;
  /** The page of a row, below the project's own: `customers/cus_…`. Null where rows, or this one, have none. */
  readonly href: ((row: Row) => string | null) | null;
  /** Finding by what is typed, where there is a search. While there is a text, filters are not asked. */
  readonly search?: {
    readonly path: string;
    readonly placeholder: string;
    /** In Stripe's search language. */
    readonly query: (text: string) => string;
  };
  readonly empty: {
    /** What is not there, and what it is for: one sentence. */
    readonly sentence: string;
    readonly snippet?: (place: SnippetPlace) => string;
  };
}

/** A list with its row forgotten, for what handles any list. */
export type AnyList = Omit<ListSpec<string, never>, 'input'> & { readonly input?: unknown };

/** Declares a list. The rows' type is that of the query. */
export const defineList = <const Path extends string>(
  spec: ListSpec<Path, RowOf<Path> & { id: string }>,
): ListSpec<Path, RowOf<Path> & { id: string }> => spec;
