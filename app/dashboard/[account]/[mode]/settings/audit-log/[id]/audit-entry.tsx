'use client';

import { ObjectLink } from '@/app/dashboard/object-link';
import { useProject } from '@/components/api/project';
import type { Outputs } from '@/components/api/queries';
import { trpc } from '@/components/api/trpc';
import { PageHeader } from '@/components/layout/page-header';
import { Changes } from '@/components/object/changes';
import { Facts } from '@/components/object/facts';
import { JsonButton, ObjectFailure, ObjectSkeleton } from '@/components/object/object-page';
import { Time } from '@/components/time/time';
import { CodeBlock } from '@/components/ui/code';
import { CopyId } from '@/components/ui/copy';
import { Card } from '@/components/ui/surfaces';

type Entry = Outputs['dashboard']['audit']['retrieve'];

/** One thing that somebody did, with what it changed. */
export function AuditEntry({ id }: { id: string }) {
  const { href } = useProject();
  const back = { href: href('settings/audit-log'), label: 'Audit log' };
  const { data: entry, error, refetch } = trpc.dashboard.audit.retrieve.useQuery({ id });
  if (error !== null && entry === undefined) {
    return <ObjectFailure error={error} back={back} onRetry={() => void refetch()} />;
  }
  if (entry === undefined) return <ObjectSkeleton />;
  return (
    <>
      <PageHeader
        back={back}
        title={entry.action}
        note={<CopyId id={entry.id} />}
        actions={<JsonButton value={entry} />}
      />
      <Card title="Details">
        <EntryFacts entry={entry} />
      </Card>
      <EntryChanges entry={entry} />
    </>
  );
}

const EntryFacts = ({ entry }: { entry: Entry }) => (
  <Facts
    facts={[
      { label: 'Who', value: entry.user.email },
      { label: 'When', value: <Time at={entry.created} /> },
      { label: 'Object', value: entry.subject !== null && <ObjectLink id={entry.subject} /> },
      { label: 'Mode', value: entry.mode ?? 'Test and live' },
      { label: 'Address', value: entry.ip },
      { label: 'Request', value: entry.request !== null && <ObjectLink id={entry.request} /> },
    ]}
  />
);

function EntryChanges({ entry: { before, after } }: { entry: Entry }) {
  if (before !== null && after !== null) return <Changes previous={before} object={after} />;
  const only = after ?? before;
  if (only === null) return null;
  const title = after === null ? 'As it was' : 'What was done';
  return (
    <Card title={title}>
      <CodeBlock code={JSON.stringify(only, null, 2)} label={title} />
    </Card>
  );
}
