import { resource } from '@/server/kernel/resource';
import { toReconciliationItem } from './object';
import { list, resolve, retrieve } from './operations';
import { findAll } from './store';

export const reconciliation_items = resource({
  object: 'reconciliation_item',
  expands: 'reconciliation_item',
  load: async (scope, ids) => (await findAll(scope, ids)).map(toReconciliationItem),
  operations: { retrieve, list, resolve },
});

export type { ReconciliationItem } from './object';
export { closeDifference, closeItemOf, raise, raiseUnresolved, type Difference } from './raise';
