import type { Metadata } from 'next';
import { Prefetched } from '@/app/dashboard/prefetched';
import { disputeCall } from './call';
import { Dispute } from './dispute';

export const metadata: Metadata = { title: 'Dispute' };

interface DisputePageProps {
  readonly params: Promise<{ account: string; mode: string; id: string }>;
}

export default async function DisputePage({ params }: DisputePageProps) {
  const { id } = await params;
  return (
    <Prefetched params={params} calls={[{ path: 'disputes.retrieve', input: disputeCall(id) }]}>
      <Dispute id={id} />
    </Prefetched>
  );
}
