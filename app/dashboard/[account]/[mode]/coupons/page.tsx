import type { Metadata } from 'next';
import { Prefetched } from '@/app/dashboard/prefetched';
import type { VisitProps } from '@/app/dashboard/visit';
import { listCall, type Address } from '@/components/list/call';
import { Coupons } from './coupons';
import { couponList } from './list';

export const metadata: Metadata = { title: 'Coupons' };

export default async function CouponsPage(props: VisitProps & { searchParams: Promise<Address> }) {
  return (
    <Prefetched params={props.params} calls={[listCall(couponList, await props.searchParams)]}>
      <Coupons />
    </Prefetched>
  );
}
