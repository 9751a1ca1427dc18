'use client';

import type { ReactNode } from 'react';
import { ObjectLink } from '@/app/dashboard/object-link';
import { useProject } from '@/components/api/project';
import type { Outputs } from '@/components/api/queries';
import { trpc } from '@/components/api/trpc';
import { Facts } from '@/components/object/facts';
import { ObjectFailure, ObjectSkeleton } from '@/components/object/object-page';
import { PageHeader } from '@/components/layout/page-header';
import { Time } from '@/components/time/time';
import { CodeBlock } from '@/components/ui/code';
import { CopyId } from '@/components/ui/copy';
import { HttpStatus } from '@/components/ui/http-status';
import { Card } from '@/components/ui/surfaces';

type Log = Outputs['dashboard']['logs']['retrieve'];

/** A request has no object in the API: nothing can be asked of it but what it was. */
export function RequestLog({ id }: { id: string }) {
  const { href } = useProject();
  const back = { href: href('logs'), label: 'Logs' };
  const { data: log, error, refetch } = trpc.dashboard.logs.retrieve.useQuery({ id });
  if (error !== null && log === undefined) {
    return <ObjectFailure error={error} back={back} onRetry={() => void refetch()} />;
  }
  if (log === undefined) return <ObjectSkeleton />;
  return (
    <div className="flex min-w-0 flex-col gap-6">
      <PageHeader
        title={
          <span className="font-mono text-lg break-all">
            {log.method} {log.path}
          </span>
        }
        badge={<HttpStatus status={log.status} />}
        back={back}
        note={
          <>
            <CopyId id={log.id} />
            <Time at={log.created} as="ago" />
          </>
        }
      />
      <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="flex min-w-0 flex-col gap-6">
          <Body title="Request" text={log.request_body ?? null} empty="It had no parameters." />
          <Body
            title="Response"
            text={log.response_body ?? null}
            empty="Not kept: what was merely read can be read again, and what is secret is shown once."
          />
        </div>
        <aside aria-label="Details" className="flex min-w-0 flex-col gap-6">
          <Card title="Details">
            <LogFacts log={log} />
          </Card>
        </aside>
      </div>
    </div>
  );
}

/** As it was kept: a long body is cut, and then is no JSON. */
function Body({ title, text, empty }: { title: string; text: string | null; empty: string }) {
  return (
    <Card title={title}>
      {text === null || text === '{}' ? (
        <p className="text-sm text-muted">{empty}</p>
      ) : (
        <CodeBlock code={indented(text)} label={`${title.toLowerCase()} body`} />
      )}
    </Card>
  );
}

function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}

const DAY = 24 * 60 * 60;

function LogFacts({ log }: { log: Log }) {
  const objects = objectsOf(log);
  const keptDays = trpc.dashboard.projects.settings.useQuery().data?.logs.kept_days;
  const list = (ids: readonly string[]): ReactNode =>
    ids.length > 0 && (
      <span className="flex flex-col items-start gap-1">
        {ids.map((id) => (
          <ObjectLink key={id} id={id} />
        ))}
      </span>
    );
  return (
    <Facts
      facts={[
        { label: 'About', value: list(objects) },
        {
          label: 'Key',
          value: log.api_key === null ? 'Dashboard' : <ObjectLink id={log.api_key} />,
        },
        { label: 'Error', value: log.error_code ?? log.error_type },
        { label: 'Took', value: `${log.duration_ms} ms` },
        { label: 'Date', value: <Time at={log.created} /> },
        {
          label: 'Kept until',
          value: keptDays !== undefined && <Time at={log.created + keptDays * DAY} as="date" />,
        },
        { label: 'From', value: log.ip },
        { label: 'API version', value: log.api_version },
        { label: 'Idempotency key', value: log.idempotency_key },
        { label: 'User agent', value: log.user_agent },
      ]}
    />
  );
}

const ID = /\b[a-z_]+_[0-9A-Za-z]{14,}\b/g;

/** Those that the path names, and the one that was answered. */
function objectsOf({ path, response_body }: Log): string[] {
  const [answered] = /"id":\s*"[a-z_]+_[0-9A-Za-z]+"/.exec(response_body ?? '') ?? [];
  return [...new Set(`${path} ${answered ?? ''}`.match(ID) ?? [])];
}
