'use client';

import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { CouponPicker } from '@/app/dashboard/pickers/coupon-picker';
import { PromotionCodePicker } from '@/app/dashboard/pickers/promotion-code-picker';
import { idOf, objectIn } from '@/components/api/expandable';
import { useMay } from '@/components/api/may';
import { trpc } from '@/components/api/trpc';
import { CouponText } from '@/components/money/coupon';
import { Act, usePerform } from '@/components/object/act';
import { Form, useSubmission } from '@/components/object/form';
import { FormSheet } from '@/components/object/form-sheet';
import { ObjectLink } from '@/components/object/object-link';
import { Time } from '@/components/time/time';
import { Button, IconButton } from '@/components/ui/button';
import { Radios } from '@/components/ui/choices';
import { Field } from '@/components/ui/field';
import { Card } from '@/components/ui/surfaces';
import type { SubscriptionObject } from './call';

type Discount = SubscriptionObject['discounts'][number];

/** What is taken off every invoice of the subscription. */
export function Discounts({ subscription }: { subscription: SubscriptionObject }) {
  const may = useMay();
  const { discounts, ended_at } = subscription;
  const mayChange = ended_at === null && may('subscriptions', 'update');
  return (
    <Card title="Discounts" actions={mayChange && <AddDiscount subscription={subscription} />}>
      {discounts.length === 0 ? (
        <p className="text-sm text-muted">Nothing is taken off.</p>
      ) : (
        <ul className="flex flex-col gap-3 text-sm">
          {discounts.map((discount) => (
            <li key={idOf(discount)} className="flex items-start justify-between gap-2">
              <DiscountText discount={discount} />
              {mayChange && <RemoveDiscount subscription={subscription} discount={discount} />}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function DiscountText({ discount }: { discount: Discount }) {
  const shown = objectIn(discount);
  const coupon = objectIn(shown?.source.coupon);
  if (shown === null || coupon === null) return idOf(discount);
  return (
    <span className="flex flex-col">
      <ObjectLink page={`coupons/${encodeURIComponent(coupon.id)}`}>
        {coupon.name ?? coupon.id}
      </ObjectLink>
      <span className="text-muted">
        <CouponText coupon={coupon} />
        {shown.end !== null && (
          <>
            {', until '}
            <Time at={shown.end} as="date" />
          </>
        )}
      </span>
    </span>
  );
}

interface OneOf {
  readonly subscription: SubscriptionObject;
  readonly discount: Discount;
}

/** All but one, as the API takes them. */
const others = ({ subscription, discount: gone }: OneOf) =>
  keep(subscription).filter(({ discount }) => discount !== idOf(gone));

const keep = ({ discounts }: SubscriptionObject) =>
  discounts.map((discount) => ({ discount: idOf(discount) ?? '' }));

function RemoveDiscount({ subscription, discount }: OneOf) {
  const update = trpc.subscriptions.update.useMutation();
  const left = others({ subscription, discount });
  return (
    <Act
      trigger={
        <IconButton label="Remove discount" size="small">
          <X />
        </IconButton>
      }
      title="Remove this discount?"
      action="Remove discount"
      done="Discount removed"
      run={() =>
        update.mutateAsync({ id: subscription.id, discounts: left.length === 0 ? '' : left })
      }
    >
      The next invoice is without it.
    </Act>
  );
}

const AddDiscount = ({ subscription }: { subscription: SubscriptionObject }) => (
  <FormSheet
    title="Add discount"
    trigger={
      <Button size="small">
        <Plus aria-hidden />
        Add
      </Button>
    }
  >
    {(close) => <NewDiscount subscription={subscription} onSaved={close} />}
  </FormSheet>
);

const KINDS = [
  { value: 'coupon', label: 'By coupon' },
  { value: 'promotion_code', label: 'By promotion code' },
] as const;

function NewDiscount(props: { subscription: SubscriptionObject; onSaved: () => void }) {
  const { subscription, onSaved } = props;
  const [kind, setKind] = useState<(typeof KINDS)[number]['value']>('coupon');
  const [chosen, setChosen] = useState('');
  const update = trpc.subscriptions.update.useMutation();
  const perform = usePerform();
  const form = useSubmission(async () => {
    const discounts = [...keep(subscription), { [kind]: chosen }];
    await perform(() => update.mutateAsync({ id: subscription.id, discounts }), 'Discount added');
    onSaved();
  });
  const Picker = kind === 'coupon' ? CouponPicker : PromotionCodePicker;
  return (
    <Form form={form} action="Add discount" isIncomplete={chosen === ''}>
      <Radios
        label="What is redeemed"
        isAcross
        value={kind}
        options={KINDS}
        onChange={(next) => {
          setKind(next);
          setChosen('');
        }}
      />
      <Field label={kind === 'coupon' ? 'Coupon' : 'Promotion code'}>
        {(control) => <Picker {...control} value={chosen} onChange={setChosen} />}
      </Field>
    </Form>
  );
}
