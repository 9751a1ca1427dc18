'use client';

import type { ReactNode } from 'react';
import type { Outputs } from '@/components/api/queries';
import { trpc } from '@/components/api/trpc';
import { FailureNote } from '@/components/layout/failure-note';
import { Card, Skeleton } from '@/components/ui/surfaces';

export type ProjectSettings = Outputs['dashboard']['projects']['settings'];

/** What is set for the project, or what there is to see until then. */
export function WithSettings(props: { children: (settings: ProjectSettings) => ReactNode }) {
  const { data, error, refetch } = trpc.dashboard.projects.settings.useQuery();
  if (data !== undefined) return props.children(data);
  return (
    <Card>
      {error === null ? (
        <Skeleton className="h-80" />
      ) : (
        <FailureNote error={error} onRetry={() => void refetch()} />
      )}
    </Card>
  );
}
