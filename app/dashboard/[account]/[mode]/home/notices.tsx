'use client';

import { KeyRound, TriangleAlert } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { useProject } from '@/components/api/project';
import { trpc } from '@/components/api/trpc';
import { Time } from '@/components/time/time';

/** What wants to be seen before it costs money. It goes by itself once it is put right. */
export function Notices() {
  const { data } = trpc.dashboard.home.notices.useQuery();
  if (data === undefined) return null;
  const { failing_endpoints, expiring_keys } = data;
  if (failing_endpoints.length === 0 && expiring_keys.length === 0) return null;
  return (
    <ul aria-label="Notices" className="flex flex-col gap-2">
      {failing_endpoints.map(({ id, url, failed_at }) => (
        <Notice key={id} icon={<TriangleAlert />} look="bad" page={`webhooks/${id}`} link="See why">
          Events do not arrive at <strong className="font-medium break-all">{url}</strong>: the last
          attempts all failed, the latest <Time at={failed_at} as="ago" />.
        </Notice>
      ))}
      {expiring_keys.map(({ id, name, redacted, expires_at }) => (
        <Notice
          key={id}
          icon={<KeyRound />}
          look="warn"
          page={`api-keys/${id}`}
          link="Show the key"
        >
          The key <strong className="font-medium">{name ?? redacted}</strong> ends{' '}
          <Time at={expires_at} as="ago" />. What still uses it will be refused.
        </Notice>
      ))}
    </ul>
  );
}

interface NoticeProps {
  readonly icon: ReactNode;
  readonly look: 'bad' | 'warn';
  /** Where it is put right. */
  readonly page: string;
  readonly link: string;
  readonly children: ReactNode;
}

const LOOKS = { bad: 'bg-bad-soft text-bad', warn: 'bg-warn-soft text-warn' } as const;

function Notice({ icon, look, page, link, children }: NoticeProps) {
  const { href } = useProject();
  return (
    <li
      className={`flex flex-wrap items-center gap-x-3 gap-y-1 rounded-xl px-4 py-3 text-sm ${LOOKS[look]}`}
    >
      <span aria-hidden className="[&_svg]:size-4">
        {icon}
      </span>
      <p className="min-w-0 flex-1 basis-60">{children}</p>
      <Link href={href(page)} className="font-medium whitespace-nowrap underline">
        {link}
      </Link>
    </li>
  );
}
