import type { Metadata } from 'next';
import { Prefetched } from '@/app/dashboard/prefetched';
import type { VisitProps } from '@/app/dashboard/visit';
import { Profile } from './profile';

export const metadata: Metadata = { title: 'Your profile' };

const ProfilePage = ({ params }: VisitProps) => (
  <Prefetched params={params} calls={[{ path: 'dashboard.sessions.current' }]}>
    <Profile />
  </Prefetched>
);

export default ProfilePage;
