import { resource } from '@/server/kernel/resource';
import { toSettlementFile } from './object';
import { create, list, retrieve } from './operations';
import { findAll } from './store';

export const settlement_files = resource({
  object: 'settlement_file',
  expands: 'settlement_file',
  load: async (scope, ids) => (await findAll(scope, ids)).map(toSettlementFile),
  operations: { create, retrieve, list },
});

export { settleFound } from './import';
