import type { Announced } from '@/server/events';
import type { Tx } from '@/server/kernel/context';
import { enqueueForListeners } from './store';

/** Makes an announced event due at every endpoint that listens for its type. */
export function enqueue(tx: Tx, event: Announced): void {
  enqueueForListeners(tx, event);
}
