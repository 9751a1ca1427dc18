import type { Scope } from '@/server/kernel/context';
import { resourceMissing } from '@/server/kernel/errors';
import { toPage } from '@/server/kernel/page';
import { toAuditEntry, type AuditEntry } from './object';
import type { ListAuditLog } from './params';
import { find, page } from './store';

export { AuditEntryId, ListAuditLog } from './params';
export { record, type Act, type By } from './record';
export type { AuditEntry } from './object';

/** The project's entries, the newest first. */
export const listAuditLog = async (scope: Scope, params: ListAuditLog) =>
  toPage(await page(scope, params), toAuditEntry);

export async function retrieveAuditEntry(scope: Scope, id: string): Promise<AuditEntry> {
  const row = await find(scope, id);
  if (row === null) throw resourceMissing('audit_entry', id);
  return toAuditEntry(row);
}
