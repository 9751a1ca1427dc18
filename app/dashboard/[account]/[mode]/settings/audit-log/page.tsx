import type { Metadata } from 'next';
import { Prefetched } from '@/app/dashboard/prefetched';
import type { VisitProps } from '@/app/dashboard/visit';
import { listCall, type Address } from '@/components/list/call';
import { AuditLog } from './audit-log';
import { auditList } from './list';

export const metadata: Metadata = { title: 'Audit log' };

export default async function AuditLogPage(props: VisitProps & { searchParams: Promise<Address> }) {
  return (
    <Prefetched params={props.params} calls={[listCall(auditList, await props.searchParams)]}>
      <AuditLog />
    </Prefetched>
  );
}
