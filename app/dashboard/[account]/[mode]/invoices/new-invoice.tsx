'use client';

import { useRouter } from 'next/navigation';
import { useRef, useState } from 'react';
import { CurrencyPicker, useDefaultCurrency } from '@/app/dashboard/pickers/currency-picker';
import { CustomerPicker } from '@/app/dashboard/pickers/customer-picker';
import { useDefaultDays } from '@/app/dashboard/pickers/default-days';
import { useProject } from '@/components/api/project';
import type { Inputs } from '@/components/api/queries';
import { trpc } from '@/components/api/trpc';
import { usePerform } from '@/components/object/act';
import { countOf, Form, useSubmission } from '@/components/object/form';
import { Radios } from '@/components/ui/choices';
import { Field, Input, Textarea } from '@/components/ui/field';
import { LineFields } from './line-fields';
import { askedLines, newLine, type TypedLine } from './typed-lines';

const COLLECTION = [
  {
    value: 'send_invoice',
    label: 'The customer pays it',
    note: 'They get it, and have some days.',
  },
  { value: 'charge_automatically', label: 'Charge their card', note: 'The default one.' },
] as const;

const FIRST = {
  collection_method: 'send_invoice' as (typeof COLLECTION)[number]['value'],
  /** Until something is typed, the project's own. */
  days: null as string | null,
  description: '',
};

export function NewInvoice(props: { customer: string; onSaved: () => void }) {
  const [customer, setCustomer] = useState(props.customer);
  const [chosenCurrency, setCurrency] = useState<string | null>(null);
  const [terms, setTerms] = useState(FIRST);
  const ownDays = useDefaultDays();
  const [lines, setLines] = useState<readonly TypedLine[]>([newLine(0)]);
  const currency = useCurrencyOf(customer, chosenCurrency);
  const days = terms.days ?? ownDays;
  const save = useSave(props.onSaved);
  const form = useSubmission(
    () =>
      save(askedLines(lines, currency), {
        customer,
        currency,
        collection_method: terms.collection_method,
        ...(terms.collection_method === 'send_invoice'
          ? { days_until_due: countOf(days, 'days_until_due') }
          : {}),
        ...(terms.description === '' ? {} : { description: terms.description }),
      }),
    [
      'customer',
      'currency',
      'days_until_due',
      'description',
      ...lines.map((_, i) => `lines[${i}]`),
    ],
  );
  return (
    <Form form={form} action="Create draft" isIncomplete={customer === ''}>
      <Field label="Customer" error={form.errorOf('customer')}>
        {(control) => <CustomerPicker {...control} value={customer} onChange={setCustomer} />}
      </Field>
      <Field label="Currency" error={form.errorOf('currency')} className="max-w-40">
        {(control) => <CurrencyPicker {...control} value={currency} onChange={setCurrency} />}
      </Field>
      <LineFields lines={lines} onChange={setLines} errorOf={form.errorOf} />
      <Radios
        label="How it is paid"
        value={terms.collection_method}
        options={COLLECTION}
        onChange={(collection_method) => setTerms({ ...terms, collection_method })}
      />
      {terms.collection_method === 'send_invoice' && (
        <Field label="Days to pay" error={form.errorOf('days_until_due')} className="max-w-40">
          {(control) => (
            <Input
              {...control}
              type="number"
              min={0}
              value={days}
              onChange={({ target }) => setTerms({ ...terms, days: target.value })}
            />
          )}
        </Field>
      )}
      <Field
        label="Memo"
        hint="The customer sees it on the invoice."
        error={form.errorOf('description')}
        isOptional
      >
        {(control) => (
          <Textarea
            {...control}
            value={terms.description}
            onChange={({ target }) => setTerms({ ...terms, description: target.value })}
          />
        )}
      </Field>
    </Form>
  );
}

/** The chosen one, else the customer's, else the project's. */
function useCurrencyOf(customer: string, chosen: string | null): string {
  const own = useDefaultCurrency();
  const { data } = trpc.customers.retrieve.useQuery({ id: customer }, { enabled: customer !== '' });
  return chosen ?? (data?.deleted === true ? null : data?.currency) ?? own;
}

type Terms = Exclude<Inputs['invoices']['create'], void | undefined>;

/** Makes the draft, then puts the lines on it; what was made is not made twice. */
function useSave(onSaved: () => void) {
  const router = useRouter();
  const { href } = useProject();
  const draft = useRef<string | null>(null);
  const create = trpc.invoices.create.useMutation();
  const update = trpc.invoices.update.useMutation();
  const addLines = trpc.invoices.addLines.useMutation();
  const perform = usePerform();
  return async (
    lines: Inputs['invoices']['addLines']['lines'],
    { customer, currency, ...terms }: Terms,
  ): Promise<void> => {
    const made =
      draft.current === null
        ? await create.mutateAsync({ customer, currency, ...terms })
        : await update.mutateAsync({ id: draft.current, ...terms });
    draft.current = made.id;
    await perform(() => addLines.mutateAsync({ id: made.id, lines }), 'Draft created');
    onSaved();
    router.push(href(`invoices/${made.id}`));
  };
}
