/** Addresses of pages, for the browser and the server. */

export type Mode = 'test' | 'live';

/** @param page below the project's own, such as `customers/cus_…`; empty for the first. */
export const hrefOf = (account: string, mode: Mode, page = ''): string =>
  `/dashboard/${account}/${mode}${page === '' ? '' : `/${page}`}`;
