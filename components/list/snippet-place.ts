'use client';

import { useSyncExternalStore } from 'react';
import { useProject } from '@/components/api/project';
import { trpc } from '@/components/api/trpc';
import type { SnippetPlace } from './define';

const browserOrigin = (): string => globalThis.location.origin;

/** Until the browser has taken over. */
const serverOrigin = (): string => 'http://127.0.0.1:3000';

const never = () => () => undefined;

/** Where this server is, as the browser sees it, and the project's own key as far as it may be shown. */
export function useSnippetPlace(): SnippetPlace {
  const { mode } = useProject();
  const keys = trpc.apiKeys.list.useQuery(
    { status: 'active', type: 'secret', limit: 1 },
    { retry: false },
  );
  const origin = useSyncExternalStore(never, browserOrigin, serverOrigin);
  const { hostname, port, protocol } = new URL(origin);
  const isSecure = protocol === 'https:';
  return {
    host: hostname,
    port: port === '' ? (isSecure ? 443 : 80) : Number(port),
    protocol: isSecure ? 'https' : 'http',
    key: keys.data?.data[0]?.redacted ?? `sk_${mode}_...`,
  };
}
