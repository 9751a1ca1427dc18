import type { Metadata } from 'next';
import { Prefetched } from '@/app/dashboard/prefetched';
import { Endpoint } from './endpoint';

export const metadata: Metadata = { title: 'Webhook endpoint' };

interface EndpointPageProps {
  readonly params: Promise<{ account: string; mode: string; id: string }>;
}

export default async function EndpointPage({ params }: EndpointPageProps) {
  const { id } = await params;
  return (
    <Prefetched params={params} calls={[{ path: 'webhookEndpoints.retrieve', input: { id } }]}>
      <Endpoint id={id} />
    </Prefetched>
  );
}
