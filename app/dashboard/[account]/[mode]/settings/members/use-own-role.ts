'use client';

import { useProject } from '@/components/api/project';
import { trpc } from '@/components/api/trpc';
import type { Role } from './roles';

/** Who looks at the page, and what they are in its project. */
export function useOwnRole(): { user: string | undefined; role: Role | undefined } {
  const { account } = useProject();
  const { data } = trpc.dashboard.sessions.current.useQuery();
  return {
    user: data?.user.id,
    role: data?.projects.find((project) => project.account === account)?.role,
  };
}
