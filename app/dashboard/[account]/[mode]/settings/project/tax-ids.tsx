'use client';

import { Plus, X } from 'lucide-react';
import { useState } from 'react';
import { useMay } from '@/components/api/may';
import type { Inputs, RowOf } from '@/components/api/queries';
import { trpc } from '@/components/api/trpc';
import { Act, usePerform } from '@/components/object/act';
import { Form, useSubmission } from '@/components/object/form';
import { FormSheet } from '@/components/object/form-sheet';
import { definePart, PartList } from '@/components/object/part-list';
import { Button, IconButton } from '@/components/ui/button';
import { Field, Input } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import { ownTaxIds } from './call';

type TaxId = RowOf<'taxIds.list'>;

const taxIdsPart = definePart({
  title: 'Tax numbers',
  path: 'taxIds.list',
  columns: [
    { header: 'Number', isNarrow: true, cell: ({ value }) => value },
    { header: 'Type', isNarrow: true, cell: ({ type }) => nameOf(type) },
    { header: 'Country', cell: ({ country }) => country },
  ],
  empty: 'None in this mode. Invoices show them beside the address.',
});

/** The business's own, in the page's mode: they stand on invoices that name no others. */
export function TaxIds() {
  const may = useMay();
  return (
    <PartList
      part={taxIdsPart}
      input={ownTaxIds}
      actions={may('tax_ids', 'create') && <AddTaxId />}
      renderActions={
        may('tax_ids', 'remove') ? (taxId) => <RemoveTaxId taxId={taxId} /> : undefined
      }
    />
  );
}

/** TABLE: the types that most businesses here have. The API takes the others too. */
const TYPES = [
  { value: 'gb_vat', label: 'United Kingdom VAT', note: 'GB123456789' },
  { value: 'eu_vat', label: 'European VAT', note: 'DE123456789' },
  { value: 'ch_vat', label: 'Switzerland VAT', note: 'CHE-123.456.789 MWST' },
  { value: 'no_vat', label: 'Norway VAT', note: '123456789MVA' },
  { value: 'us_ein', label: 'United States EIN', note: '12-3456789' },
  { value: 'ca_gst_hst', label: 'Canada GST/HST', note: '123456789RT0002' },
  { value: 'au_abn', label: 'Australia ABN', note: '12345678912' },
  { value: 'nz_gst', label: 'New Zealand GST', note: '123456789' },
] as const satisfies readonly {
  value: Inputs['taxIds']['create']['type'];
  label: string;
  note: string;
}[];

const nameOf = (type: string): string =>
  TYPES.find(({ value }) => value === type)?.label ?? type.replaceAll('_', ' ').toUpperCase();

const AddTaxId = () => (
  <FormSheet
    title="Add tax number"
    trigger={
      <Button size="small">
        <Plus aria-hidden />
        Add
      </Button>
    }
  >
    {(close) => <NewTaxId onSaved={close} />}
  </FormSheet>
);

function NewTaxId({ onSaved }: { onSaved: () => void }) {
  const [type, setType] = useState<(typeof TYPES)[number]['value']>('gb_vat');
  const [value, setValue] = useState('');
  const create = trpc.taxIds.create.useMutation();
  const perform = usePerform();
  const form = useSubmission(async () => {
    await perform(() => create.mutateAsync({ type, value: value.trim() }), 'Tax number added');
    onSaved();
  }, ['type', 'value']);
  return (
    <Form form={form} action="Add tax number" isIncomplete={value.trim() === ''}>
      <Field label="Type" error={form.errorOf('type')}>
        {(control) => <Select {...control} value={type} onChange={setType} options={TYPES} />}
      </Field>
      <Field label="Number" error={form.errorOf('value')}>
        {(control) => (
          <Input
            {...control}
            autoComplete="off"
            value={value}
            placeholder={TYPES.find((one) => one.value === type)?.note}
            onChange={({ target }) => setValue(target.value)}
          />
        )}
      </Field>
    </Form>
  );
}

function RemoveTaxId({ taxId: { id, value } }: { taxId: TaxId }) {
  const remove = trpc.taxIds.remove.useMutation();
  return (
    <Act
      trigger={
        <IconButton label={`Remove ${value}`} size="small">
          <X />
        </IconButton>
      }
      title="Remove this tax number?"
      action="Remove tax number"
      done="Tax number removed"
      run={() => remove.mutateAsync({ id })}
    >
      {value} will stand on no further invoices.
    </Act>
  );
}
