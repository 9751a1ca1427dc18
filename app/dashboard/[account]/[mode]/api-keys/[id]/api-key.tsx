'use client';

import { ObjectLink } from '@/app/dashboard/object-link';
import { useMay } from '@/components/api/may';
import { useProject } from '@/components/api/project';
import { trpc } from '@/components/api/trpc';
import { Facts } from '@/components/object/facts';
import { ObjectFailure, ObjectPage, ObjectSkeleton } from '@/components/object/object-page';
import { RequestLogs } from '@/components/object/request-logs';
import { Time } from '@/components/time/time';
import { Badge, StatusBadge } from '@/components/ui/badge';
import { Card } from '@/components/ui/surfaces';
import { resourceName, TYPES } from '../types';
import { RenameKey } from './rename-key';
import { RevokeKey } from './revoke-key';
import { RollKey } from './roll-key';
import type { Key } from './object';

export function ApiKey({ id }: { id: string }) {
  const { href } = useProject();
  const may = useMay();
  const back = { href: href('api-keys'), label: 'API keys' };
  const { data: key, error, refetch } = trpc.apiKeys.retrieve.useQuery({ id });
  if (error !== null && key === undefined) {
    return <ObjectFailure error={error} back={back} onRetry={() => void refetch()} />;
  }
  if (key === undefined) return <ObjectSkeleton />;
  const isUsable = key.status === 'active' && key.replaced_by === null;
  return (
    <ObjectPage
      back={back}
      title={key.name ?? `${TYPES[key.type]} key`}
      badge={<StatusBadge status={key.status} />}
      object={key}
      path={`/v1/api_keys/${id}`}
      actions={
        <>
          {key.status === 'active' && may('api_keys', 'remove') && <RevokeKey apiKey={key} />}
          <RollKey id={id} isOffered={isUsable && may('api_keys', 'roll')} />
          {isUsable && may('api_keys', 'update') && <RenameKey apiKey={key} />}
        </>
      }
      aside={
        <Card title="Details">
          <KeyFacts apiKey={key} />
        </Card>
      }
    >
      <RequestLogs of={{ api_key: id }} />
      {key.rights !== null && <Rights rights={key.rights} />}
    </ObjectPage>
  );
}

function KeyFacts({ apiKey: key }: { apiKey: Key }) {
  return (
    <Facts
      facts={[
        {
          label: 'Key',
          value: (
            <span className="font-mono text-[13px] break-all">
              {key.publishable ?? key.redacted}
            </span>
          ),
        },
        { label: 'Type', value: TYPES[key.type] },
        {
          label: 'Last used',
          value: key.last_used_at === null ? 'Never' : <Time at={key.last_used_at} as="ago" />,
        },
        {
          label: 'Expires',
          value: key.expires_at === null ? 'Never' : <Time at={key.expires_at} />,
        },
        {
          label: 'Replaced by',
          value: key.replaced_by !== null && <ObjectLink id={key.replaced_by} />,
        },
      ]}
    />
  );
}

/** What a restricted key may do; what it may not is left out. */
function Rights({ rights }: { rights: NonNullable<Key['rights']> }) {
  const given = Object.entries(rights).filter(([, right]) => right !== 'none');
  return (
    <Card title="Rights">
      {given.length === 0 ? (
        <p className="text-sm text-muted">None: it may do nothing.</p>
      ) : (
        <ul className="grid gap-x-6 gap-y-2 text-sm sm:grid-cols-2">
          {given.map(([resource, right]) => (
            <li key={resource} className="flex items-center justify-between gap-3">
              {resourceName(resource)}
              <Badge look={right === 'write' ? 'accent' : 'plain'}>
                {right === 'write' ? 'Write' : 'Read'}
              </Badge>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
