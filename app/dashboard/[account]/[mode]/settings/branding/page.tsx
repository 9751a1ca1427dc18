import type { Metadata } from 'next';
import { Prefetched } from '@/app/dashboard/prefetched';
import type { VisitProps } from '@/app/dashboard/visit';
import { Branding } from './branding';

export const metadata: Metadata = { title: 'Branding' };

const BrandingPage = ({ params }: VisitProps) => (
  <Prefetched params={params} calls={[{ path: 'dashboard.projects.settings' }]}>
    <Branding />
  </Prefetched>
);

export default BrandingPage;
