import { customerName, idOf } from '@/components/api/expandable';
import type { RowOf } from '@/components/api/queries';
import { createdColumn, idColumn } from '@/components/list/common-columns';
import { defineList } from '@/components/list/define';
import { choiceFilter, datesFilter, tabsFilter, textFilter } from '@/components/list/filters';
import { sdkSnippet } from '@/components/list/snippet';
import { formatUtc } from '@/components/time/format';
import { Time } from '@/components/time/time';
import { ItemsText } from './items-text';
import { Renewal, SubscriptionStatus } from './status';

type Subscription = RowOf<'subscriptions.list'>;

/** The end of the period that ends first. */
export const periodEnd = ({ items }: Pick<Subscription, 'items'>): number | null => {
  const ends = items.data.map(({ current_period_end }) => current_period_end);
  return ends.length === 0 ? null : Math.min(...ends);
};

export const subscriptionList = defineList({
  path: 'subscriptions.list',
  name: 'subscriptions',
  title: 'Subscriptions',
  nouns: ['subscription', 'subscriptions'],
  href: ({ id }) => `subscriptions/${id}`,
  columns: [
    {
      id: 'customer',
      header: 'Customer',
      isNarrow: true,
      cell: ({ customer }) => customerName(customer),
      text: ({ customer }) => customerName(customer),
    },
    {
      id: 'status',
      header: 'Status',
      isNarrow: true,
      cell: (subscription) => <SubscriptionStatus subscription={subscription} />,
      text: ({ status }) => status,
    },
    {
      id: 'product',
      header: 'Product',
      cell: ({ items }) => <ItemsText items={items.data} />,
      text: ({ items }) => items.data.map(({ price }) => idOf(price.product)).join(' '),
    },
    {
      id: 'start_date',
      header: 'Started',
      cell: ({ start_date }) => <Time at={start_date} as="date" />,
      text: ({ start_date }) => formatUtc(start_date),
    },
    {
      id: 'current_period_end',
      header: 'Renews',
      cell: (row) => <Renewal subscription={row} />,
      text: (row) => {
        const end = periodEnd(row);
        return end === null ? null : formatUtc(end);
      },
    },
    { ...createdColumn, isExtra: true },
    {
      id: 'collection_method',
      header: 'Collected',
      isExtra: true,
      cell: ({ collection_method }) =>
        collection_method === 'send_invoice' ? 'By invoice' : 'From the card',
      text: ({ collection_method }) => collection_method,
    },
    idColumn,
  ],
  // Without a status, those that were cancelled are left out.
  input: { status: 'all', expand: ['data.customer'] },
  filters: {
    status: tabsFilter(
      'Status',
      [
        { value: 'active', label: 'Active' },
        { value: 'trialing', label: 'Trialing' },
        { value: 'past_due', label: 'Past due' },
        { value: 'paused', label: 'Paused' },
        { value: 'canceled', label: 'Cancelled' },
      ],
      (status) => (status === 'past_due' ? { state: 'past_due' } : { status }),
    ),
    collection_method: choiceFilter(
      'Collected',
      [
        { value: 'charge_automatically', label: 'From the card' },
        { value: 'send_invoice', label: 'By invoice' },
      ],
      'collection_method',
    ),
    customer: textFilter('Customer', 'cus_…', 'customer'),
    price: textFilter('Price', 'price_…', 'price'),
    test_clock: textFilter('Test clock', 'clock_…', 'test_clock'),
    created: datesFilter('Created'),
  },
  empty: {
    sentence:
      'A subscription charges a customer again and again. It takes a customer and a price that recurs.',
    snippet: (place) =>
      sdkSnippet(
        place,
        `const subscription = await stripe.subscriptions.create({\n  customer: customer.id,\n  items: [{ price: price.id }],\n});`,
      ),
  },
});
