import { createdColumn, idColumn } from '@/components/list/common-columns';
import { defineList } from '@/components/list/define';
import { datesFilter, tabsFilter, textFilter } from '@/components/list/filters';
import { sdkSnippet } from '@/components/list/snippet';
import { plainMoney } from '@/components/money/format';
import { Amounts, plainAmounts } from '@/components/money/amounts';
import { Money } from '@/components/money/money';
import { CardName, cardText } from '@/components/money/card';
import type { RowOf } from '@/components/api/queries';
import { customerSearch } from './search';

type Customer = RowOf<'dashboard.customers.list'>;

function defaultCardOf({ invoice_settings }: Customer) {
  const method = invoice_settings.default_payment_method;
  return method === null || typeof method === 'string' ? null : (method.card ?? null);
}

/** `plan=gold`; without a sign the value is empty, which none is. */
function toMetadata(text: string): { metadata: Record<string, string> } {
  const [key = '', ...rest] = text.split('=');
  return { metadata: { [key.trim()]: rest.join('=').trim() } };
}

export const customerList = defineList({
  path: 'dashboard.customers.list',
  name: 'customers',
  title: 'Customers',
  nouns: ['customer', 'customers'],
  href: ({ id }) => `customers/${id}`,
  columns: [
    {
      id: 'name',
      header: 'Name',
      isNarrow: true,
      cell: ({ name, email, id }) => name ?? email ?? id,
      text: ({ name }) => name ?? null,
    },
    {
      id: 'email',
      header: 'E-mail',
      cell: ({ email }) => email,
      text: ({ email }) => email,
    },
    {
      id: 'default_payment_method',
      header: 'Default card',
      cell: (row) => {
        const card = defaultCardOf(row);
        return card === null ? null : <CardName card={card} />;
      },
      text: (row) => {
        const card = defaultCardOf(row);
        return card === null ? null : cardText(card);
      },
    },
    {
      id: 'spent',
      header: 'Spent',
      align: 'end',
      cell: ({ worth }) => <Amounts amounts={worth.spent} />,
      text: ({ worth }) => plainAmounts(worth.spent),
    },
    {
      id: 'open',
      header: 'Open',
      align: 'end',
      cell: ({ worth }) => <Amounts amounts={worth.open} />,
      text: ({ worth }) => plainAmounts(worth.open),
    },
    {
      id: 'subscriptions',
      header: 'Subscriptions',
      align: 'end',
      cell: ({ worth }) => worth.subscriptions || null,
      text: ({ worth }) => worth.subscriptions,
    },
    { ...createdColumn, isNarrow: true },
    {
      id: 'balance',
      header: 'Balance',
      align: 'end',
      isExtra: true,
      cell: ({ balance, currency }) =>
        currency == null ? null : <Money amount={balance} currency={currency} hasCode />,
      text: ({ balance, currency }) => (currency == null ? null : plainMoney(balance, currency)),
    },
    {
      id: 'phone',
      header: 'Phone',
      isExtra: true,
      cell: ({ phone }) => phone,
      text: ({ phone }) => phone ?? null,
    },
    {
      id: 'description',
      header: 'Description',
      isExtra: true,
      cell: ({ description }) => description,
      text: ({ description }) => description,
    },
    idColumn,
  ],
  filters: {
    standing: tabsFilter(
      'Customers by standing',
      [
        { value: 'subscribed', label: 'Subscribed' },
        { value: 'past_due', label: 'Past due' },
        { value: 'unsubscribed', label: 'Without subscription' },
        { value: 'owing', label: 'Owing' },
      ],
      'standing',
    ),
    country: textFilter('Country', 'GB', 'country'),
    currency: textFilter('Currency', 'gbp', (text) => ({ currency: text.toLowerCase() })),
    metadata: textFilter('Metadata', 'key=value', toMetadata),
    email: textFilter('E-mail', 'ada@example.com', 'email'),
    created: datesFilter('Created'),
  },
  search: {
    path: 'dashboard.customers.search',
    placeholder: 'Search by name or e-mail',
    query: customerSearch,
  },
  empty: {
    sentence:
      'Customers are the people and companies you bill. Make the first one here, or from your code.',
    snippet: (place) =>
      sdkSnippet(
        place,
        `const customer = await stripe.customers.create({\n  name: 'Ada Lovelace',\n  email: 'ada@example.com',\n});`,
      ),
  },
});
