'use client';

import { useState, type ReactNode } from 'react';
import type { Outputs } from '@/components/api/queries';
import { trpc } from '@/components/api/trpc';
import { usePerform } from '@/components/object/act';
import { Form, useSubmission } from '@/components/object/form';
import { FormSheet } from '@/components/object/form-sheet';
import { TextFields, type TextSpec } from '@/components/object/text-fields';

type Customer = Outputs['customers']['create'];

export interface CustomerFormProps {
  readonly trigger: ReactNode;
  /** The one to edit; without it one is created. */
  readonly customer?: Customer;
  readonly onSaved?: (customer: Customer) => void;
}

export const CustomerForm = ({ trigger, customer, onSaved }: CustomerFormProps) => (
  <FormSheet trigger={trigger} title={customer === undefined ? 'Create customer' : 'Edit customer'}>
    {(close) => (
      <Fields
        customer={customer}
        onSaved={(saved) => {
          close();
          onSaved?.(saved);
        }}
      />
    )}
  </FormSheet>
);

/** TABLE: what can be typed in. */
const FIELDS = [
  { name: 'name', label: 'Name' },
  { name: 'email', label: 'E-mail', type: 'email', hint: 'Receipts and invoices go there.' },
  { name: 'phone', label: 'Phone', type: 'tel' },
  {
    name: 'description',
    label: 'Description',
    type: 'long',
    hint: 'For you: customers never see it.',
  },
] as const satisfies readonly TextSpec<string>[];

type Typed = Record<(typeof FIELDS)[number]['name'], string>;

const typedOf = (customer: Customer | undefined): Typed => ({
  name: customer?.name ?? '',
  email: customer?.email ?? '',
  phone: customer?.phone ?? '',
  description: customer?.description ?? '',
});

interface FieldsProps {
  readonly customer: Customer | undefined;
  readonly onSaved: (customer: Customer) => void;
}

function Fields({ customer, onSaved }: FieldsProps) {
  const [typed, setTyped] = useState(() => typedOf(customer));
  const create = trpc.customers.create.useMutation();
  const update = trpc.customers.update.useMutation();
  const perform = usePerform();
  const form = useSubmission(
    async () => {
      // What is empty is said by an update, which unsets it, and not when there is nothing yet.
      const said = Object.fromEntries(Object.entries(typed).filter(([, text]) => text !== ''));
      const saved =
        customer === undefined
          ? await perform(() => create.mutateAsync(said), 'Customer created')
          : await perform(
              () => update.mutateAsync({ id: customer.id, ...typed }),
              'Customer saved',
            );
      onSaved(saved);
    },
    FIELDS.map(({ name }) => name),
  );
  return (
    <Form form={form} action={customer === undefined ? 'Create customer' : 'Save'}>
      <TextFields
        fields={FIELDS}
        form={form}
        typed={typed}
        onChange={(name, text) => setTyped((before) => ({ ...before, [name]: text }))}
      />
    </Form>
  );
}
