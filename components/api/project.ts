'use client';

import { useParams } from 'next/navigation';
import { useMemo } from 'react';
import { hrefOf, type Mode } from './address';

export interface Project {
  /** `acct_…`. */
  readonly account: string;
  readonly mode: Mode;
  /** The address of a page of this project and mode: `customers/cus_…`, or nothing for the first. */
  readonly href: (page?: string) => string;
}

/** The project and mode that the page is about, from its address. */
export function useProject(): Project {
  const params = useParams<{ account: string; mode: Mode }>();
  const { account, mode } = params;
  return useMemo(
    () => ({ account, mode, href: (page?: string) => hrefOf(account, mode, page) }),
    [account, mode],
  );
}
