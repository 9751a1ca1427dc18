import type { Metadata } from 'next';
import { Prefetched } from '@/app/dashboard/prefetched';
import { invoiceCall } from './call';
import { Invoice } from './invoice';

export const metadata: Metadata = { title: 'Invoice' };

interface InvoicePageProps {
  readonly params: Promise<{ account: string; mode: string; id: string }>;
}

export default async function InvoicePage({ params }: InvoicePageProps) {
  const { id } = await params;
  return (
    <Prefetched params={params} calls={[{ path: 'invoices.retrieve', input: invoiceCall(id) }]}>
      <Invoice id={id} />
    </Prefetched>
  );
}
