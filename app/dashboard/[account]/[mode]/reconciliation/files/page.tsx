import type { Metadata } from 'next';
import { Prefetched } from '@/app/dashboard/prefetched';
import type { VisitProps } from '@/app/dashboard/visit';
import { listCall, type Address } from '@/components/list/call';
import { Files } from './files';
import { fileList } from './list';

export const metadata: Metadata = { title: 'Settlement files' };

export default async function FilesPage(props: VisitProps & { searchParams: Promise<Address> }) {
  return (
    <Prefetched params={props.params} calls={[listCall(fileList, await props.searchParams)]}>
      <Files />
    </Prefetched>
  );
}
