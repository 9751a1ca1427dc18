import type { Metadata } from 'next';
import { Prefetched } from '@/app/dashboard/prefetched';
import type { VisitProps } from '@/app/dashboard/visit';
import { listCall, type Address } from '@/components/list/call';
import { Customers } from './customers';
import { customerList } from './list';

export const metadata: Metadata = { title: 'Customers' };

export default async function CustomersPage(
  props: VisitProps & { searchParams: Promise<Address> },
) {
  return (
    <Prefetched params={props.params} calls={[listCall(customerList, await props.searchParams)]}>
      <Customers />
    </Prefetched>
  );
}
