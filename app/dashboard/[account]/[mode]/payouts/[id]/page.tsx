import type { Metadata } from 'next';
import { Prefetched } from '@/app/dashboard/prefetched';
import { Payout } from './payout';

export const metadata: Metadata = { title: 'Payout' };

interface PayoutPageProps {
  readonly params: Promise<{ account: string; mode: string; id: string }>;
}

export default async function PayoutPage({ params }: PayoutPageProps) {
  const { id } = await params;
  return (
    <Prefetched params={params} calls={[{ path: 'payouts.retrieve', input: { id } }]}>
      <Payout id={id} />
    </Prefetched>
  );
}
