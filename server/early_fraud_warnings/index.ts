import { resource } from '@/server/kernel/resource';
import { toEarlyFraudWarning } from './object';
import { list, retrieve } from './operations';
import { findAll } from './store';

export const early_fraud_warnings = resource({
  object: 'radar.early_fraud_warning',
  expands: 'early_fraud_warning',
  load: async (scope, ids) => (await findAll(scope, ids)).map(toEarlyFraudWarning),
  operations: { retrieve, list },
});

export { noteCharge, warn } from './warn';
