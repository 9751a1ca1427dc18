'use client';

import Link from 'next/link';
import type { ReactNode } from 'react';
import { useProject } from '@/components/api/project';

/** A link from one object to another, in the same project and mode. `page` is below theirs. */
export function ObjectLink({ page, children }: { page: string; children: ReactNode }) {
  const { href } = useProject();
  return (
    <Link
      href={href(page)}
      prefetch={false}
      className="font-medium text-accent underline-offset-2 hover:underline"
    >
      {children}
    </Link>
  );
}
