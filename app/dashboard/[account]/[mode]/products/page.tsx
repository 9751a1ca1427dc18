import type { Metadata } from 'next';
import { Prefetched } from '@/app/dashboard/prefetched';
import type { VisitProps } from '@/app/dashboard/visit';
import { listCall, type Address } from '@/components/list/call';
import { productList } from './list';
import { Products } from './products';

export const metadata: Metadata = { title: 'Products' };

export default async function ProductsPage(props: VisitProps & { searchParams: Promise<Address> }) {
  return (
    <Prefetched params={props.params} calls={[listCall(productList, await props.searchParams)]}>
      <Products />
    </Prefetched>
  );
}
