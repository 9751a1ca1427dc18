import { resource } from '@/server/kernel/resource';
import { list, load, retrieve } from './operations';

export const events = resource({
  object: 'event',
  load,
  operations: { retrieve, list },
});
export { record, type Announced } from './announce';
export { EVENT_TYPES, isEventType } from './catalog';
export { load as loadEvents } from './operations';
export { dropEventPartitions, ensureEventPartitions } from './partitions';
