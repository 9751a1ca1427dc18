/**
 * A lifecycle is a table: from which status, by which action, to which status, with which event.
 * It can be read, printed, diffed and tested whole.
 */

import type { EventName } from './object';

/** Where the action leads, and the event that says so (null where Stripe sends none). */
export type Step<Status extends string> = readonly [to: Status, event: EventName | null];

export type Table<Status extends string, Action extends string> = {
  readonly [from in Status]: { readonly [action in Action]?: Step<Status> };
};

export interface Lifecycle<Status extends string, Action extends string> {
  readonly object: string;
  readonly initial: readonly Status[];
  readonly table: Table<Status, Action>;
  allows(from: Status, action: Action): boolean;
  /** The step, or null where the table has none: the caller knows how to refuse in Stripe's words. */
  step(from: Status, action: Action): Step<Status> | null;
}

export function lifecycle<Status extends string, Action extends string>(
  object: string,
  initial: readonly Status[],
  table: Table<Status, Action>,
): Lifecycle<Status, Action> {
  return {
    object,
    initial,
    table,
    allows: (from, action) => table[from][action] !== undefined,
    step: (from, action) => table[from][action] ?? null,
  };
}
