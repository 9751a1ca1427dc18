import type { Metadata } from 'next';
import { Prefetched } from '@/app/dashboard/prefetched';
import type { VisitProps } from '@/app/dashboard/visit';
import { listCall, type Address } from '@/components/list/call';
import { Events } from './events';
import { eventList } from './list';

export const metadata: Metadata = { title: 'Events' };

export default async function EventsPage(props: VisitProps & { searchParams: Promise<Address> }) {
  return (
    <Prefetched params={props.params} calls={[listCall(eventList, await props.searchParams)]}>
      <Events />
    </Prefetched>
  );
}
