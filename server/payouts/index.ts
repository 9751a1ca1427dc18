import { resource } from '@/server/kernel/resource';
import { toPayout } from './object';
import { cancel, create, list, report, retrieve, reverse, update } from './operations';
import { findAll } from './store';

export const payouts = resource({
  object: 'payout',
  expands: 'payout',
  load: async (scope, ids) => (await findAll(scope, ids)).map(toPayout),
  operations: { create, retrieve, update, cancel, reverse, report, list },
});

export { duePayouts } from './conclude';
