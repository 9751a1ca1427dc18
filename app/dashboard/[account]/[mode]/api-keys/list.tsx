import { createdColumn, idColumn } from '@/components/list/common-columns';
import { defineList } from '@/components/list/define';
import { choiceFilter, tabsFilter } from '@/components/list/filters';
import { formatUtc } from '@/components/time/format';
import { Time } from '@/components/time/time';
import { StatusBadge } from '@/components/ui/badge';
import { TYPES } from './types';

export const apiKeyList = defineList({
  path: 'apiKeys.list',
  name: 'api-keys',
  title: 'API keys',
  nouns: ['API key', 'API keys'],
  href: ({ id }) => `api-keys/${id}`,
  columns: [
    {
      id: 'name',
      header: 'Name',
      isNarrow: true,
      cell: ({ name, type }) => name ?? TYPES[type],
      text: ({ name }) => name,
    },
    {
      id: 'redacted',
      header: 'Key',
      isNarrow: true,
      cell: ({ redacted }) => <span className="font-mono text-[13px]">{redacted}</span>,
      text: ({ redacted }) => redacted,
    },
    { id: 'type', header: 'Type', cell: ({ type }) => TYPES[type], text: ({ type }) => type },
    {
      id: 'status',
      header: 'Status',
      cell: ({ status }) => <StatusBadge status={status} />,
      text: ({ status }) => status,
    },
    {
      id: 'last_used_at',
      header: 'Last used',
      cell: ({ last_used_at }) =>
        last_used_at === null ? 'Never' : <Time at={last_used_at} as="ago" />,
      text: ({ last_used_at }) => (last_used_at === null ? null : formatUtc(last_used_at)),
    },
    {
      id: 'expires_at',
      header: 'Expires',
      cell: ({ expires_at }) => (expires_at === null ? 'Never' : <Time at={expires_at} />),
      text: ({ expires_at }) => (expires_at === null ? null : formatUtc(expires_at)),
    },
    createdColumn,
    idColumn,
  ],
  filters: {
    status: tabsFilter(
      'API keys by status',
      [
        { value: 'active', label: 'Active' },
        { value: 'expired', label: 'Expired' },
        { value: 'revoked', label: 'Revoked' },
      ],
      'status',
    ),
    type: choiceFilter(
      'Type',
      Object.entries(TYPES).map(([value, label]) => ({ value, label })),
      'type',
    ),
  },
  empty: { sentence: 'Your code calls the API with a key. Create one for each program that does.' },
});
