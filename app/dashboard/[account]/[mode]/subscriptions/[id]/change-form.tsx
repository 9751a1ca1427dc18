'use client';

import { useState } from 'react';
import type { Inputs } from '@/components/api/queries';
import { trpc } from '@/components/api/trpc';
import { usePerform } from '@/components/object/act';
import { Form, useSubmission } from '@/components/object/form';
import { FormSheet } from '@/components/object/form-sheet';
import { nowMs } from '@/components/time/clock';
import { Field } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import { Card } from '@/components/ui/surfaces';
import { ItemFields, itemParams } from '../item-fields';
import { Preview } from '../preview';
import { askedItems, isTyped, type TypedItem } from '../typed-items';
import type { SubscriptionObject } from './call';

interface ChangeFormProps {
  readonly subscription: SubscriptionObject;
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** Other prices or quantities, with what that costs before it is done. */
export const ChangeForm = ({ subscription, isOpen, onClose }: ChangeFormProps) => (
  <FormSheet title="Change plan" width="wide" isOpen={isOpen} onOpenChange={onClose}>
    {(close) => <Change subscription={subscription} onSaved={close} />}
  </FormSheet>
);

const PRORATIONS = [
  { value: 'always_invoice', label: 'Invoice the difference now' },
  { value: 'create_prorations', label: 'Put the difference on the next invoice' },
  { value: 'none', label: 'Ask for no difference' },
] as const;

const typedItems = ({ items }: SubscriptionObject): TypedItem[] =>
  items.data.map(({ id, price, quantity }) => ({
    key: id,
    id,
    price,
    quantity: String(quantity ?? 1),
  }));

/** The items as they are to be; what is no longer among them is taken away. */
function changedItems({ items }: SubscriptionObject, typed: readonly TypedItem[]) {
  const kept = new Set(typed.map(({ id }) => id));
  const gone = items.data.filter(({ id }) => !kept.has(id));
  return [...askedItems(typed), ...gone.map(({ id }) => ({ id, deleted: true }))];
}

function Change(props: { subscription: SubscriptionObject; onSaved: () => void }) {
  const { subscription, onSaved } = props;
  const [items, setItems] = useState<readonly TypedItem[]>(() => typedItems(subscription));
  const [proration, setProration] =
    useState<(typeof PRORATIONS)[number]['value']>('always_invoice');
  // As of one and the same second, so that what is previewed is what is then invoiced. A test clock
  // has a time of its own, and stands still.
  const [prorationDate] = useState(() =>
    subscription.test_clock === null ? { proration_date: Math.floor(nowMs() / 1_000) } : {},
  );
  const update = trpc.subscriptions.update.useMutation();
  const perform = usePerform();
  const asked: Terms = {
    items: changedItems(subscription, items),
    proration_behavior: proration,
    ...(proration === 'none' ? {} : prorationDate),
  };
  const form = useSubmission(async () => {
    const change = { id: subscription.id, ...asked };
    await perform(() => update.mutateAsync(change), 'Subscription changed');
    onSaved();
  }, itemParams(items));
  return (
    <Form form={form} action="Change subscription" isIncomplete={!items.every(isTyped)}>
      <ItemFields items={items} onChange={setItems} errorOf={form.errorOf} />
      <Field label="For the rest of the period">
        {(control) => (
          <Select {...control} value={proration} options={PRORATIONS} onChange={setProration} />
        )}
      </Field>
      <Card
        title={proration === 'always_invoice' ? 'What is invoiced' : 'The next invoice'}
        isFlush
      >
        <Preview
          label="Preview"
          asked={{ subscription: subscription.id, subscription_details: asked }}
          none="Nothing would be invoiced."
        />
      </Card>
    </Form>
  );
}

type Terms = Pick<
  Inputs['subscriptions']['update'],
  'items' | 'proration_behavior' | 'proration_date'
>;
