import type { Metadata } from 'next';
import { Prefetched } from '@/app/dashboard/prefetched';
import { Product } from './product';

export const metadata: Metadata = { title: 'Product' };

interface ProductPageProps {
  readonly params: Promise<{ account: string; mode: string; id: string }>;
}

export default async function ProductPage({ params }: ProductPageProps) {
  const { id } = await params;
  return (
    <Prefetched params={params} calls={[{ path: 'products.retrieve', input: { id } }]}>
      <Product id={id} />
    </Prefetched>
  );
}
