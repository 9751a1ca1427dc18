import type { Metadata } from 'next';
import { Prefetched } from '@/app/dashboard/prefetched';
import type { VisitProps } from '@/app/dashboard/visit';
import { listCall, type Address } from '@/components/list/call';
import { ApiKeys } from './api-keys';
import { apiKeyList } from './list';

export const metadata: Metadata = { title: 'API keys' };

export default async function ApiKeysPage(props: VisitProps & { searchParams: Promise<Address> }) {
  return (
    <Prefetched params={props.params} calls={[listCall(apiKeyList, await props.searchParams)]}>
      <ApiKeys />
    </Prefetched>
  );
}
