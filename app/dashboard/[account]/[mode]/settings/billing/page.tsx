import type { Metadata } from 'next';
import { Prefetched } from '@/app/dashboard/prefetched';
import type { VisitProps } from '@/app/dashboard/visit';
import { Billing } from './billing';

export const metadata: Metadata = { title: 'Billing and dunning' };

const BillingPage = ({ params }: VisitProps) => (
  <Prefetched params={params} calls={[{ path: 'dashboard.projects.settings' }]}>
    <Billing />
  </Prefetched>
);

export default BillingPage;
