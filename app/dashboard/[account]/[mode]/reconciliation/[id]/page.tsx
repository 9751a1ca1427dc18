import type { Metadata } from 'next';
import { Prefetched } from '@/app/dashboard/prefetched';
import { Difference } from './difference';

export const metadata: Metadata = { title: 'Difference' };

interface DifferencePageProps {
  readonly params: Promise<{ account: string; mode: string; id: string }>;
}

export default async function DifferencePage({ params }: DifferencePageProps) {
  const { id } = await params;
  return (
    <Prefetched params={params} calls={[{ path: 'reconciliationItems.retrieve', input: { id } }]}>
      <Difference id={id} />
    </Prefetched>
  );
}
