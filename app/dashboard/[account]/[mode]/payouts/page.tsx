import type { Metadata } from 'next';
import { Prefetched } from '@/app/dashboard/prefetched';
import type { VisitProps } from '@/app/dashboard/visit';
import { listCall, type Address } from '@/components/list/call';
import { payoutList } from './list';
import { Payouts } from './payouts';

export const metadata: Metadata = { title: 'Payouts' };

export default async function PayoutsPage(props: VisitProps & { searchParams: Promise<Address> }) {
  return (
    <Prefetched params={props.params} calls={[listCall(payoutList, await props.searchParams)]}>
      <Payouts />
    </Prefetched>
  );
}
