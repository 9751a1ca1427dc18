import { createdColumn, idColumn } from '@/components/list/common-columns';
import { defineList } from '@/components/list/define';
import { choiceFilter, datesFilter, textFilter } from '@/components/list/filters';
import { sdkSnippet } from '@/components/list/snippet';
import { Badge } from '@/components/ui/badge';
import { objectIdOf } from './subject';

export const eventList = defineList({
  path: 'events.list',
  name: 'events',
  title: 'Events',
  nouns: ['event', 'events'],
  href: ({ id }) => `events/${id}`,
  columns: [
    {
      id: 'type',
      header: 'Type',
      isNarrow: true,
      cell: ({ type }) => <span className="font-mono text-[13px]">{type}</span>,
      text: ({ type }) => type,
    },
    {
      id: 'object',
      header: 'Object',
      cell: (event) => <span className="font-mono text-[13px]">{objectIdOf(event)}</span>,
      text: objectIdOf,
    },
    {
      id: 'source',
      header: 'Cause',
      cell: ({ request }) => (request?.id == null ? 'Automatic' : 'Request'),
      text: ({ request }) => request?.id ?? null,
    },
    {
      id: 'pending_webhooks',
      header: 'Deliveries',
      cell: ({ pending_webhooks }) =>
        pending_webhooks === 0 ? null : <Badge look="accent">{pending_webhooks} pending</Badge>,
      text: ({ pending_webhooks }) => pending_webhooks,
    },
    { ...createdColumn, header: 'Date', isNarrow: true },
    idColumn,
  ],
  filters: {
    type: textFilter('Type', 'charge.succeeded or charge.*', 'type'),
    object: textFilter('Object', 'pi_…', 'related_object'),
    created: datesFilter('Date'),
    delivery: choiceFilter(
      'Deliveries',
      [
        { value: 'all', label: 'All delivered' },
        { value: 'missing', label: 'Pending or failed' },
      ],
      (value) => ({ delivery_success: value === 'all' }),
    ),
  },
  empty: {
    sentence:
      'Whatever happens is announced here, and to your webhook endpoints. Create a customer to see the first event.',
    snippet: (place) =>
      sdkSnippet(place, `await stripe.customers.create({ email: 'ada@example.com' });`),
  },
});
