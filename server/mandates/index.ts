import { resource } from '@/server/kernel/resource';
import { toMandate } from './object';
import { retrieve } from './operations';
import { findAll } from './store';

export const mandates = resource({
  object: 'mandate',
  expands: 'mandate',
  load: async (scope, ids) => (await findAll(scope, ids)).map(toMandate),
  operations: { retrieve },
});

export { abandonMandate, give, revokeMandates, settleMandate } from './give';
export { mandateData, type MandateData } from './params';
export { requireMandate } from './operations';
