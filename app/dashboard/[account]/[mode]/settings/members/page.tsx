import type { Metadata } from 'next';
import { Prefetched } from '@/app/dashboard/prefetched';
import type { VisitProps } from '@/app/dashboard/visit';
import { Members } from './members';

export const metadata: Metadata = { title: 'Members' };

const MembersPage = ({ params }: VisitProps) => (
  <Prefetched
    params={params}
    calls={[{ path: 'dashboard.members.list' }, { path: 'dashboard.members.invitations' }]}
  >
    <Members />
  </Prefetched>
);

export default MembersPage;
