'use client';

import dynamic from 'next/dynamic';
import type { ReactNode } from 'react';
import { FormSheet, FormSkeleton } from '@/components/object/form-sheet';

/** Loaded when the sheet is first opened. */
const NewDispute = dynamic(() => import('./new-dispute').then((module) => module.NewDispute), {
  loading: FormSkeleton,
});

interface RecordFormProps {
  readonly trigger: ReactNode;
  /** With the id of the new dispute. */
  readonly onSaved: (id: string) => void;
}

/** Records what the acquirer wrote of: no gateway tells of disputes by itself. */
export const RecordForm = ({ trigger, onSaved }: RecordFormProps) => (
  <FormSheet
    trigger={trigger}
    title="Record dispute"
    description="For what your acquirer told you of, by letter or in its portal."
  >
    {(close) => (
      <NewDispute
        onSaved={(id) => {
          close();
          onSaved(id);
        }}
      />
    )}
  </FormSheet>
);
