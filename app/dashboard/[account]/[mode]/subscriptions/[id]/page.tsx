import type { Metadata } from 'next';
import { Prefetched } from '@/app/dashboard/prefetched';
import { subscriptionCall } from './call';
import { Subscription } from './subscription';

export const metadata: Metadata = { title: 'Subscription' };

interface SubscriptionPageProps {
  readonly params: Promise<{ account: string; mode: string; id: string }>;
}

export default async function SubscriptionPage({ params }: SubscriptionPageProps) {
  const { id } = await params;
  const call = { path: 'subscriptions.retrieve', input: subscriptionCall(id) };
  return (
    <Prefetched params={params} calls={[call]}>
      <Subscription id={id} />
    </Prefetched>
  );
}
