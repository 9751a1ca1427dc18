import type { Metadata } from 'next';
import { Prefetched } from '@/app/dashboard/prefetched';
import type { VisitProps } from '@/app/dashboard/visit';
import { listCall, type Address } from '@/components/list/call';
import { Logs } from './logs';
import { logList } from './list';

export const metadata: Metadata = { title: 'Logs' };

export default async function LogsPage(props: VisitProps & { searchParams: Promise<Address> }) {
  return (
    <Prefetched params={props.params} calls={[listCall(logList, await props.searchParams)]}>
      <Logs />
    </Prefetched>
  );
}
