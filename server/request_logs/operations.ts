/** What was asked of the API, as its owner reads it in the dashboard. */
import type { Scope } from '@/server/kernel/context';
import { resourceMissing } from '@/server/kernel/errors';
import { toPage } from '@/server/kernel/page';
import { toRequestLog, type RequestLog } from './object';
import type { ListRequestLogs } from './params';
import * as store from './store';

/** The newest first, without their bodies. */
export const listRequestLogs = async (scope: Scope, params: ListRequestLogs) =>
  toPage(await store.page(scope, params), toRequestLog);

/** @throws ApiError 404 for a request that is not there, or not yet: logs are written in batches. */
export async function retrieveRequestLog(scope: Scope, id: string): Promise<RequestLog> {
  const row = await store.find(scope, id);
  if (row === null) throw resourceMissing('request', id);
  const { request_body, response_body } = row;
  return { ...toRequestLog(row), request_body, response_body };
}
