import type { Metadata } from 'next';
import { Prefetched } from '@/app/dashboard/prefetched';
import type { VisitProps } from '@/app/dashboard/visit';
import { Processor } from './processor';

export const metadata: Metadata = { title: 'Card processor' };

const ProcessorPage = ({ params }: VisitProps) => (
  <Prefetched params={params} calls={[{ path: 'dashboard.processorAccounts.list' }]}>
    <Processor />
  </Prefetched>
);

export default ProcessorPage;
