import type { Metadata } from 'next';
import { Prefetched } from '@/app/dashboard/prefetched';
import { ApiKey } from './api-key';

export const metadata: Metadata = { title: 'API key' };

interface ApiKeyPageProps {
  readonly params: Promise<{ account: string; mode: string; id: string }>;
}

export default async function ApiKeyPage({ params }: ApiKeyPageProps) {
  const { id } = await params;
  return (
    <Prefetched params={params} calls={[{ path: 'apiKeys.retrieve', input: { id } }]}>
      <ApiKey id={id} />
    </Prefetched>
  );
}
