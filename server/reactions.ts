/**
 * TABLE 2. What else happens, in the same transaction, when something is announced. A reaction
 * takes a `Tx`, so it can write but cannot reach the network: what must reach it is left due, and
 * found by the schedule.
 */
import { emptyWallet } from '@/server/customers';
import type { Announced } from '@/server/events';
import type { Tx } from '@/server/kernel/context';
import type { EventName } from '@/server/kernel/object';
import { enqueue } from '@/server/webhook_deliveries';

export type Reaction = (tx: Tx, event: Announced) => void | Promise<void>;

export const reactions: { [type in EventName]?: readonly Reaction[] } & {
  '*': readonly Reaction[];
} = {
  'customer.deleted': [emptyWallet],
  '*': [enqueue],
};
