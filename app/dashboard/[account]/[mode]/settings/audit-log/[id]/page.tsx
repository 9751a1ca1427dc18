import type { Metadata } from 'next';
import { Prefetched } from '@/app/dashboard/prefetched';
import { AuditEntry } from './audit-entry';

export const metadata: Metadata = { title: 'Audit log entry' };

interface AuditEntryPageProps {
  readonly params: Promise<{ account: string; mode: string; id: string }>;
}

export default async function AuditEntryPage({ params }: AuditEntryPageProps) {
  const { id } = await params;
  return (
    <Prefetched params={params} calls={[{ path: 'dashboard.audit.retrieve', input: { id } }]}>
      <AuditEntry id={id} />
    </Prefetched>
  );
}
