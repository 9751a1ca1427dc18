import { createdColumn, idColumn } from '@/components/list/common-columns';
import { defineList } from '@/components/list/define';
import { choiceFilter, datesFilter, tabsFilter, textFilter } from '@/components/list/filters';
import { sdkSnippet } from '@/components/list/snippet';
import { HttpStatus } from '@/components/ui/http-status';

export const logList = defineList({
  path: 'dashboard.logs.list',
  name: 'logs',
  title: 'Logs',
  nouns: ['request', 'requests'],
  href: ({ id }) => `logs/${id}`,
  columns: [
    {
      id: 'path',
      header: 'Request',
      isNarrow: true,
      isWide: true,
      cell: ({ method, path }) => (
        <span className="font-mono text-[13px]">
          <span className="text-muted">{method}</span> {path}
        </span>
      ),
      text: ({ method, path }) => `${method} ${path}`,
    },
    {
      id: 'status',
      header: 'Status',
      isNarrow: true,
      cell: ({ status }) => <HttpStatus status={status} />,
      text: ({ status }) => status,
    },
    {
      id: 'error_code',
      header: 'Error',
      cell: ({ error_code, error_type }) => error_code ?? error_type,
      text: ({ error_code, error_type }) => error_code ?? error_type,
    },
    {
      id: 'api_key',
      header: 'Key',
      cell: ({ api_key }) => (
        <span className="font-mono text-[13px]">{api_key ?? 'Dashboard'}</span>
      ),
      text: ({ api_key }) => api_key,
    },
    {
      id: 'duration_ms',
      header: 'Took',
      align: 'end',
      cell: ({ duration_ms }) => <span className="tabular-nums">{duration_ms} ms</span>,
      text: ({ duration_ms }) => duration_ms,
    },
    { ...createdColumn, header: 'Date' },
    {
      id: 'idempotency_key',
      header: 'Idempotency key',
      isExtra: true,
      cell: ({ idempotency_key }) => idempotency_key,
      text: ({ idempotency_key }) => idempotency_key,
    },
    {
      id: 'ip',
      header: 'From',
      isExtra: true,
      cell: ({ ip }) => ip,
      text: ({ ip }) => ip,
    },
    idColumn,
  ],
  filters: {
    status: tabsFilter(
      'Requests by status',
      [
        { value: '2xx', label: 'Succeeded' },
        { value: '4xx', label: 'Refused' },
        { value: '5xx', label: 'Failed' },
      ],
      'status',
    ),
    method: choiceFilter(
      'Method',
      ['GET', 'POST', 'DELETE'].map((value) => ({ value, label: value })),
      'method',
    ),
    path: textFilter('Path', '/v1/payment_intents', 'path'),
    object: textFilter('Object', 'pi_…', 'related_object'),
    key: textFilter('Key', 'key_…', 'api_key'),
    created: datesFilter('Date'),
  },
  empty: {
    sentence:
      'Each request to the API is here, with what was asked and answered. Make the first one from your code.',
    snippet: (place) => sdkSnippet(place, 'const { data } = await stripe.customers.list();'),
  },
});
