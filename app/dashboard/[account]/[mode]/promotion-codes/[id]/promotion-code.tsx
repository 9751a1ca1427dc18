'use client';

import { customerName, idOf, objectIn } from '@/components/api/expandable';
import { useMay } from '@/components/api/may';
import { useProject } from '@/components/api/project';
import type { Outputs } from '@/components/api/queries';
import { trpc } from '@/components/api/trpc';
import { CouponText } from '@/components/money/coupon';
import { Money } from '@/components/money/money';
import { Act } from '@/components/object/act';
import { Facts } from '@/components/object/facts';
import { MetadataCard } from '@/components/object/metadata';
import { ObjectFailure, ObjectPage, ObjectSkeleton } from '@/components/object/object-page';
import { ObjectLink } from '@/components/object/object-link';
import { EventTimeline } from '@/components/object/timeline';
import { Time } from '@/components/time/time';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/surfaces';
import { Redemptions } from '../../coupons/list';
import { ActiveBadge } from '../list';
import { promotionCodeCall } from './call';

type CodeObject = Outputs['promotionCodes']['retrieve'];

export function PromotionCode({ id }: { id: string }) {
  const { href } = useProject();
  const back = { href: href('promotion-codes'), label: 'Promotion codes' };
  const call = promotionCodeCall(id);
  const { data: code, error, refetch } = trpc.promotionCodes.retrieve.useQuery(call);
  const update = trpc.promotionCodes.update.useMutation();
  const may = useMay();
  if (error !== null && code === undefined) {
    return <ObjectFailure error={error} back={back} onRetry={() => void refetch()} />;
  }
  if (code === undefined) return <ObjectSkeleton />;
  const mayUpdate = may('promotion_codes', 'update');
  return (
    <ObjectPage
      back={back}
      title={code.code}
      badge={<ActiveBadge isActive={code.active} />}
      object={code}
      path={`/v1/promotion_codes/${id}`}
      actions={
        mayUpdate && (
          <Act
            trigger={<Button>{code.active ? 'Deactivate' : 'Activate'}</Button>}
            title={code.active ? 'Deactivate this code?' : 'Activate this code?'}
            action={code.active ? 'Deactivate code' : 'Activate code'}
            done={code.active ? 'Code deactivated' : 'Code activated'}
            look="primary"
            run={() => update.mutateAsync({ id, active: !code.active })}
          >
            {code.active
              ? 'Nobody can redeem it until it is activated again. Whoever has, keeps their discount.'
              : 'It can be redeemed again.'}
          </Act>
        )
      }
      aside={
        <MetadataCard
          metadata={code.metadata ?? {}}
          isFixed={!mayUpdate}
          onSave={async (metadata) => {
            await update.mutateAsync({ id, metadata });
            await refetch();
          }}
        />
      }
    >
      <Card title="Details">
        <CodeFacts code={code} />
      </Card>
      <EventTimeline id={id} />
    </ObjectPage>
  );
}

function CodeFacts({ code }: { code: CodeObject }) {
  const coupon = objectIn(code.promotion.coupon);
  const couponId = idOf(code.promotion.coupon);
  const customerId = idOf(code.customer);
  const { first_time_transaction, minimum_amount, minimum_amount_currency } = code.restrictions;
  return (
    <Facts
      facts={[
        {
          label: 'Coupon',
          value: couponId !== null && (
            <ObjectLink page={`coupons/${encodeURIComponent(couponId)}`}>
              {coupon?.name ?? couponId}
            </ObjectLink>
          ),
        },
        { label: 'Takes off', value: coupon !== null && <CouponText coupon={coupon} /> },
        {
          label: 'Redeemed',
          value: <Redemptions times={code.times_redeemed} max={code.max_redemptions} />,
        },
        { label: 'Expires', value: code.expires_at !== null && <Time at={code.expires_at} /> },
        {
          label: 'Only for',
          value: customerId !== null && (
            <ObjectLink page={`customers/${customerId}`}>{customerName(code.customer)}</ObjectLink>
          ),
        },
        { label: 'First orders', value: first_time_transaction && 'Only those' },
        {
          label: 'Minimum',
          value: minimum_amount !== null && minimum_amount_currency !== null && (
            <Money amount={minimum_amount} currency={minimum_amount_currency} hasCode />
          ),
        },
      ]}
    />
  );
}
