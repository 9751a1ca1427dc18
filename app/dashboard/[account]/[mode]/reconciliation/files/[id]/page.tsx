import type { Metadata } from 'next';
import { Prefetched } from '@/app/dashboard/prefetched';
import { SettlementFile } from './settlement-file';

export const metadata: Metadata = { title: 'Settlement file' };

interface SettlementFilePageProps {
  readonly params: Promise<{ account: string; mode: string; id: string }>;
}

export default async function SettlementFilePage({ params }: SettlementFilePageProps) {
  const { id } = await params;
  return (
    <Prefetched params={params} calls={[{ path: 'settlementFiles.retrieve', input: { id } }]}>
      <SettlementFile id={id} />
    </Prefetched>
  );
}
