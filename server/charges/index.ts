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

export { toCharge } from './object';
export { requireCharge } from './operations';
export { record, recordCapture, recordRelease, requireLocked } from './record';
export { find, findSuccessful, update as updateCharge, type ChargeRow } from './store';
