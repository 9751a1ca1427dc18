import type { Metadata } from 'next';
import { Prefetched } from '@/app/dashboard/prefetched';
import type { VisitProps } from '@/app/dashboard/visit';
import { listCall, type Address } from '@/components/list/call';
import { itemList } from './list';
import { Reconciliation } from './reconciliation';

export const metadata: Metadata = { title: 'Reconciliation' };

export default async function ReconciliationPage(
  props: VisitProps & { searchParams: Promise<Address> },
) {
  return (
    <Prefetched params={props.params} calls={[listCall(itemList, await props.searchParams)]}>
      <Reconciliation />
    </Prefetched>
  );
}
