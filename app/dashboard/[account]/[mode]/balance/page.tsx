import type { Metadata } from 'next';
import { Prefetched } from '@/app/dashboard/prefetched';
import type { VisitProps } from '@/app/dashboard/visit';
import { listCall, type Address } from '@/components/list/call';
import { Balance } from './balance';
import { movementList } from './list';

export const metadata: Metadata = { title: 'Balance' };

export default async function BalancePage(props: VisitProps & { searchParams: Promise<Address> }) {
  const calls = [
    listCall(movementList, await props.searchParams),
    { path: 'balance.retrieve', input: {} },
  ];
  return (
    <Prefetched params={props.params} calls={calls}>
      <Balance />
    </Prefetched>
  );
}
