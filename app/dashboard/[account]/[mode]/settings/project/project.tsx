'use client';

import { useState } from 'react';
import { useRouter } from 'next/navigation';
import { CurrencyPicker } from '@/app/dashboard/pickers/currency-picker';
import { useMay } from '@/components/api/may';
import { trpc } from '@/components/api/trpc';
import { PageHeader } from '@/components/layout/page-header';
import { usePerform } from '@/components/object/act';
import { Facts } from '@/components/object/facts';
import { Form, useSubmission } from '@/components/object/form';
import { TextFields, type TextSpec } from '@/components/object/text-fields';
import { CopyId } from '@/components/ui/copy';
import { Field } from '@/components/ui/field';
import { Card } from '@/components/ui/surfaces';
import { WithSettings, type ProjectSettings } from '../with-settings';
import { Logs } from './logs';
import { TaxIds } from './tax-ids';

/** Who the business is: what the API says of the account, and what stands on invoices. */
export const Project = () => (
  <>
    <PageHeader title="Project" note="The same in test and live mode." />
    <WithSettings>
      {(settings) => (
        <>
          <Card title="Identity">
            <Facts
              facts={[
                { label: 'Account id', value: <CopyId id={settings.account} /> },
                { label: 'Country', value: settings.country },
              ]}
            />
          </Card>
          <Business settings={settings} />
          <TaxIds />
          <Logs logs={settings.logs} />
        </>
      )}
    </WithSettings>
  </>
);

/** TABLE: what is said of the business. */
const FIELDS = [
  { name: 'name', label: 'Name', hint: 'Payers and invoices see it.', isRequired: true },
  {
    name: 'statement_descriptor',
    label: 'Statement descriptor',
    hint: 'What the API answers as the text on card statements: 5 to 22 letters, digits and spaces.',
    maxLength: 22,
  },
  { name: 'url', label: 'Website', type: 'url', placeholder: 'https://example.com' },
  { name: 'support_email', label: 'Support e-mail', type: 'email' },
  { name: 'support_phone', label: 'Support phone', type: 'tel' },
  { name: 'support_url', label: 'Support page', type: 'url' },
] as const satisfies readonly TextSpec<string>[];

/** TABLE: the address, as Stripe has one. */
const ADDRESS = [
  { name: 'line1', label: 'Street', autoComplete: 'address-line1' },
  { name: 'line2', label: 'Second line', autoComplete: 'address-line2' },
  { name: 'city', label: 'Town', autoComplete: 'address-level2' },
  { name: 'state', label: 'County', autoComplete: 'address-level1' },
  { name: 'postal_code', label: 'Postcode', autoComplete: 'postal-code' },
  {
    name: 'country',
    label: 'Country',
    hint: 'Two letters, such as GB.',
    autoComplete: 'country',
    maxLength: 2,
  },
] as const satisfies readonly TextSpec<string>[];

const textsOf = <Name extends string>(
  fields: readonly TextSpec<Name>[],
  given: Readonly<Partial<Record<Name, string | null>>> | null,
): Record<Name, string> =>
  Object.fromEntries(fields.map(({ name }) => [name, given?.[name] ?? ''])) as Record<Name, string>;

function Business({ settings }: { settings: ProjectSettings }) {
  const [typed, setTyped] = useState(() => textsOf(FIELDS, settings));
  const [address, setAddress] = useState(() => textsOf(ADDRESS, settings.support_address));
  const [currency, setCurrency] = useState(settings.default_currency);
  const may = useMay();
  const router = useRouter();
  const perform = usePerform();
  const update = trpc.dashboard.projects.update.useMutation();
  const form = useSubmission(async () => {
    const hasAddress = Object.values(address).some((line) => line.trim() !== '');
    const changes = {
      ...typed,
      default_currency: currency,
      support_address: hasAddress ? address : null,
    };
    await perform(() => update.mutateAsync(changes), 'Project saved');
    // The name is in the frame, which the server made.
    router.refresh();
  }, [...FIELDS.map(({ name }) => name), 'default_currency', ...ADDRESS.map(addressParam)]);
  return (
    <Card title="Business">
      <Form form={form} action="Save" isFixed={!may('dashboard', 'projects.update')}>
        <div className="grid gap-4 sm:grid-cols-2">
          <TextFields
            fields={FIELDS}
            form={form}
            typed={typed}
            onChange={(name, text) => setTyped({ ...typed, [name]: text })}
          />
          <Field
            label="Default currency"
            hint="In which new forms begin. What there is keeps its own."
            error={form.errorOf('default_currency')}
          >
            {(control) => <CurrencyPicker {...control} value={currency} onChange={setCurrency} />}
          </Field>
        </div>
        <fieldset className="mt-2 grid gap-4 border-t border-line pt-4 sm:grid-cols-2">
          <legend className="float-left mb-1 text-sm font-semibold sm:col-span-2">
            Business address
          </legend>
          <TextFields
            fields={ADDRESS}
            form={form}
            typed={address}
            onChange={(name, text) => setAddress({ ...address, [name]: text })}
            paramOf={(name) => addressParam({ name })}
          />
        </fieldset>
      </Form>
    </Card>
  );
}

const addressParam = ({ name }: { readonly name: string }): string => `support_address[${name}]`;
