import { createdColumn, idColumn } from '@/components/list/common-columns';
import { defineList } from '@/components/list/define';
import { sdkSnippet } from '@/components/list/snippet';
import { StatusBadge } from '@/components/ui/badge';

const listensFor = (events: readonly string[]): string =>
  events.includes('*') ? 'All events' : events.length === 1 ? '1 event' : `${events.length} events`;

export const endpointList = defineList({
  path: 'webhookEndpoints.list',
  name: 'webhooks',
  title: 'Webhooks',
  nouns: ['endpoint', 'endpoints'],
  href: ({ id }) => `webhooks/${id}`,
  columns: [
    {
      id: 'url',
      header: 'URL',
      isNarrow: true,
      cell: ({ url }) => url,
      text: ({ url }) => url,
    },
    {
      id: 'status',
      header: 'Status',
      isNarrow: true,
      cell: ({ status }) => <StatusBadge status={status} />,
      text: ({ status }) => status,
    },
    {
      id: 'enabled_events',
      header: 'Listens for',
      cell: ({ enabled_events }) => listensFor(enabled_events),
      text: ({ enabled_events }) => enabled_events.join(' '),
    },
    {
      id: 'description',
      header: 'Description',
      cell: ({ description }) => description,
      text: ({ description }) => description,
    },
    createdColumn,
    idColumn,
  ],
  filters: {},
  empty: {
    sentence:
      'An endpoint is an address of yours that is told what happens, signed and tried again until it answers.',
    snippet: (place) =>
      sdkSnippet(
        place,
        `const endpoint = await stripe.webhookEndpoints.create({
  url: 'https://example.com/webhooks',
  enabled_events: ['payment_intent.succeeded'],
});`,
      ),
  },
});
