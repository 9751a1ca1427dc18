import type { Metadata } from 'next';
import { Prefetched } from '@/app/dashboard/prefetched';
import { paymentCall } from '../call';
import { Payment } from './payment';

export const metadata: Metadata = { title: 'Payment' };

interface PaymentPageProps {
  readonly params: Promise<{ account: string; mode: string; id: string }>;
}

export default async function PaymentPage({ params }: PaymentPageProps) {
  const { id } = await params;
  return (
    <Prefetched
      params={params}
      calls={[{ path: 'paymentIntents.retrieve', input: paymentCall(id) }]}
    >
      <Payment id={id} />
    </Prefetched>
  );
}
