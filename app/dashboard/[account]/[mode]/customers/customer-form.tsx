'use client';

import { useState, type FormEvent, type ReactNode } from 'react';
import { failureOf, type Failure } from '@/components/api/failure';
import type { Outputs } from '@/components/api/queries';
import { trpc } from '@/components/api/trpc';
import { Button } from '@/components/ui/button';
import { Field, Input, Textarea } from '@/components/ui/field';
import { Sheet } from '@/components/ui/sheet';
import { useToasts } from '@/components/ui/toast';

type Customer = Outputs['customers']['create'];

export interface CustomerFormProps {
  readonly trigger: ReactNode;
  /** The one to edit; without it one is created. */
  readonly customer?: Customer;
  readonly onSaved?: (customer: Customer) => void;
}

export function CustomerForm({ trigger, customer, onSaved }: CustomerFormProps) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Sheet
      isOpen={isOpen}
      onOpenChange={setIsOpen}
      trigger={trigger}
      title={customer === undefined ? 'Create customer' : 'Edit customer'}
    >
      <Form
        customer={customer}
        onSaved={(saved) => {
          setIsOpen(false);
          onSaved?.(saved);
        }}
      />
    </Sheet>
  );
}

/** TABLE: what can be typed in. */
const FIELDS = [
  { name: 'name', label: 'Name', type: 'text' },
  { name: 'email', label: 'E-mail', type: 'email', hint: 'Receipts and invoices go there.' },
  { name: 'phone', label: 'Phone', type: 'tel' },
  {
    name: 'description',
    label: 'Description',
    type: 'long',
    hint: 'For you: customers never see it.',
  },
] as const;

type FieldName = (typeof FIELDS)[number]['name'];
type Typed = Record<FieldName, string>;

const typedOf = (customer: Customer | undefined): Typed => ({
  name: customer?.name ?? '',
  email: customer?.email ?? '',
  phone: customer?.phone ?? '',
  description: customer?.description ?? '',
});

interface FormProps {
  readonly customer: Customer | undefined;
  readonly onSaved: (customer: Customer) => void;
}

function Form({ customer, onSaved }: FormProps) {
  const [typed, setTyped] = useState(() => typedOf(customer));
  const { save, failure, isBusy } = useSave(customer, onSaved);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save(typed);
  };
  return (
    // What an e-mail address is, the server decides.
    <form noValidate onSubmit={submit} className="flex flex-col gap-4">
      {FIELDS.map((field) => (
        <Field
          key={field.name}
          label={field.label}
          hint={'hint' in field ? field.hint : undefined}
          error={failure?.param === field.name ? failure.message : null}
          isOptional
        >
          {(control) => {
            const given = {
              ...control,
              name: field.name,
              value: typed[field.name],
              onChange: ({ target }: { target: { value: string } }) =>
                setTyped((before) => ({ ...before, [field.name]: target.value })),
            };
            return field.type === 'long' ? (
              <Textarea {...given} />
            ) : (
              <Input type={field.type} autoComplete="off" {...given} />
            );
          }}
        </Field>
      ))}
      {failure !== null && !FIELDS.some(({ name }) => name === failure.param) && (
        <p role="alert" className="text-sm text-bad">
          {failure.message}
        </p>
      )}
      <Button type="submit" look="primary" isBusy={isBusy} className="mt-2 self-end">
        {customer === undefined ? 'Create customer' : 'Save'}
      </Button>
    </form>
  );
}

/** Creates or updates, then has the lists asked again that the customer is in. */
function useSave(customer: Customer | undefined, onSaved: (customer: Customer) => void) {
  const toasts = useToasts();
  const queries = trpc.useUtils();
  const outcome = {
    onSuccess: async (saved: Customer) => {
      await queries.customers.invalidate();
      toasts.done(customer === undefined ? 'Customer created' : 'Customer saved');
      onSaved(saved);
    },
  };
  const create = trpc.customers.create.useMutation(outcome);
  const update = trpc.customers.update.useMutation(outcome);
  const { error, isPending } = customer === undefined ? create : update;
  const failure: Failure | null = error === null ? null : failureOf(error);
  return {
    failure,
    isBusy: isPending,
    save: (typed: Typed): void => {
      if (customer !== undefined) return update.mutate({ id: customer.id, ...typed });
      // What is empty is not said: only an update unsets.
      const said = Object.fromEntries(Object.entries(typed).filter(([, text]) => text !== ''));
      create.mutate(said);
    },
  };
}
