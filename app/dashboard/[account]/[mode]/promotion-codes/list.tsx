import { customerName, idOf, objectIn } from '@/components/api/expandable';
import type { RowOf } from '@/components/api/queries';
import { createdColumn, idColumn } from '@/components/list/common-columns';
import { defineList } from '@/components/list/define';
import { datesFilter, tabsFilter, textFilter } from '@/components/list/filters';
import { sdkSnippet } from '@/components/list/snippet';
import { CouponText } from '@/components/money/coupon';
import { formatUtc } from '@/components/time/format';
import { Time } from '@/components/time/time';
import { Badge } from '@/components/ui/badge';
import { Redemptions } from '../coupons/list';

type PromotionCode = RowOf<'promotionCodes.list'>;

const couponOf = ({ promotion }: PromotionCode) => objectIn(promotion.coupon);

export const promotionCodeList = defineList({
  path: 'promotionCodes.list',
  name: 'promotion-codes',
  title: 'Promotion codes',
  nouns: ['promotion code', 'promotion codes'],
  href: ({ id }) => `promotion-codes/${id}`,
  columns: [
    {
      id: 'code',
      header: 'Code',
      isNarrow: true,
      cell: ({ code }) => <span className="font-mono text-[13px]">{code}</span>,
      text: ({ code }) => code,
    },
    {
      id: 'coupon',
      header: 'Takes off',
      isNarrow: true,
      cell: (row) => {
        const coupon = couponOf(row);
        return coupon === null ? idOf(row.promotion.coupon) : <CouponText coupon={coupon} />;
      },
      text: ({ promotion }) => idOf(promotion.coupon),
    },
    {
      id: 'active',
      header: 'Status',
      cell: ({ active }) => <ActiveBadge isActive={active} />,
      text: ({ active }) => (active ? 'active' : 'inactive'),
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
      id: 'expires_at',
      header: 'Expires',
      cell: ({ expires_at }) => (expires_at === null ? null : <Time at={expires_at} as="date" />),
      text: ({ expires_at }) => (expires_at === null ? null : formatUtc(expires_at)),
    },
    {
      id: 'customer',
      header: 'Only for',
      isExtra: true,
      cell: ({ customer }) => customerName(customer),
      text: ({ customer }) => customerName(customer),
    },
    { ...createdColumn, isExtra: true },
    idColumn,
  ],
  input: { expand: ['data.promotion.coupon', 'data.customer'] },
  filters: {
    status: tabsFilter(
      'Status',
      [
        { value: 'active', label: 'Active' },
        { value: 'inactive', label: 'Inactive' },
      ],
      (status) => ({ active: status === 'active' }),
    ),
    code: textFilter('Code', 'SUMMER25', 'code'),
    coupon: textFilter('Coupon', 'Id of a coupon', 'coupon'),
    created: datesFilter('Created'),
  },
  empty: {
    sentence: 'A promotion code is what customers type in to redeem a coupon. Make a coupon first.',
    snippet: (place) =>
      sdkSnippet(
        place,
        `const code = await stripe.promotionCodes.create({\n  promotion: { type: 'coupon', coupon: coupon.id },\n  code: 'SUMMER25',\n});`,
      ),
  },
});

export const ActiveBadge = ({ isActive }: { isActive: boolean }) =>
  isActive ? <Badge look="good">Active</Badge> : <Badge>Inactive</Badge>;
