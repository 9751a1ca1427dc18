import type { Metadata } from 'next';
import { Prefetched } from '@/app/dashboard/prefetched';
import { RequestLog } from './request-log';

export const metadata: Metadata = { title: 'API request' };

interface RequestLogPageProps {
  readonly params: Promise<{ account: string; mode: string; id: string }>;
}

export default async function RequestLogPage({ params }: RequestLogPageProps) {
  const { id } = await params;
  return (
    <Prefetched params={params} calls={[{ path: 'dashboard.logs.retrieve', input: { id } }]}>
      <RequestLog id={id} />
    </Prefetched>
  );
}
