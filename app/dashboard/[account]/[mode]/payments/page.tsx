import type { Metadata } from 'next';
import { Prefetched } from '@/app/dashboard/prefetched';
import type { VisitProps } from '@/app/dashboard/visit';
import { listCall, type Address } from '@/components/list/call';
import { Payments } from './payments';
import { paymentList } from './list';

export const metadata: Metadata = { title: 'Payments' };

export default async function PaymentsPage(props: VisitProps & { searchParams: Promise<Address> }) {
  return (
    <Prefetched params={props.params} calls={[listCall(paymentList, await props.searchParams)]}>
      <Payments />
    </Prefetched>
  );
}
