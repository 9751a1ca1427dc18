/** Columns that most lists have. One that is called otherwise somewhere is spread into what differs. */
import { Money } from '@/components/money/money';
import { plainMoney } from '@/components/money/format';
import { Time } from '@/components/time/time';
import { formatUtc } from '@/components/time/format';
import { CopyId } from '@/components/ui/copy';
import type { Column } from './define';

export const idColumn: Column<{ readonly id: string }> = {
  id: 'id',
  header: 'Id',
  isExtra: true,
  // Above the link that the whole row is.
  cell: ({ id }) => <CopyId id={id} className="relative z-10" />,
  text: ({ id }) => id,
};

/** With its currency's code, for a list that may hold several. */
export const amountColumn: Column<{ readonly amount: number; readonly currency: string }> = {
  id: 'amount',
  header: 'Amount',
  isNarrow: true,
  cell: ({ amount, currency }) => <Money amount={amount} currency={currency} hasCode />,
  text: ({ amount, currency }) => plainMoney(amount, currency),
};

export const currencyColumn: Column<{ readonly currency: string }> = {
  id: 'currency',
  header: 'Currency',
  isExtra: true,
  cell: ({ currency }) => currency.toUpperCase(),
  text: ({ currency }) => currency,
};

export const createdColumn: Column<{ readonly created: number }> = {
  id: 'created',
  header: 'Created',
  cell: ({ created }) => <Time at={created} as="ago" />,
  text: ({ created }) => formatUtc(created),
};
