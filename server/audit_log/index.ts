import type { Scope } from '@/server/kernel/context';
import { toPage } from '@/server/kernel/page';
import { toAuditEntry } from './object';
import type { ListAuditLog } from './params';
import { page } from './store';

export { ListAuditLog } from './params';
export { record, type Act, type By } from './record';
export type { AuditEntry } from './object';

/** The project's entries, the newest first. */
export const listAuditLog = async (scope: Scope, params: ListAuditLog) =>
  toPage(await page(scope, params), toAuditEntry);
