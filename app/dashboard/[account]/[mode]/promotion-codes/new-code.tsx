'use client';

import { useState } from 'react';
import { CouponPicker } from '@/app/dashboard/pickers/coupon-picker';
import { CustomerPicker } from '@/app/dashboard/pickers/customer-picker';
import { trpc } from '@/components/api/trpc';
import { usePerform } from '@/components/object/act';
import { Form, useSubmission } from '@/components/object/form';
import { Checkbox } from '@/components/ui/choices';
import { Field, Input } from '@/components/ui/field';

const FIRST = { code: '', customer: '', max: '', isFirstOnly: false };

interface NewCodeProps {
  readonly coupon: string | undefined;
  readonly onSaved: (id: string) => void;
}

export function NewCode({ coupon: given, onSaved }: NewCodeProps) {
  const [coupon, setCoupon] = useState(given ?? '');
  const [typed, setTyped] = useState(FIRST);
  const create = trpc.promotionCodes.create.useMutation();
  const perform = usePerform();
  const change = (changes: Partial<typeof FIRST>): void => setTyped({ ...typed, ...changes });
  const form = useSubmission(async () => {
    const asked = {
      promotion: { type: 'coupon' as const, coupon },
      ...(typed.code === '' ? {} : { code: typed.code }),
      ...(typed.customer === '' ? {} : { customer: typed.customer }),
      ...(typed.max === '' ? {} : { max_redemptions: Number(typed.max) }),
      ...(typed.isFirstOnly ? { restrictions: { first_time_transaction: true } } : {}),
    };
    const { id } = await perform(() => create.mutateAsync(asked), 'Promotion code created');
    onSaved(id);
  }, ['promotion[coupon]', 'code', 'customer', 'max_redemptions']);
  return (
    <Form form={form} action="Create code" isIncomplete={coupon === ''}>
      {given === undefined && (
        <Field label="Coupon" error={form.errorOf('promotion[coupon]')}>
          {(control) => <CouponPicker {...control} value={coupon} onChange={setCoupon} />}
        </Field>
      )}
      <Field
        label="Code"
        hint="What customers type in; otherwise one is made up."
        error={form.errorOf('code')}
        isOptional
      >
        {(control) => (
          <Input
            {...control}
            autoComplete="off"
            placeholder="SUMMER25"
            value={typed.code}
            onChange={({ target }) => change({ code: target.value })}
          />
        )}
      </Field>
      <Field label="Only for" error={form.errorOf('customer')} isOptional>
        {(control) => (
          <CustomerPicker
            {...control}
            value={typed.customer}
            onChange={(customer) => change({ customer })}
          />
        )}
      </Field>
      <Field
        label="Redemptions"
        hint="How often it can be redeemed in all."
        error={form.errorOf('max_redemptions')}
        isOptional
      >
        {(control) => (
          <Input
            {...control}
            type="number"
            min={1}
            value={typed.max}
            onChange={({ target }) => change({ max: target.value })}
          />
        )}
      </Field>
      <Checkbox
        label="Only for a first order"
        note="Of customers who have not paid before."
        checked={typed.isFirstOnly}
        onChange={(isFirstOnly) => change({ isFirstOnly })}
      />
    </Form>
  );
}
