'use client';

import { useState } from 'react';
import { useMay } from '@/components/api/may';
import { trpc } from '@/components/api/trpc';
import { PageHeader } from '@/components/layout/page-header';
import { usePerform } from '@/components/object/act';
import { Form, useSubmission } from '@/components/object/form';
import { Field, Input } from '@/components/ui/field';
import { Card } from '@/components/ui/surfaces';
import { Letterhead } from '../../invoices/letterhead';
import { ownTaxIds } from '../project/call';
import { WithSettings, type ProjectSettings } from '../with-settings';
import { BrandImages } from './brand-images';
import { ChallengePreview } from './challenge-preview';

/** How payers know that it is you: pictures and a colour, and what they make of pages. */
export const Branding = () => (
  <>
    <PageHeader
      title="Branding"
      note="On your invoices, and where a cardholder confirms a payment to their bank."
    />
    <WithSettings>{(settings) => <Brand settings={settings} />}</WithSettings>
  </>
);

const isColour = (text: string): boolean => /^#[0-9a-f]{6}$/i.test(text);

function Brand({ settings }: { settings: ProjectSettings }) {
  const [colour, setColour] = useState(settings.branding.primary_color ?? '');
  const shown = {
    ...settings,
    branding: { ...settings.branding, primary_color: isColour(colour) ? colour : null },
  };
  const { data: taxIds } = trpc.taxIds.list.useQuery(ownTaxIds);
  return (
    <>
      <BrandImages brand={settings.brand} />
      <Colour colour={colour} onChange={setColour} />
      <Card title="Invoice" note="As it begins, with what is set now" isFlush>
        <Letterhead settings={shown} taxIds={taxIds?.data.map(({ value }) => value) ?? []}>
          <p className="text-lg font-semibold tracking-tight">Invoice</p>
        </Letterhead>
      </Card>
      <ChallengePreview settings={shown} />
    </>
  );
}

/** What the picker shows while there is no colour. */
const NO_COLOUR = '#888888';

function Colour({ colour, onChange }: { colour: string; onChange: (colour: string) => void }) {
  const may = useMay();
  const perform = usePerform();
  const update = trpc.dashboard.projects.updateBranding.useMutation();
  const form = useSubmission(
    () => perform(() => update.mutateAsync({ primary_color: colour.trim() }), 'Colour saved'),
    ['primary_color'],
  );
  return (
    <Card title="Colour">
      <Form form={form} action="Save" isFixed={!may('dashboard', 'projects.updateBranding')}>
        <Field
          label="Brand colour"
          hint="A line across the top. Empty for none."
          error={form.errorOf('primary_color')}
          className="max-w-xs"
        >
          {(control) => (
            <div className="flex gap-2">
              <input
                type="color"
                aria-label="Pick the brand colour"
                value={isColour(colour) ? colour : NO_COLOUR}
                onChange={({ target }) => onChange(target.value)}
                className="h-8.5 w-12 shrink-0 cursor-pointer rounded-lg border border-line-strong bg-surface p-1"
              />
              <Input
                {...control}
                value={colour}
                placeholder="#0b6e6e"
                autoComplete="off"
                spellCheck={false}
                maxLength={7}
                className="font-mono"
                onChange={({ target }) => onChange(target.value)}
              />
            </div>
          )}
        </Field>
      </Form>
    </Card>
  );
}
