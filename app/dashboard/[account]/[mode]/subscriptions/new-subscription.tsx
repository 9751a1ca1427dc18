'use client';

import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { CustomerPicker } from '@/app/dashboard/pickers/customer-picker';
import { useDefaultDays } from '@/app/dashboard/pickers/default-days';
import { DEFAULT_METHOD, MethodPicker } from '@/app/dashboard/pickers/method-picker';
import { PromotionCodePicker } from '@/app/dashboard/pickers/promotion-code-picker';
import { useProject } from '@/components/api/project';
import { trpc } from '@/components/api/trpc';
import { usePerform } from '@/components/object/act';
import { countOf, Form, useSubmission } from '@/components/object/form';
import { Radios } from '@/components/ui/choices';
import { Field, Input } from '@/components/ui/field';
import { Card } from '@/components/ui/surfaces';
import { ItemFields, itemParams } from './item-fields';
import { Preview } from './preview';
import { askedItems, isTyped, newItem, type TypedItem } from './typed-items';

const COLLECTION = [
  { value: 'charge_automatically', label: 'Charge a card' },
  { value: 'send_invoice', label: 'Send an invoice each time' },
] as const;

const FIRST = {
  collection: 'charge_automatically' as (typeof COLLECTION)[number]['value'],
  method: DEFAULT_METHOD,
  /** Until something is typed, the project's own. */
  daysToPay: null as string | null,
  trialDays: '',
  promotionCode: '',
};

export function NewSubscription(props: { customer: string; onSaved: () => void }) {
  const [customer, setCustomer] = useState(props.customer);
  const [items, setItems] = useState<readonly TypedItem[]>([newItem('0')]);
  const [typed, setTerms] = useState(FIRST);
  const days = useDefaultDays();
  const terms = { ...typed, daysToPay: typed.daysToPay ?? days };
  const router = useRouter();
  const { href } = useProject();
  const create = trpc.subscriptions.create.useMutation();
  const perform = usePerform();
  const asked = askedItems(items);
  const discounts =
    terms.promotionCode === '' ? {} : { discounts: [{ promotion_code: terms.promotionCode }] };
  const form = useSubmission(async () => {
    const given = {
      customer,
      items: asked,
      ...discounts,
      ...(terms.trialDays === ''
        ? {}
        : { trial_period_days: countOf(terms.trialDays, 'trial_period_days') }),
      ...payment(terms),
    };
    const { id } = await perform(() => create.mutateAsync(given), 'Subscription created');
    props.onSaved();
    router.push(href(`subscriptions/${id}`));
  }, ['customer', 'trial_period_days', 'days_until_due', ...itemParams(items)]);
  const isComplete = customer !== '' && items.every(isTyped);
  const isPreviewed = isComplete && terms.trialDays === '';
  return (
    <Form form={form} action="Create subscription" isIncomplete={!isComplete}>
      <Field label="Customer" error={form.errorOf('customer')}>
        {(control) => <CustomerPicker {...control} value={customer} onChange={setCustomer} />}
      </Field>
      <ItemFields items={items} onChange={setItems} errorOf={form.errorOf} />
      <TermsFields customer={customer} terms={terms} onChange={setTerms} errorOf={form.errorOf} />
      {isPreviewed && (
        <Card title="First invoice" isFlush>
          <Preview
            label="First invoice"
            none="Nothing is invoiced at the start."
            asked={{ customer, ...discounts, subscription_details: { items: asked } }}
          />
        </Card>
      )}
    </Form>
  );
}

type Terms = typeof FIRST & { readonly daysToPay: string };

function payment({ collection, method, daysToPay }: Terms) {
  if (collection === 'send_invoice') {
    return { collection_method: collection, days_until_due: countOf(daysToPay, 'days_until_due') };
  }
  return {
    collection_method: collection,
    ...(method === DEFAULT_METHOD ? {} : { default_payment_method: method }),
  };
}

interface TermsFieldsProps {
  readonly customer: string;
  readonly terms: Terms;
  readonly onChange: (terms: Terms) => void;
  readonly errorOf: (param: string) => string | null;
}

function TermsFields({ customer, terms, onChange, errorOf }: TermsFieldsProps) {
  const change = (changes: Partial<Terms>): void => onChange({ ...terms, ...changes });
  return (
    <>
      <Field label="Trial days" error={errorOf('trial_period_days')} isOptional>
        {(control) => (
          <Input
            {...control}
            type="number"
            min={0}
            value={terms.trialDays}
            onChange={({ target }) => change({ trialDays: target.value })}
          />
        )}
      </Field>
      <Field label="Promotion code" isOptional>
        {(control) => (
          <PromotionCodePicker
            {...control}
            value={terms.promotionCode}
            onChange={(promotionCode) => change({ promotionCode })}
          />
        )}
      </Field>
      <Radios
        label="How it is paid"
        value={terms.collection}
        options={COLLECTION}
        onChange={(collection) => change({ collection })}
      />
      {terms.collection === 'send_invoice' ? (
        <Field label="Days to pay" error={errorOf('days_until_due')}>
          {(control) => (
            <Input
              {...control}
              type="number"
              min={0}
              value={terms.daysToPay}
              onChange={({ target }) => change({ daysToPay: target.value })}
            />
          )}
        </Field>
      ) : (
        <Field label="Card">
          {(control) => (
            <MethodPicker
              {...control}
              customer={customer}
              value={terms.method}
              onChange={(method) => change({ method })}
            />
          )}
        </Field>
      )}
    </>
  );
}
