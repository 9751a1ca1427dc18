import type { Metadata } from 'next';
import { Prefetched } from '@/app/dashboard/prefetched';
import { Coupon } from './coupon';

export const metadata: Metadata = { title: 'Coupon' };

interface CouponPageProps {
  readonly params: Promise<{ account: string; mode: string; id: string }>;
}

export default async function CouponPage({ params }: CouponPageProps) {
  // A merchant chooses the ids of coupons: they may have any letters.
  const id = decodeURIComponent((await params).id);
  return (
    <Prefetched params={params} calls={[{ path: 'coupons.retrieve', input: { id } }]}>
      <Coupon id={id} />
    </Prefetched>
  );
}
