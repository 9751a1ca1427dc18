'use client';

import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { useMay } from '@/components/api/may';
import { trpc } from '@/components/api/trpc';
import { nowMs } from '@/components/time/clock';
import { usePerform } from '@/components/object/act';
import { Form, useSubmission } from '@/components/object/form';
import { Time } from '@/components/time/time';
import { Button, IconButton } from '@/components/ui/button';
import { Radios } from '@/components/ui/choices';
import { Field, Input } from '@/components/ui/field';
import { Card } from '@/components/ui/surfaces';
import type { ProjectSettings } from '../with-settings';

type BillingSettings = ProjectSettings['billing'];

/** TABLE: what becomes of a subscription whose last try has failed. */
const AFTER = [
  { value: 'cancel', label: 'Cancel the subscription' },
  {
    value: 'unpaid',
    label: 'Mark it as unpaid',
    note: 'Its further invoices are made and not charged, until one is paid.',
  },
  { value: 'past_due', label: 'Leave it past due', note: 'Its further invoices are charged too.' },
] as const;

const TRIES_MAX = 12;

/** When a failed payment is tried again, and what happens after the last try. */
export function Dunning({ billing }: { billing: BillingSettings }) {
  const [days, setDays] = useState(billing.retry_days.map(String));
  const [after, setAfter] = useState(billing.after_retries);
  const may = useMay();
  const perform = usePerform();
  const update = trpc.dashboard.projects.updateBilling.useMutation();
  const form = useSubmission(
    () =>
      perform(
        () => update.mutateAsync({ retry_days: days.map(Number), after_retries: after }),
        'Dunning saved',
      ),
    ['retry_days', ...days.map((_, index) => `retry_days[${index}]`)],
  );
  const set = (index: number, text: string): void =>
    setDays(days.map((one, at) => (at === index ? text : one)));
  return (
    <Card title="Failed payments" note="Of invoices that are charged by themselves">
      <Form form={form} action="Save" isFixed={!may('dashboard', 'projects.updateBilling')}>
        <fieldset className="flex flex-col gap-3">
          <legend className="mb-2 text-sm font-medium">Retry schedule</legend>
          {days.length === 0 && (
            <p className="text-sm text-muted">A payment that fails is not tried again.</p>
          )}
          {days.map((text, index) => (
            // A try is known by its place in the schedule.
            // oxlint-disable-next-line react/no-array-index-key
            <div key={index} className="flex items-start gap-2">
              <Field
                label={`Days to retry ${index + 1}`}
                error={form.errorOf(`retry_days[${index}]`)}
                className="w-40"
              >
                {(control) => (
                  <Input
                    {...control}
                    type="number"
                    min={1}
                    max={60}
                    value={text}
                    onChange={({ target }) => set(index, target.value)}
                  />
                )}
              </Field>
              <IconButton
                label={`Remove retry ${index + 1}`}
                className="mt-6.5"
                onClick={() => setDays(days.filter((_, at) => at !== index))}
              >
                <X />
              </IconButton>
            </div>
          ))}
          {form.errorOf('retry_days') !== null && (
            <p role="alert" className="text-[13px] text-bad">
              {form.errorOf('retry_days')}
            </p>
          )}
          {days.length < TRIES_MAX && (
            <Button
              size="small"
              className="self-start"
              onClick={() => setDays([...days, days.at(-1) ?? '3'])}
            >
              <Plus aria-hidden />
              Add a retry
            </Button>
          )}
        </fieldset>
        <div className="flex flex-col gap-2.5">
          <p className="text-sm font-medium">After the last one</p>
          <Radios label="After the last one" value={after} options={AFTER} onChange={setAfter} />
        </div>
        <Preview days={days.map(Number)} after={after} />
      </Form>
    </Card>
  );
}

/** TABLE: the end of the schedule, in words. */
const ENDS: Readonly<Record<BillingSettings['after_retries'], string>> = {
  cancel: 'The subscription is cancelled.',
  unpaid: 'The subscription is unpaid.',
  past_due: 'The subscription stays past due.',
};

const DAY = 24 * 60 * 60;

interface PreviewProps {
  readonly days: readonly number[];
  readonly after: BillingSettings['after_retries'];
}

/** The days of a payment that fails today. */
function Preview({ days, after }: PreviewProps) {
  const [today] = useState(() => Math.floor(nowMs() / 1_000));
  const isWhole = days.every((one) => Number.isInteger(one) && one >= 1 && one <= 60);
  if (!isWhole) return null;
  const tries = days.map((_, index) => days.slice(0, index + 1).reduce((sum, one) => sum + one, 0));
  return (
    <section
      aria-label="Preview"
      className="rounded-lg border border-line bg-page px-4 py-3 text-sm"
    >
      <h3 className="mb-2 font-medium">A payment that fails today</h3>
      <ol className="flex flex-col gap-1">
        {tries.map((after_days, index) => (
          // oxlint-disable-next-line react/no-array-index-key
          <li key={index} className="flex justify-between gap-4">
            <span className="text-muted">Retry {index + 1}</span>
            <Time at={today + after_days * DAY} as="date" />
          </li>
        ))}
        <li className="flex justify-between gap-4 border-t border-line pt-1.5">
          <span>{ENDS[after]}</span>
          <Time at={today + (tries.at(-1) ?? 0) * DAY} as="date" />
        </li>
      </ol>
    </section>
  );
}
