import {
  amountColumn,
  createdColumn,
  currencyColumn,
  idColumn,
} from '@/components/list/common-columns';
import { defineList } from '@/components/list/define';
import { datesFilter, tabsFilter, textFilter } from '@/components/list/filters';
import { sdkSnippet } from '@/components/list/snippet';
import { CardName, cardText } from '@/components/money/card';
import { formatUtc } from '@/components/time/format';
import { Time } from '@/components/time/time';
import { chargeOf, customerName, ExplainedBadge, refundedAt, stateOf, type Intent } from './state';

const cardOf = (payment: Intent) => chargeOf(payment)?.payment_method_details?.card ?? null;

export const paymentList = defineList({
  path: 'paymentIntents.list',
  name: 'payments',
  title: 'Payments',
  nouns: ['payment', 'payments'],
  href: ({ id }) => `payments/${id}`,
  columns: [
    amountColumn,
    {
      id: 'status',
      header: 'Status',
      isNarrow: true,
      cell: (payment) => <ExplainedBadge payment={payment} />,
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
    { ...createdColumn, header: 'Date', isNarrow: true },
    {
      id: 'refunded',
      header: 'Refunded',
      cell(payment) {
        const at = refundedAt(payment);
        return at === null ? null : <Time at={at} as="date" />;
      },
      text(payment) {
        const at = refundedAt(payment);
        return at === null ? null : formatUtc(at);
      },
    },
    currencyColumn,
    {
      id: 'decline_code',
      header: 'Decline code',
      isExtra: true,
      cell: ({ last_payment_error }) => declineOf(last_payment_error),
      text: ({ last_payment_error }) => declineOf(last_payment_error),
    },
    idColumn,
  ],
  input: { expand: ['data.latest_charge.refunds', 'data.customer'] },
  filters: {
    state: tabsFilter(
      'Payments by state',
      [
        { value: 'succeeded', label: 'Succeeded' },
        { value: 'failed', label: 'Failed' },
        { value: 'uncaptured', label: 'Uncaptured' },
        { value: 'refunded', label: 'Refunded' },
        { value: 'disputed', label: 'Disputed' },
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
