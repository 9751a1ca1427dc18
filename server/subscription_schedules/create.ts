/** `POST /v1/subscription_schedules`: from phases, or of a subscription that there is. */
import type Stripe from 'stripe';
import { requireCustomer, type CustomerRow } from '@/server/customers';
import type { Tx } from '@/server/kernel/context';
import { parameterInvalid, parameterMissing, requestInvalid } from '@/server/kernel/errors';
import { newId } from '@/server/kernel/ids';
import { mergeMetadata } from '@/server/kernel/metadata';
import { unix } from '@/server/kernel/object';
import { command } from '@/server/kernel/operation';
import { billingModeOf, manage, requireOngoing } from '@/server/subscriptions';
import { onClock, requireStillClock } from '@/server/test_clocks';
import { instant } from './dates';
import { dueAt } from './due_at';
import { toPlan } from './from';
import { acceptPhases, settingsAfter } from './given';
import { show } from './object';
import { CreateSchedule, UNSUPPORTED, type GivenPhase } from './params';
import { begin } from './phases';
import * as store from './store';
import type { ScheduleRow } from './store';

export const create = command({
  route: 'POST /v1/subscription_schedules',
  summary: 'Creates a subscription schedule, and its subscription where it starts now.',
  input: CreateSchedule,
  unsupported: UNSUPPORTED,
  run: make,
});

/** As asked for; a preview may say dates as an update does. */
export type NewSchedule = Omit<CreateSchedule, 'phases'> & {
  readonly phases?: readonly GivenPhase[] | undefined;
};

export async function make(tx: Tx, input: NewSchedule): Promise<Stripe.SubscriptionSchedule> {
  const { from_subscription: subscription } = input;
  if (subscription !== undefined) return adopt(tx, subscription, input);
  if (input.customer === undefined) throw parameterMissing('customer');
  if (input.phases === undefined) throw parameterMissing('phases');
  const customer = await requireCustomer(tx, input.customer);
  if (customer.test_clock !== null) await requireStillClock(tx, customer.test_clock, 'customer');
  return plan(await onClock(tx, customer.test_clock), customer, input);
}

/** From phases that were given. */
async function plan(
  tx: Tx,
  customer: CustomerRow,
  { phases: given = [], ...input }: NewSchedule,
): Promise<Stripe.SubscriptionSchedule> {
  const now = unix(tx.now);
  const start = instant(input.start_date ?? 'now', now);
  const billing_mode = billingModeOf(input.billing_mode);
  const settings = await settingsAfter(tx, null, input.default_settings ?? {}, customer.id);
  const terms = { customer, billing_mode, currency: null, settings, start, anchor: start };
  const phases = await acceptPhases(tx, given, terms);
  assertAhead(phases[0], now);
  const row: ScheduleRow = {
    ...NEW,
    projectId: tx.projectId,
    livemode: tx.livemode,
    id: newId('subscription_schedule'),
    billing_mode,
    created: now,
    customer: customer.id,
    default_settings: settings,
    end_behavior: input.end_behavior ?? 'release',
    metadata: mergeMetadata({}, input.metadata),
    phases,
    test_clock: customer.test_clock,
  };
  if (start > now) return add(tx, row);
  const subscription = await begin(tx, row);
  return add(tx, { ...row, status: 'active', current_phase: 0, subscription });
}

/** What every schedule begins with. */
export const NEW = {
  status: 'not_started',
  announced_end: null,
  canceled_at: null,
  completed_at: null,
  current_phase: null,
  due_at: null,
  released_at: null,
  released_subscription: null,
  subscription: null,
} as const satisfies Partial<ScheduleRow>;

async function add(tx: Tx, row: ScheduleRow): Promise<Stripe.SubscriptionSchedule> {
  const added = store.insert(tx, { ...row, due_at: dueAt(row) });
  const shown = await show(tx, added);
  await tx.announce('subscription_schedule.created', shown);
  return shown;
}

/** One that was backdated must not be over. */
function assertAhead(first: ScheduleRow['phases'][number] | undefined, now: number): void {
  if (first === undefined || first.end_date > now) return;
  throw parameterInvalid('The `end_date` of a phase must be in the future.', 'phases[0][end_date]');
}

const WITH_A_SUBSCRIPTION: readonly string[] = ['from_subscription', 'metadata'];

/** Of a subscription that there is: one phase, which lasts as long as the present period. */
async function adopt(
  given: Tx,
  id: string,
  input: NewSchedule,
): Promise<Stripe.SubscriptionSchedule> {
  const other = Object.keys(input).find((param) => !WITH_A_SUBSCRIPTION.includes(param));
  if (other !== undefined) {
    throw parameterInvalid(`You cannot set \`${other}\` if \`from_subscription\` is set.`, other);
  }
  const { tx, agreement } = await requireOngoing(given, id, 'from_subscription');
  const { customer, schedule: attached, status, test_clock, billing_mode } = agreement.row;
  if (attached !== null) {
    throw requestInvalid(
      `You cannot migrate a subscription that is already attached to a schedule: \`${attached}\`.`,
    );
  }
  if (status === 'incomplete') {
    throw parameterInvalid(
      'You cannot migrate a subscription whose first invoice is not paid.',
      'from_subscription',
    );
  }
  const { phase, ...plan } = toPlan(agreement);
  const schedule = newId('subscription_schedule');
  await manage(tx, id, { schedule, phase_end: phase.end_date });
  return add(tx, {
    ...NEW,
    ...plan,
    projectId: tx.projectId,
    livemode: tx.livemode,
    id: schedule,
    status: 'active',
    billing_mode,
    created: unix(tx.now),
    current_phase: 0,
    customer,
    metadata: mergeMetadata({}, input.metadata),
    phases: [phase],
    subscription: id,
    test_clock,
  });
}
