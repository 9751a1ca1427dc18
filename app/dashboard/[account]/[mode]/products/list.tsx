import { objectIn } from '@/components/api/expandable';
import { createdColumn, idColumn } from '@/components/list/common-columns';
import { defineList } from '@/components/list/define';
import { datesFilter, tabsFilter } from '@/components/list/filters';
import { sdkSnippet } from '@/components/list/snippet';
import { plainMoney } from '@/components/money/format';
import { PriceText } from '@/components/money/price';
import type { RowOf } from '@/components/api/queries';
import { Badge } from '@/components/ui/badge';
import { productSearch } from './search';

type Product = RowOf<'products.list'>;

const priceOf = ({ default_price }: Product) => objectIn(default_price);

export const productList = defineList({
  path: 'products.list',
  name: 'products',
  title: 'Products',
  nouns: ['product', 'products'],
  href: ({ id }) => `products/${id}`,
  columns: [
    {
      id: 'name',
      header: 'Name',
      isNarrow: true,
      cell: ({ name }) => name,
      text: ({ name }) => name,
    },
    {
      id: 'default_price',
      header: 'Default price',
      isNarrow: true,
      cell: (row) => {
        const price = priceOf(row);
        return price === null ? null : <PriceText price={price} />;
      },
      text: (row) => {
        const price = priceOf(row);
        if (price === null || price.unit_amount === null) return null;
        return `${plainMoney(price.unit_amount, price.currency)} ${price.currency}`;
      },
    },
    {
      id: 'active',
      header: 'Status',
      cell: ({ active }) => <ActiveBadge isActive={active} />,
      text: ({ active }) => (active ? 'active' : 'archived'),
    },
    createdColumn,
    {
      id: 'description',
      header: 'Description',
      isExtra: true,
      cell: ({ description }) => description,
      text: ({ description }) => description,
    },
    idColumn,
  ],
  input: { expand: ['data.default_price'] },
  filters: {
    status: tabsFilter(
      'Status',
      [
        { value: 'active', label: 'Active' },
        { value: 'archived', label: 'Archived' },
      ],
      (status) => ({ active: status === 'active' }),
    ),
    created: datesFilter('Created'),
  },
  search: {
    path: 'products.search',
    placeholder: 'Search by name or description',
    query: productSearch,
  },
  empty: {
    sentence:
      'Products are what you sell, and prices what they cost. Subscriptions and invoices are made of them.',
    snippet: (place) =>
      sdkSnippet(
        place,
        `const product = await stripe.products.create({\n  name: 'Gold',\n  default_price_data: {\n    currency: 'gbp',\n    unit_amount: 1000,\n    recurring: { interval: 'month' },\n  },\n});`,
      ),
  },
});

export const ActiveBadge = ({ isActive }: { isActive: boolean }) =>
  isActive ? <Badge look="good">Active</Badge> : <Badge>Archived</Badge>;
