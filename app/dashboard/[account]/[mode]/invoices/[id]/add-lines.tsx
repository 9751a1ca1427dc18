'use client';

import { Plus } from 'lucide-react';
import { useState } from 'react';
import { trpc } from '@/components/api/trpc';
import { usePerform } from '@/components/object/act';
import { Form, useSubmission } from '@/components/object/form';
import { FormSheet } from '@/components/object/form-sheet';
import { Button } from '@/components/ui/button';
import { LineFields } from '../line-fields';
import { askedLines, newLine, type TypedLine } from '../typed-lines';

interface Draft {
  readonly id: string;
  readonly currency: string;
}

/** More lines for a draft. */
export const AddLines = ({ invoice }: { invoice: Draft }) => (
  <FormSheet
    title="Add lines"
    trigger={
      <Button size="small">
        <Plus aria-hidden />
        Add lines
      </Button>
    }
  >
    {(close) => <NewLines invoice={invoice} onSaved={close} />}
  </FormSheet>
);

function NewLines({ invoice, onSaved }: { invoice: Draft; onSaved: () => void }) {
  const [lines, setLines] = useState<readonly TypedLine[]>([newLine(0)]);
  const addLines = trpc.invoices.addLines.useMutation();
  const perform = usePerform();
  const form = useSubmission(
    async () => {
      const asked = { id: invoice.id, lines: askedLines(lines, invoice.currency) };
      await perform(() => addLines.mutateAsync(asked), 'Lines added');
      onSaved();
    },
    lines.map((_, index) => `lines[${index}]`),
  );
  return (
    <Form form={form} action="Add lines">
      <LineFields lines={lines} onChange={setLines} errorOf={form.errorOf} />
    </Form>
  );
}
