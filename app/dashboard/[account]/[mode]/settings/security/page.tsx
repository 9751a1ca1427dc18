import type { Metadata } from 'next';
import { Prefetched } from '@/app/dashboard/prefetched';
import type { VisitProps } from '@/app/dashboard/visit';
import { Security } from './security';

export const metadata: Metadata = { title: 'Your security' };

const SecurityPage = ({ params }: VisitProps) => (
  <Prefetched
    params={params}
    calls={[{ path: 'dashboard.security.retrieve' }, { path: 'dashboard.sessions.list' }]}
  >
    <Security />
  </Prefetched>
);

export default SecurityPage;
