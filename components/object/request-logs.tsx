'use client';

import { definePart, PartList } from '@/components/object/part-list';
import { Time } from '@/components/time/time';
import { HttpStatus } from '@/components/ui/http-status';

const NEWEST = 5;

/** The newest requests that changed an object, or that a key made. */
export const RequestLogs = ({ of }: { of: { related_object: string } | { api_key: string } }) => (
  <PartList part={requests} input={{ ...of, limit: NEWEST }} />
);

const requests = definePart({
  title: 'Requests',
  path: 'dashboard.logs.list',
  empty: 'None that are still kept.',
  href: ({ id }) => `logs/${id}`,
  columns: [
    {
      header: 'Request',
      isNarrow: true,
      cell: ({ method, path }) => (
        <span className="font-mono text-[13px] break-all">
          {method} {path}
        </span>
      ),
    },
    { header: 'Status', isNarrow: true, cell: ({ status }) => <HttpStatus status={status} /> },
    { header: 'Date', align: 'end', cell: ({ created }) => <Time at={created} as="ago" /> },
  ],
});
