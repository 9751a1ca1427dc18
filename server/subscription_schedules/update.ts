/** `POST /v1/subscription_schedules/:id`: another plan, for the current phase and those to come. */
import type Stripe from 'stripe';
import type { StoredPhase } from '@/db/schema/subscription_schedules';
import { requireCustomer, type CustomerRow } from '@/server/customers';
import type { Tx } from '@/server/kernel/context';
import { parameterInvalid, parameterMissing } from '@/server/kernel/errors';
import { mergeMetadata } from '@/server/kernel/metadata';
import { unix } from '@/server/kernel/object';
import { exchange, type Awaiting } from '@/server/kernel/operation';
import {
  changeSubscription,
  enterPhase,
  movePhaseEnd,
  requireAgreement,
} from '@/server/subscriptions';
import { amend } from './amend';
import { instant } from './dates';
import { currentPhase } from './due_at';
import { acceptPhases, settingsAfter } from './given';
import { show } from './object';
import { UPDATE_UNSUPPORTED, UpdateSchedule, type GivenPhase } from './params';
import { catchUp, managed } from './phases';
import { requireOngoing, requireSchedule } from './require';
import type { ScheduleRow } from './store';
import { toUpdate } from './wanted';

export const update = exchange({
  route: 'POST /v1/subscription_schedules/:id',
  summary: 'Updates a subscription schedule, and its subscription where the current phase changes.',
  input: UpdateSchedule,
  unsupported: UPDATE_UNSUPPORTED,
  async intend(tx, input): Promise<Stripe.SubscriptionSchedule | Awaiting> {
    const awaiting = await revise(tx, input);
    return awaiting ?? show(tx, await requireSchedule(tx, input.id));
  },
  conclude: async (tx, { id }) => show(tx, await requireSchedule(tx, id)),
});

/**
 * Writes another plan, and makes the subscription what it says of today. Null where the processor need
 * not be asked.
 *
 * @param isRehearsed what an update would invoice and charge at once stays a draft.
 */
export async function revise(
  given: Tx,
  input: UpdateSchedule,
  isRehearsed = false,
): Promise<Awaiting | null> {
  const { tx, row } = await requireOngoing(given, input.id, 'updated');
  const after = await amend(tx, row, await changesOf(tx, row, input));
  const [was, current] = [currentPhase(row), currentPhase(after)];
  if (was === null || current === null || current.end_date <= unix(tx.now)) {
    await catchUp(tx, after);
    return null;
  }
  const subscription = managed(after);
  await movePhaseEnd(tx, subscription, current.end_date);
  const agreement = await requireAgreement(tx, subscription);
  const change = { before: was, phase: current, isEntered: false };
  const asked = await toUpdate(tx, after, agreement, change);
  if (Object.keys(asked).length === 0) return null;
  const wanted = {
    ...asked,
    planned: { anchor: null },
    proration_behavior: input.proration_behavior ?? 'create_prorations',
  } as const;
  if (!isRehearsed) return changeSubscription(given, subscription, wanted);
  await enterPhase(tx, subscription, wanted, current.end_date);
  return null;
}

async function changesOf(
  tx: Tx,
  row: ScheduleRow,
  { default_settings, end_behavior, metadata, phases }: UpdateSchedule,
): Promise<Partial<ScheduleRow>> {
  const customer = await requireCustomer(tx, row.customer);
  const settings = await settingsAfter(
    tx,
    row.default_settings,
    default_settings ?? {},
    customer.id,
  );
  return {
    default_settings: settings,
    end_behavior: end_behavior ?? row.end_behavior,
    metadata: mergeMetadata(row.metadata, metadata),
    ...(phases === undefined
      ? {}
      : {
          phases: await phasesAfter(tx, { ...row, default_settings: settings }, customer, phases),
        }),
  };
}

/** Stripe's limit on current and future phases. */
const PHASES_MAX = 10;

/** Those that are over stay; the current one and all to come are as they are given. */
async function phasesAfter(
  tx: Tx,
  row: ScheduleRow,
  customer: CustomerRow,
  given: readonly GivenPhase[],
): Promise<StoredPhase[]> {
  const now = unix(tx.now);
  const past = row.phases.slice(0, row.current_phase ?? 0);
  const ended = new Set<unknown>(past.map(({ start_date }) => start_date));
  const ahead = given.filter(({ start_date }) => !ended.has(start_date));
  const [first] = ahead;
  if (first?.start_date === undefined) throw parameterMissing('phases[0][start_date]');
  if (ahead.length > PHASES_MAX) {
    throw parameterInvalid(
      `A subscription schedule can have up to ${PHASES_MAX} current and future phases.`,
      'phases',
    );
  }
  const current = currentPhase(row);
  const start = instant(first.start_date, now);
  if (current !== null && start !== current.start_date) {
    throw parameterInvalid(
      'You can not modify the start date of the current phase.',
      'phases[0][start_date]',
    );
  }
  const agreement = row.subscription === null ? null : await requireAgreement(tx, row.subscription);
  const phases = await acceptPhases(tx, ahead, {
    customer,
    billing_mode: row.billing_mode,
    currency: agreement?.row.currency ?? null,
    settings: row.default_settings,
    start,
    anchor: agreement?.row.billing_cycle_anchor ?? start,
  });
  const end = phases[0]?.end_date ?? now;
  if (end < now || (end === now && first.end_date !== 'now')) {
    throw parameterInvalid(
      'The `end_date` of a phase must be in the future.',
      'phases[0][end_date]',
    );
  }
  return [...past, ...phases];
}
