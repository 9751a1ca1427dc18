/**
 * How many deliveries may be under way at once, in all and to one endpoint. A receiver that does
 * not answer holds each delivery for half a minute: it must run out of its own slots, not of
 * everybody's. So an endpoint starts with a few, earns more by answering quickly, and one that is
 * slow is soon down to one.
 */
const ALL = 256;
const EACH_FIRST = 4;
/** As many as the sender keeps connections to one host. */
export const EACH_MOST = 32;
/** Longer than a receiver should need, in milliseconds. */
const SLOW_MS = 10_000;

export interface Slots {
  /** How many more may be under way. */
  free(): number;
  /** The endpoints that get no more at present. */
  full(): string[];
  /** False when there is no slot left for this endpoint. */
  take(endpoint: string): boolean;
  /** The slot was not used after all. */
  giveBack(endpoint: string): void;
  /** The exchange that had the slot has ended. */
  release(endpoint: string, durationMs: number): void;
}

export function newSlots(): Slots {
  const endpoints = new Map<string, { busy: number; allowed: number }>();
  let busy = 0;

  const isFull = (endpoint: string): boolean => {
    const slots = endpoints.get(endpoint);
    return slots !== undefined && slots.busy >= slots.allowed;
  };

  function giveBack(endpoint: string): void {
    const slots = endpoints.get(endpoint);
    if (slots === undefined || slots.busy === 0) throw new Error(`${endpoint} holds no slot.`);
    slots.busy -= 1;
    busy -= 1;
    // What an endpoint has earned or lost outlives the moments in which it has nothing to do.
    if (slots.busy === 0 && slots.allowed === EACH_FIRST) endpoints.delete(endpoint);
  }

  return {
    free: () => ALL - busy,
    full: () => [...endpoints.keys()].filter(isFull),
    take(endpoint) {
      if (busy >= ALL || isFull(endpoint)) return false;
      const slots = endpoints.get(endpoint) ?? { busy: 0, allowed: EACH_FIRST };
      endpoints.set(endpoint, slots);
      slots.busy += 1;
      busy += 1;
      return true;
    },
    giveBack,
    release(endpoint, durationMs) {
      const slots = endpoints.get(endpoint);
      if (slots !== undefined) {
        slots.allowed =
          durationMs > SLOW_MS
            ? Math.max(1, Math.floor(slots.allowed / 2))
            : Math.min(EACH_MOST, slots.allowed * 2);
      }
      giveBack(endpoint);
    },
  };
}
