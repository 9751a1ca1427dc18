import { definePart } from '@/components/object/part-list';
import { Time } from '@/components/time/time';
import { ItemsText } from './items-text';
import { Renewal, SubscriptionStatus } from './status';

/** The subscriptions of a customer. */
export const subscriptionsPart = definePart({
  title: 'Subscriptions',
  path: 'subscriptions.list',
  empty: 'No subscriptions.',
  href: ({ id }) => `subscriptions/${id}`,
  columns: [
    { header: 'Product', isNarrow: true, cell: ({ items }) => <ItemsText items={items.data} /> },
    {
      header: 'Status',
      isNarrow: true,
      cell: (subscription) => <SubscriptionStatus subscription={subscription} />,
    },
    { header: 'Renews', cell: (subscription) => <Renewal subscription={subscription} /> },
    {
      header: 'Started',
      align: 'end',
      cell: ({ start_date }) => <Time at={start_date} as="date" />,
    },
  ],
});
