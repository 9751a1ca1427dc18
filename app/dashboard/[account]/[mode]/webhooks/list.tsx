import { defineList } from '@/components/list/define';
import { sdkSnippet } from '@/components/list/snippet';
import { formatUtc } from '@/components/time/format';
import { Time } from '@/components/time/time';
import { StatusBadge } from '@/components/ui/badge';
import { CopyId } from '@/components/ui/copy';

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
    {
      id: 'created',
      header: 'Created',
      cell: ({ created }) => <Time at={created} as="ago" />,
      text: ({ created }) => formatUtc(created),
    },
    {
      id: 'id',
      header: 'Id',
      isExtra: true,
      cell: ({ id }) => <CopyId id={id} className="relative z-10" />,
      text: ({ id }) => id,
    },
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
