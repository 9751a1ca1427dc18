import { defineList } from '@/components/list/define';
import { datesFilter, textFilter } from '@/components/list/filters';
import { sdkSnippet } from '@/components/list/snippet';
import { plainMoney } from '@/components/money/format';
import { Money } from '@/components/money/money';
import { CardName, cardText } from '@/components/money/card';
import type { RowOf } from '@/components/api/queries';
import { formatUtc } from '@/components/time/format';
import { Time } from '@/components/time/time';
import { CopyId } from '@/components/ui/copy';
import { customerSearch } from './search';

type Customer = RowOf<'customers.list'>;

function defaultCardOf({ invoice_settings }: Customer) {
  const method = invoice_settings.default_payment_method;
  return method === null || typeof method === 'string' ? null : (method.card ?? null);
}

export const customerList = defineList({
  path: 'customers.list',
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
      id: 'created',
      header: 'Created',
      isNarrow: true,
      cell: ({ created }) => <Time at={created} as="ago" />,
      text: ({ created }) => formatUtc(created),
    },
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
    {
      id: 'id',
      header: 'Id',
      isExtra: true,
      cell: ({ id }) => <CopyId id={id} className="relative z-10" />,
      text: ({ id }) => id,
    },
  ],
  // The default card comes with the customer, so that the list takes one call.
  input: { expand: ['data.invoice_settings.default_payment_method'] },
  filters: {
    email: textFilter('E-mail', 'ada@example.com', 'email'),
    created: datesFilter('Created'),
  },
  search: {
    path: 'customers.search',
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
