import { createdColumn, idColumn } from '@/components/list/common-columns';
import { defineList } from '@/components/list/define';
import { datesFilter } from '@/components/list/filters';
import { sdkSnippet } from '@/components/list/snippet';
import { CouponText } from '@/components/money/coupon';
import { plainMoney } from '@/components/money/format';
import { formatUtc } from '@/components/time/format';
import { Time } from '@/components/time/time';
import { Badge } from '@/components/ui/badge';

export const couponList = defineList({
  path: 'coupons.list',
  name: 'coupons',
  title: 'Coupons',
  nouns: ['coupon', 'coupons'],
  href: ({ id }) => `coupons/${encodeURIComponent(id)}`,
  columns: [
    {
      id: 'name',
      header: 'Name',
      isNarrow: true,
      cell: ({ name, id }) => name ?? id,
      text: ({ name }) => name,
    },
    {
      id: 'terms',
      header: 'Takes off',
      isNarrow: true,
      cell: (coupon) => <CouponText coupon={coupon} />,
      text: ({ amount_off, currency, percent_off }) =>
        amount_off !== null && currency !== null
          ? `${plainMoney(amount_off, currency)} ${currency}`
          : `${percent_off}%`,
    },
    {
      id: 'valid',
      header: 'Status',
      cell: ({ valid }) => <ValidBadge isValid={valid} />,
      text: ({ valid }) => (valid ? 'valid' : 'ended'),
    },
    {
      id: 'times_redeemed',
      header: 'Redeemed',
      align: 'end',
      cell: ({ times_redeemed, max_redemptions }) => (
        <Redemptions times={times_redeemed} max={max_redemptions} />
      ),
      text: ({ times_redeemed }) => times_redeemed,
    },
    {
      id: 'redeem_by',
      header: 'Redeem by',
      cell: ({ redeem_by }) => (redeem_by === null ? null : <Time at={redeem_by} as="date" />),
      text: ({ redeem_by }) => (redeem_by === null ? null : formatUtc(redeem_by)),
    },
    { ...createdColumn, isExtra: true },
    idColumn,
  ],
  filters: { created: datesFilter('Created') },
  empty: {
    sentence:
      'A coupon says what is taken off, and for how long. Customers redeem it by a promotion code, or you put it on a subscription yourself.',
    snippet: (place) =>
      sdkSnippet(
        place,
        `const coupon = await stripe.coupons.create({\n  percent_off: 25,\n  duration: 'repeating',\n  duration_in_months: 3,\n});`,
      ),
  },
});

/** Why it has ended is told by the limits beside it. */
export const ValidBadge = ({ isValid }: { isValid: boolean }) =>
  isValid ? <Badge look="good">Valid</Badge> : <Badge>Ended</Badge>;

export const Redemptions = ({ times, max }: { times: number; max: number | null }) => (
  <span className="tabular-nums">{max === null ? times : `${times} of ${max}`}</span>
);
