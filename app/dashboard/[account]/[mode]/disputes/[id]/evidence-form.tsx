'use client';

import { useState, type ReactNode } from 'react';
import { trpc } from '@/components/api/trpc';
import { usePerform } from '@/components/object/act';
import { Form, useSubmission } from '@/components/object/form';
import { FormSheet } from '@/components/object/form-sheet';
import { TextFields } from '@/components/object/text-fields';
import { Checkbox } from '@/components/ui/choices';
import type { DisputeObject } from '../deadline';
import { EVIDENCE, EVIDENCE_TEXTS, type EvidenceText } from './evidence-texts';

interface EvidenceFormProps {
  readonly dispute: DisputeObject;
  readonly trigger?: ReactNode;
  readonly isOpen?: boolean;
  readonly onClose?: () => void;
}

export const EvidenceForm = ({ dispute, trigger, isOpen, onClose }: EvidenceFormProps) => (
  <FormSheet
    title="Evidence"
    description="Fill in what helps your case. Short and to the point reads best."
    width="wide"
    trigger={trigger}
    {...(isOpen === undefined ? {} : { isOpen })}
    onOpenChange={(isOpenNow) => isOpenNow || onClose?.()}
  >
    {(close) => <Evidence dispute={dispute} onSaved={close} />}
  </FormSheet>
);

type Typed = Record<EvidenceText, string>;

const paramOf = (name: string): string => `evidence[${name}]`;

const PARAMS = EVIDENCE_TEXTS.map(({ name }) => paramOf(name));

function Evidence({ dispute, onSaved }: { dispute: DisputeObject; onSaved: () => void }) {
  const [typed, setTyped] = useState<Typed>(
    () =>
      Object.fromEntries(
        EVIDENCE_TEXTS.map(({ name }) => [name, dispute.evidence[name] ?? '']),
      ) as Typed,
  );
  const [submits, setSubmits] = useState(false);
  const update = trpc.disputes.update.useMutation();
  const perform = usePerform();
  const form = useSubmission(async () => {
    const asked = { id: dispute.id, evidence: typed, submit: submits };
    const done = submits ? 'Evidence submitted' : 'Evidence saved';
    await perform(() => update.mutateAsync(asked), done);
    onSaved();
  }, PARAMS);
  return (
    <Form form={form} action={submits ? 'Submit evidence' : 'Save draft'}>
      {EVIDENCE.map(({ title, fields }) => (
        <fieldset key={title} className="flex flex-col gap-4 border-b border-line pb-6">
          <legend className="mb-3 text-[15px] font-semibold">{title}</legend>
          <TextFields<EvidenceText>
            fields={fields}
            form={form}
            typed={typed}
            onChange={(name, text) => setTyped({ ...typed, [name]: text })}
            paramOf={paramOf}
          />
        </fieldset>
      ))}
      <Checkbox
        label="Submit it to the bank"
        note="Evidence is taken once: it cannot be changed or added to afterwards."
        checked={submits}
        onChange={setSubmits}
      />
    </Form>
  );
}
