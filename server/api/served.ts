/** What every way in needs, and what it tells of each request that it has answered. */
import type { Holder } from './holder';
import type { Runtime } from '@/server/context';
import type { RequestIdentity } from '@/server/kernel/context';
import type { ApiError } from '@/server/kernel/errors';
import type { FindKey } from './authenticate';
import type { Endpoint } from './endpoints';
import type { Tree } from './wire/form';

/** What was asked and answered, for the log of requests and the metrics. */
export interface Served {
  readonly endpoint: Endpoint | null;
  readonly holder: Holder | null;
  readonly request: RequestIdentity;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly durationMs: number;
  readonly at: Date;
  readonly apiVersion: string | undefined;
  readonly userAgent: string | undefined;
  readonly params: Tree | null;
  readonly body: string;
  readonly error: ApiError | null;
}

export interface ApiServer {
  readonly runtime: Runtime;
  readonly findKey: FindKey;
  /** Called after each answer; must not throw and must not wait. */
  readonly onServed: (served: Served) => void;
}
