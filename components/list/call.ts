/** From a list and its address to the query that it asks: the same in the browser and on the server. */
import type { QueryCall } from '@/components/api/queries';
import type { AnyList } from './define';
import type { Params } from './filters';

export const PAGE_SIZE = 25;

/** What the address says: values by name, without those that are not there. */
export type Address = Readonly<Record<string, string | null | undefined>>;

/** Names in the address that belong to every list. */
export const RESERVED = ['q', 'starting_after', 'ending_before', 'from'] as const;

const textOf = (address: Address, name: string): string => address[name]?.trim() ?? '';

/** Whether there is anything but the page in the address. */
export const isFiltered = (list: AnyList, address: Address): boolean =>
  [...Object.keys(list.filters), ...(list.search === undefined ? [] : ['q'])].some(
    (name) => textOf(address, name) !== '',
  );

/** The query of the whole filtered set, without a page. */
export function filteredCall(list: AnyList, address: Address): Required<QueryCall> {
  const text = textOf(address, 'q');
  const always = (list.input ?? {}) as Params;
  if (list.search !== undefined && text !== '') {
    return { path: list.search.path, input: { ...always, query: list.search.query(text) } };
  }
  const params = Object.entries(list.filters).map(([name, { toParams }]) => {
    const value = textOf(address, name);
    return value === '' ? {} : toParams(value);
  });
  return { path: list.path, input: Object.assign({}, always, ...params) as Params };
}

/** The query of one page of it. A search has no page before: it is asked with `page`. */
export function listCall(list: AnyList, address: Address): Required<QueryCall> {
  const { path, input } = filteredCall(list, address);
  const after = textOf(address, 'starting_after');
  const before = textOf(address, 'ending_before');
  const isSearch = path !== list.path;
  const cursor =
    after !== ''
      ? { [isSearch ? 'page' : 'starting_after']: after }
      : before !== '' && !isSearch
        ? { ending_before: before }
        : {};
  return { path, input: { ...input, limit: PAGE_SIZE, ...cursor } };
}
