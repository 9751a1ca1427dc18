import type { Metadata } from 'next';
import { Prefetched } from '@/app/dashboard/prefetched';
import type { VisitProps } from '@/app/dashboard/visit';
import type { Address } from '@/components/list/call';
import { Home } from './home/home';
import { RANGE_DEFAULT } from './home/ranges';

export const metadata: Metadata = { title: 'Home' };

export default async function HomePage(props: VisitProps & { searchParams: Promise<Address> }) {
  const { range } = await props.searchParams;
  return (
    <Prefetched
      params={props.params}
      calls={[
        { path: 'dashboard.home.summary', input: { range: range ?? RANGE_DEFAULT } },
        { path: 'dashboard.home.checklist' },
        { path: 'dashboard.home.notices' },
        { path: 'dashboard.home.attention' },
      ]}
    >
      <Home />
    </Prefetched>
  );
}
