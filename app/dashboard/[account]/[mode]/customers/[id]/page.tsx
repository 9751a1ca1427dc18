import type { Metadata } from 'next';
import { Prefetched } from '@/app/dashboard/prefetched';
import { Customer } from './customer';

export const metadata: Metadata = { title: 'Customer' };

interface CustomerPageProps {
  readonly params: Promise<{ account: string; mode: string; id: string }>;
}

export default async function CustomerPage({ params }: CustomerPageProps) {
  const { id } = await params;
  return (
    <Prefetched
      params={params}
      calls={[
        { path: 'customers.retrieve', input: { id } },
        { path: 'dashboard.customers.worth', input: { id } },
      ]}
    >
      <Customer id={id} />
    </Prefetched>
  );
}
