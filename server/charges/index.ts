import { resource } from '@/server/kernel/resource';
import { toCharge } from './object';
import { list, retrieve, search, update } from './operations';
import { findAll } from './store';

export const charges = resource({
  object: 'charge',
  expands: 'charge',
  load: async (scope, ids) => (await findAll(scope, ids)).map(toCharge),
  operations: { retrieve, update, list, search },
});

export { statementDescriptorOf } from './descriptor';
export { isDirect, shownIntent } from './direct';
export { refundableOf, toCharge } from './object';
export { requireCharge } from './operations';
export {
  record,
  recordCapture,
  recordIncrement,
  recordPending,
  recordRelease,
  requireLocked,
} from './record';
export {
  find,
  findSuccessful,
  lock as lockCharge,
  update as updateCharge,
  type ChargeRow,
} from './store';
