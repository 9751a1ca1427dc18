/**
 * TABLE 3. What becomes due as time passes. Each line is looked for at its own pace, by every
 * worker: a line that is found by two of them is done by one.
 */
import { foldBalances } from '@/server/balance_transactions';
import { dueNotices } from '@/server/bank_notices';
import { unanswered } from '@/server/conclusions';
import type { Runtime } from '@/server/context';
import { dueDisputes } from '@/server/disputes';
import { dropEventPartitions, ensureEventPartitions } from '@/server/events';
import { purge } from '@/server/idempotency_keys';
import { dueInvoices } from '@/server/invoices';
import type { System, Timed } from '@/server/kernel/due';
import type { EventName } from '@/server/kernel/object';
import { duePayouts } from '@/server/payouts';
import { rollFigures } from '@/server/reports';
import { dueSchedules } from '@/server/subscription_schedules';
import { dueSubscriptions } from '@/server/subscriptions';
import { removeOldLogs } from '@/server/request_logs';
import { removeOldClocks } from '@/server/test_clocks';
import { advanceClocks, expireAuthorizations, runTimed } from '@/server/timed';
import { newSending, removeOld } from '@/server/webhook_deliveries';

export interface Due {
  readonly name: string;
  /** How long to wait after a run that found nothing, in milliseconds. */
  readonly everyMs: number;
  /** What, once it was announced and committed in this process, may have made something due. */
  readonly wokenBy?: EventName | '*';
  /**
   * Does some of what is due and answers how much; while it is not zero there may be more, and the
   * next run follows at once. `again` asks for a run after one that answered zero.
   */
  run(system: Runtime & System, again: () => void): Promise<number>;
  /** Ends what runs have started, when there will be no more of them. */
  drain?(): Promise<void>;
}

export interface ScheduleOptions {
  /** How long events are kept, in days. They go by the month, when its last one is that old. */
  readonly eventsKeptDays: number;
  /** Gives numbers in [0, 1). */
  readonly random: () => number;
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const DAY = 24 * 60 * MINUTE;

/** What is due by a time in its own row. At one and the same time, in this order. */
export const timed: readonly Timed[] = [
  dueNotices,
  dueSchedules,
  dueSubscriptions,
  dueInvoices,
  dueDisputes,
  duePayouts,
];

/** The table for one worker: what sends remembers what is under way. */
export const scheduleFor = ({ eventsKeptDays, random }: ScheduleOptions): readonly Due[] => [
  { name: 'processor_attempts.unanswered', everyMs: SECOND, run: unanswered },
  { name: 'payment_intents.expiry', everyMs: MINUTE, run: expireAuthorizations },
  { name: 'webhook_deliveries.sending', everyMs: 100, wokenBy: '*', ...newSending(random) },
  { name: 'request_logs.retention', everyMs: 10 * MINUTE, run: removeOldLogs },
  { name: 'webhook_deliveries.retention', everyMs: 10 * MINUTE, run: removeOld },
  ...timed.map((one) => ({
    name: `${one.table}.due`,
    everyMs: SECOND,
    run: runTimed(one, random),
  })),
  {
    name: 'test_clocks.advancing',
    everyMs: 250,
    wokenBy: 'test_helpers.test_clock.advancing',
    run: advanceClocks(timed),
  },
  { name: 'test_clocks.retention', everyMs: 10 * MINUTE, run: removeOldClocks },
  { name: 'balance_transactions.folding', everyMs: 10 * SECOND, run: foldBalances },
  { name: 'figures.rolling', everyMs: 30 * SECOND, run: rollFigures() },
  { name: 'idempotency_keys.purge', everyMs: MINUTE, run: purge },
  {
    name: 'events.retention',
    everyMs: DAY,
    async run({ pool, clock }) {
      await ensureEventPartitions(pool, clock());
      await dropEventPartitions(pool, new Date(clock().getTime() - eventsKeptDays * DAY));
      return 0;
    },
  },
];
