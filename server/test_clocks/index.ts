import { resource } from '@/server/kernel/resource';
import { toTestClock } from './object';
import { advance, create, list, remove, retrieve } from './operations';
import { findAll } from './store';

export const test_clocks = resource({
  object: 'test_helpers.test_clock',
  expands: 'test_clock',
  load: async (scope, ids) =>
    (await findAll(scope, ids)).filter(({ status }) => status !== 'deleted').map(toTestClock),
  operations: { create, retrieve, list, advance, remove },
});
export { fail, finish, stepTo, takeAdvancing, type AdvancingClock } from './advancing';
export { lockStillClock, onClock, requireClock, requireStillClock } from './require';
export { removeOldClocks } from './retention';
export { findAdvancing, type TestClockRow } from './store';
