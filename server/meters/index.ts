import { resource } from '@/server/kernel/resource';
import { adjust, create as createEvent } from './events';
import { create, deactivate, list, reactivate, retrieve, update } from './operations';
import { listEventSummaries, usageOf } from './usage';

export const meters = resource({
  object: 'billing.meter',
  operations: { create, retrieve, update, deactivate, reactivate, list, listEventSummaries },
});

/** A resource of its own, so that a restricted key can report usage and do nothing else. */
export const meter_events = resource({
  object: 'billing.meter_event',
  operations: { create: createEvent, adjust },
});

export { usageOf };
