import { defineList } from '@/components/list/define';
import { datesFilter, tabsFilter, textFilter } from '@/components/list/filters';
import { sdkSnippet } from '@/components/list/snippet';
import { CardName, cardText } from '@/components/money/card';
import { plainMoney } from '@/components/money/format';
import { Money } from '@/components/money/money';
import { formatUtc } from '@/components/time/format';
import { Time } from '@/components/time/time';
import { CopyId } from '@/components/ui/copy';
import { chargeOf, customerName, PaymentBadge, stateOf, type Intent } from './state';

const cardOf = (payment: Intent) => chargeOf(payment)?.payment_method_details?.card ?? null;

export const paymentList = defineList({
  path: 'paymentIntents.list',
  name: 'payments',
  title: 'Payments',
  nouns: ['payment', 'payments'],
  href: ({ id }) => `payments/${id}`,
  columns: [
    {
      id: 'amount',
      header: 'Amount',
      isNarrow: true,
      cell: ({ amount, currency }) => <Money amount={amount} currency={currency} hasCode />,
      text: ({ amount, currency }) => plainMoney(amount, currency),
    },
    {
      id: 'status',
      header: 'Status',
      isNarrow: true,
      cell: (payment) => <PaymentBadge payment={payment} />,
      text: stateOf,
    },
    {
      id: 'card',
      header: 'Card',
      cell: (payment) => {
        const card = cardOf(payment);
        return card === null ? null : <CardName card={toCard(card)} />;
      },
      text: (payment) => {
        const card = cardOf(payment);
        return card === null ? null : cardText(toCard(card));
      },
    },
    {
      id: 'description',
      header: 'Description',
      cell: ({ description }) => description,
      text: ({ description }) => description,
    },
    {
      id: 'customer',
      header: 'Customer',
      cell: customerName,
      text: customerName,
    },
    {
      id: 'created',
      header: 'Date',
      isNarrow: true,
      cell: ({ created }) => <Time at={created} as="ago" />,
      text: ({ created }) => formatUtc(created),
    },
    {
      id: 'currency',
      header: 'Currency',
      isExtra: true,
      cell: ({ currency }) => currency.toUpperCase(),
      text: ({ currency }) => currency,
    },
    {
      id: 'decline_code',
      header: 'Decline code',
      isExtra: true,
      cell: ({ last_payment_error }) => declineOf(last_payment_error),
      text: ({ last_payment_error }) => declineOf(last_payment_error),
    },
    {
      id: 'id',
      header: 'Id',
      isExtra: true,
      cell: ({ id }) => <CopyId id={id} className="relative z-10" />,
      text: ({ id }) => id,
    },
  ],
  input: { expand: ['data.latest_charge', 'data.customer'] },
  filters: {
    state: tabsFilter(
      'Payments by state',
      [
        { value: 'succeeded', label: 'Succeeded' },
        { value: 'failed', label: 'Failed' },
        { value: 'uncaptured', label: 'Uncaptured' },
        { value: 'refunded', label: 'Refunded' },
        { value: 'canceled', label: 'Cancelled' },
      ],
      'state',
    ),
    customer: textFilter('Customer', 'cus_…', 'customer'),
    created: datesFilter('Date'),
  },
  empty: {
    sentence:
      'Every attempt to take money is here, with the answer of the bank. Take one with a test card from your code.',
    snippet: (place) =>
      sdkSnippet(
        place,
        `const payment = await stripe.paymentIntents.create({
  amount: 2000,
  currency: 'gbp',
  payment_method: 'pm_card_visa',
  payment_method_types: ['card'],
  confirm: true,
});`,
      ),
  },
});

interface ChargedCard {
  readonly brand: string | null;
  readonly last4: string | null;
}

const toCard = ({ brand, last4 }: ChargedCard) => ({ brand: brand ?? '', last4: last4 ?? '' });

const declineOf = (error: Intent['last_payment_error']): string | null =>
  error?.decline_code ?? error?.code ?? null;
