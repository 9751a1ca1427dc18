'use client';

import dynamic from 'next/dynamic';
import type { ReactNode } from 'react';
import { FormSheet, FormSkeleton } from '@/components/object/form-sheet';

/** Loaded when the sheet is first opened. */
const NewInvoice = dynamic(() => import('./new-invoice').then((module) => module.NewInvoice), {
  loading: FormSkeleton,
});

interface InvoiceFormProps {
  readonly trigger: ReactNode;
  /** Whose it is; without it one is chosen. */
  readonly customer?: string;
}

/** Makes a draft, and goes to it. */
export const InvoiceForm = ({ trigger, customer }: InvoiceFormProps) => (
  <FormSheet trigger={trigger} title="Create invoice">
    {(close) => <NewInvoice customer={customer ?? ''} onSaved={close} />}
  </FormSheet>
);
