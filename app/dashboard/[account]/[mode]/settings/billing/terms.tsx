'use client';

import { useState } from 'react';
import { useMay } from '@/components/api/may';
import { trpc } from '@/components/api/trpc';
import { usePerform } from '@/components/object/act';
import { Form, useSubmission } from '@/components/object/form';
import { TextFields, type TextSpec } from '@/components/object/text-fields';
import { Radios } from '@/components/ui/choices';
import { Card } from '@/components/ui/surfaces';
import type { ProjectSettings } from '../with-settings';

/** TABLE: the numbers of billing. Hours are stored as seconds, the rest as it is typed. */
const FIELDS = [
  {
    name: 'days_until_due',
    label: 'Days to pay',
    hint: 'In which the forms for an invoice that is sent begin.',
    type: 'number',
    isRequired: true,
  },
  {
    name: 'draft_seconds',
    label: 'Hours as a draft',
    hint: 'How long the invoice of a renewal can still be changed. 0 to 72.',
    type: 'number',
    isRequired: true,
  },
  {
    name: 'upcoming_days',
    label: 'Days before a renewal',
    hint: 'When invoice.upcoming is sent.',
    type: 'number',
    isRequired: true,
  },
  {
    name: 'trial_will_end_days',
    label: 'Days before the end of a trial',
    hint: 'When customer.subscription.trial_will_end is sent.',
    type: 'number',
    isRequired: true,
  },
] as const satisfies readonly TextSpec<string>[];

/** TABLE: how invoices are numbered. */
const NUMBERING = [
  { value: 'customer', label: 'For each customer', note: 'ABCD1234-0001, by their own prefix.' },
  { value: 'project', label: 'In one sequence', note: 'For the whole project.' },
] as const;

const HOUR = 60 * 60;

export function Terms({ billing }: { billing: ProjectSettings['billing'] }) {
  const [typed, setTyped] = useState(() => ({
    days_until_due: String(billing.days_until_due),
    draft_seconds: String(billing.draft_seconds / HOUR),
    upcoming_days: String(billing.upcoming_days),
    trial_will_end_days: String(billing.trial_will_end_days),
  }));
  const [invoice_numbering, setNumbering] = useState(billing.invoice_numbering);
  const may = useMay();
  const perform = usePerform();
  const update = trpc.dashboard.projects.updateBilling.useMutation();
  const form = useSubmission(
    () => {
      const changes = {
        days_until_due: Number(typed.days_until_due),
        draft_seconds: Math.round(Number(typed.draft_seconds) * HOUR),
        upcoming_days: Number(typed.upcoming_days),
        trial_will_end_days: Number(typed.trial_will_end_days),
        invoice_numbering,
      };
      return perform(() => update.mutateAsync(changes), 'Billing saved');
    },
    FIELDS.map(({ name }) => name),
  );
  return (
    <Card title="Invoices and subscriptions">
      <Form form={form} action="Save" isFixed={!may('dashboard', 'projects.updateBilling')}>
        <div className="grid gap-4 sm:grid-cols-2">
          <TextFields
            fields={FIELDS}
            form={form}
            typed={typed}
            onChange={(name, text) => setTyped({ ...typed, [name]: text })}
          />
        </div>
        <div className="flex flex-col gap-2.5">
          <p className="text-sm font-medium">Invoice numbers</p>
          <Radios
            label="Invoice numbers"
            value={invoice_numbering}
            options={NUMBERING}
            onChange={setNumbering}
          />
        </div>
      </Form>
    </Card>
  );
}
