import { customerName, idOf, objectIn } from '@/components/api/expandable';
import type { RowOf } from '@/components/api/queries';
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
import { StatusBadge } from '@/components/ui/badge';
import { Deadline, deadlineOf } from './deadline';
import { reasonText } from './reasons';

type Dispute = RowOf<'disputes.list'>;

const customerOf = ({ charge }: Dispute): string =>
  customerName(objectIn(charge)?.customer ?? null);

function cardOf({ charge }: Dispute) {
  const card = objectIn(charge)?.payment_method_details?.card;
  return card == null ? null : { brand: card.brand ?? '', last4: card.last4 ?? '' };
}

export const disputeList = defineList({
  path: 'disputes.list',
  name: 'disputes',
  title: 'Disputes',
  nouns: ['dispute', 'disputes'],
  href: ({ id }) => `disputes/${id}`,
  columns: [
    amountColumn,
    {
      id: 'status',
      header: 'Status',
      isNarrow: true,
      cell: ({ status }) => <StatusBadge status={status} />,
      text: ({ status }) => status,
    },
    {
      id: 'reason',
      header: 'Reason',
      cell: ({ reason }) => reasonText(reason),
      text: ({ reason }) => reason,
    },
    { id: 'customer', header: 'Customer', cell: customerOf, text: customerOf },
    {
      id: 'respond_by',
      header: 'Respond by',
      isNarrow: true,
      cell: (dispute) => <Deadline dispute={dispute} />,
      text(dispute) {
        const at = deadlineOf(dispute);
        return at === null ? null : formatUtc(at);
      },
    },
    { ...createdColumn, header: 'Opened' },
    {
      id: 'card',
      header: 'Card',
      isExtra: true,
      cell(dispute) {
        const card = cardOf(dispute);
        return card === null ? null : <CardName card={card} />;
      },
      text(dispute) {
        const card = cardOf(dispute);
        return card === null ? null : cardText(card);
      },
    },
    currencyColumn,
    {
      id: 'payment_intent',
      header: 'Payment',
      isExtra: true,
      cell: ({ payment_intent }) => idOf(payment_intent),
      text: ({ payment_intent }) => idOf(payment_intent),
    },
    idColumn,
  ],
  input: { expand: ['data.charge.customer'] },
  filters: {
    state: tabsFilter(
      'Disputes by state',
      [
        { value: 'needs_response', label: 'Needs response' },
        { value: 'under_review', label: 'Under review' },
        { value: 'won', label: 'Won' },
        { value: 'lost', label: 'Lost' },
        { value: 'closed', label: 'Closed' },
      ],
      'state',
    ),
    payment_intent: textFilter('Payment', 'pi_…', 'payment_intent'),
    created: datesFilter('Opened'),
  },
  empty: {
    sentence:
      'A dispute is a cardholder’s bank asking for the money back: answer it here with evidence, before its deadline. A test card opens one.',
    snippet: (place) =>
      sdkSnippet(
        place,
        `const payment = await stripe.paymentIntents.create({
  amount: 2000,
  currency: 'gbp',
  payment_method: 'pm_card_createDispute',
  payment_method_types: ['card'],
  confirm: true,
});`,
      ),
  },
});
