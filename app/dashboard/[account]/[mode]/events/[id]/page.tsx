import type { Metadata } from 'next';
import { Prefetched } from '@/app/dashboard/prefetched';
import { Event } from './event';

export const metadata: Metadata = { title: 'Event' };

interface EventPageProps {
  readonly params: Promise<{ account: string; mode: string; id: string }>;
}

export default async function EventPage({ params }: EventPageProps) {
  const { id } = await params;
  return (
    <Prefetched params={params} calls={[{ path: 'events.retrieve', input: { id } }]}>
      <Event id={id} />
    </Prefetched>
  );
}
