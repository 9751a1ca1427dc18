import type { Metadata } from 'next';
import { Prefetched } from '@/app/dashboard/prefetched';
import type { VisitProps } from '@/app/dashboard/visit';
import { listCall, type Address } from '@/components/list/call';
import { Invoices } from './invoices';
import { invoiceList } from './list';

export const metadata: Metadata = { title: 'Invoices' };

export default async function InvoicesPage(props: VisitProps & { searchParams: Promise<Address> }) {
  return (
    <Prefetched params={props.params} calls={[listCall(invoiceList, await props.searchParams)]}>
      <Invoices />
    </Prefetched>
  );
}
