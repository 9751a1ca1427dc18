import type { Metadata } from 'next';
import { Prefetched } from '@/app/dashboard/prefetched';
import type { VisitProps } from '@/app/dashboard/visit';
import { listCall, type Address } from '@/components/list/call';
import { Webhooks } from './webhooks';
import { endpointList } from './list';

export const metadata: Metadata = { title: 'Webhooks' };

export default async function WebhooksPage(props: VisitProps & { searchParams: Promise<Address> }) {
  return (
    <Prefetched params={props.params} calls={[listCall(endpointList, await props.searchParams)]}>
      <Webhooks />
    </Prefetched>
  );
}
