import { resource } from '@/server/kernel/resource';
import { toSchedules } from './object';
import { cancel, create, list, release, retrieve, update } from './operations';
import { findAll } from './store';

export const subscription_schedules = resource({
  object: 'subscription_schedule',
  expands: 'subscription_schedule',
  load: async (scope, ids) => toSchedules(scope, await findAll(scope, ids)),
  operations: { create, retrieve, update, cancel, release, list },
});
export { dueSchedules } from './due';
export { subscriptionSchedule } from './lifecycle';
export { UpdatePhase } from './params';
export { previewNewSchedule, previewSchedule, previewScheduleUpdate } from './preview';
export { requireSchedule } from './require';
export { cancelSchedulesOf, cancelWith } from './reactions';
export { splitPhase } from './split';
