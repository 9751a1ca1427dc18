import type { Metadata } from 'next';
import { Prefetched } from '@/app/dashboard/prefetched';
import type { VisitProps } from '@/app/dashboard/visit';
import { listCall, type Address } from '@/components/list/call';
import { Disputes } from './disputes';
import { disputeList } from './list';

export const metadata: Metadata = { title: 'Disputes' };

export default async function DisputesPage(props: VisitProps & { searchParams: Promise<Address> }) {
  return (
    <Prefetched params={props.params} calls={[listCall(disputeList, await props.searchParams)]}>
      <Disputes />
    </Prefetched>
  );
}
