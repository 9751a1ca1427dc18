'use client';

import { parseAsString, useQueryStates } from 'nuqs';
import { useMemo } from 'react';
import { RESERVED, type Address } from './call';
import type { AnyList } from './define';

export interface ListAddress {
  readonly address: Address;
  /** Sets some values, null taking one away, and goes back to the first page. */
  readonly filter: (values: Address) => void;
  /** Goes to another page of the same set. */
  readonly turn: (page: { after?: string; before?: string; from?: number }) => void;
  readonly clear: () => void;
}

const FIRST_PAGE = { starting_after: null, ending_before: null, from: null };

/** The filters and the page of a list, as they are in the address. */
export function useListAddress(list: AnyList): ListAddress {
  const parsers = useMemo(
    () =>
      Object.fromEntries(
        [...Object.keys(list.filters), ...RESERVED].map((name) => [name, parseAsString]),
      ),
    [list],
  );
  const [address, setAddress] = useQueryStates(parsers, { history: 'push' });
  return useMemo(
    () => ({
      address,
      filter: (values) => void setAddress({ ...values, ...FIRST_PAGE }),
      turn: ({ after, before, from }) =>
        void setAddress({
          starting_after: after ?? null,
          ending_before: before ?? null,
          from: from === undefined || from <= 1 ? null : String(from),
        }),
      clear: () => void setAddress(null),
    }),
    [address, setAddress],
  );
}
