import type { Metadata } from 'next';
import { Prefetched } from '@/app/dashboard/prefetched';
import type { VisitProps } from '@/app/dashboard/visit';
import { listCall, type Address } from '@/components/list/call';
import { subscriptionList } from './list';
import { Subscriptions } from './subscriptions';

export const metadata: Metadata = { title: 'Subscriptions' };

export default async function SubscriptionsPage(
  props: VisitProps & { searchParams: Promise<Address> },
) {
  const call = listCall(subscriptionList, await props.searchParams);
  return (
    <Prefetched params={props.params} calls={[call]}>
      <Subscriptions />
    </Prefetched>
  );
}
