'use client';

import { Pencil, Plus } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { useMay } from '@/components/api/may';
import { useProject } from '@/components/api/project';
import type { Outputs } from '@/components/api/queries';
import { trpc } from '@/components/api/trpc';
import { CouponText } from '@/components/money/coupon';
import { Act, usePerform } from '@/components/object/act';
import { Facts } from '@/components/object/facts';
import { Form, useSubmission } from '@/components/object/form';
import { FormSheet } from '@/components/object/form-sheet';
import { MetadataCard } from '@/components/object/metadata';
import { ObjectFailure, ObjectPage, ObjectSkeleton } from '@/components/object/object-page';
import { definePart, PartList } from '@/components/object/part-list';
import { EventTimeline } from '@/components/object/timeline';
import { Time } from '@/components/time/time';
import { Button } from '@/components/ui/button';
import { Field, Input } from '@/components/ui/field';
import { Card } from '@/components/ui/surfaces';
import { ActiveBadge } from '../../promotion-codes/list';
import { PromotionCodeForm } from '../../promotion-codes/promotion-code-form';
import { Redemptions, ValidBadge } from '../list';

type CouponObject = Outputs['coupons']['retrieve'];

export function Coupon({ id }: { id: string }) {
  const { href } = useProject();
  const back = { href: href('coupons'), label: 'Coupons' };
  const { data: coupon, error, refetch } = trpc.coupons.retrieve.useQuery({ id });
  const update = trpc.coupons.update.useMutation();
  const queries = trpc.useUtils();
  const may = useMay();
  if (error !== null && coupon === undefined) {
    return <ObjectFailure error={error} back={back} onRetry={() => void refetch()} />;
  }
  if (coupon === undefined) return <ObjectSkeleton />;
  return (
    <ObjectPage
      back={back}
      title={coupon.name ?? <CouponText coupon={coupon} />}
      badge={<ValidBadge isValid={coupon.valid} />}
      object={coupon}
      path={`/v1/coupons/${encodeURIComponent(id)}`}
      actions={<Actions coupon={coupon} />}
      aside={
        <>
          <Card title="Details">
            <CouponFacts coupon={coupon} />
          </Card>
          <MetadataCard
            metadata={coupon.metadata ?? {}}
            isFixed={!may('coupons', 'update')}
            onSave={async (metadata) => {
              const saved = await update.mutateAsync({ id, metadata });
              queries.coupons.retrieve.setData({ id }, saved);
            }}
          />
        </>
      }
    >
      <CouponCodes coupon={coupon} />
      <EventTimeline id={id} />
    </ObjectPage>
  );
}

const CouponFacts = ({ coupon }: { coupon: CouponObject }) => (
  <Facts
    facts={[
      { label: 'Takes off', value: <CouponText coupon={coupon} /> },
      {
        label: 'Redeemed',
        value: <Redemptions times={coupon.times_redeemed} max={coupon.max_redemptions} />,
      },
      {
        label: 'Redeem by',
        value: coupon.redeem_by !== null && <Time at={coupon.redeem_by} />,
      },
    ]}
  />
);

const NEWEST = 20;

const codes = definePart({
  title: 'Promotion codes',
  path: 'promotionCodes.list',
  href: ({ id }) => `promotion-codes/${id}`,
  empty: 'No codes. With one, customers redeem this coupon themselves.',
  columns: [
    { header: 'Code', isNarrow: true, cell: ({ code }) => code },
    { header: 'Status', isNarrow: true, cell: ({ active }) => <ActiveBadge isActive={active} /> },
    {
      header: 'Redeemed',
      align: 'end',
      cell: ({ times_redeemed, max_redemptions }) => (
        <Redemptions times={times_redeemed} max={max_redemptions} />
      ),
    },
  ],
});

function CouponCodes({ coupon }: { coupon: CouponObject }) {
  const may = useMay();
  return (
    <PartList
      part={codes}
      input={{ coupon: coupon.id, limit: NEWEST }}
      actions={
        may('promotion_codes', 'create') && (
          <PromotionCodeForm
            coupon={coupon.id}
            trigger={
              <Button size="small">
                <Plus aria-hidden />
                Add code
              </Button>
            }
          />
        )
      }
    />
  );
}

function Actions({ coupon }: { coupon: CouponObject }) {
  const router = useRouter();
  const { href } = useProject();
  const may = useMay();
  const remove = trpc.coupons.remove.useMutation();
  return (
    <>
      {may('coupons', 'remove') && (
        <Act
          trigger={<Button look="quiet">Delete</Button>}
          title="Delete this coupon?"
          action="Delete coupon"
          done="Coupon deleted"
          run={async () => {
            await remove.mutateAsync({ id: coupon.id });
            router.push(href('coupons'));
          }}
        >
          Nobody can redeem it any more, nor its promotion codes. Whoever has it keeps their
          discount.
        </Act>
      )}
      {may('coupons', 'update') && (
        <FormSheet
          title="Rename coupon"
          trigger={
            <Button>
              <Pencil aria-hidden />
              Rename
            </Button>
          }
        >
          {(close) => <Rename coupon={coupon} onSaved={close} />}
        </FormSheet>
      )}
    </>
  );
}

function Rename({ coupon, onSaved }: { coupon: CouponObject; onSaved: () => void }) {
  const [name, setName] = useState(coupon.name ?? '');
  const update = trpc.coupons.update.useMutation();
  const perform = usePerform();
  const form = useSubmission(async () => {
    await perform(() => update.mutateAsync({ id: coupon.id, name }), 'Coupon renamed');
    onSaved();
  }, ['name']);
  return (
    <Form form={form} action="Save">
      <Field
        label="Name"
        hint="Customers see it on their invoices."
        error={form.errorOf('name')}
        isOptional
      >
        {(control) => (
          <Input {...control} value={name} onChange={({ target }) => setName(target.value)} />
        )}
      </Field>
    </Form>
  );
}
