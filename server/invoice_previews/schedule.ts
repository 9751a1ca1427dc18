/** What the next invoice of a schedule would be: as it is, as it would be changed, or made. */
import type Stripe from 'stripe';
import { parameterInvalid, parameterMissing } from '@/server/kernel/errors';
import type { Tx } from '@/server/kernel/context';
import { renaming, within } from '@/server/kernel/rename';
import {
  previewNewSchedule,
  previewSchedule,
  previewScheduleUpdate,
} from '@/server/subscription_schedules';
import type { Tailored } from '@/server/subscriptions';
import type { CreatePreview, GivenSchedule } from './params';

/** What only the preview of a subscription takes. */
const OF_SUBSCRIPTIONS = [
  'discounts',
  'preview_mode',
  'subscription',
  'subscription_details',
] as const;

export async function previewOfSchedule(
  tx: Tx,
  customer: string,
  input: CreatePreview,
  how: Tailored,
): Promise<Stripe.Invoice | null> {
  const { schedule, schedule_details: details } = input;
  const other = OF_SUBSCRIPTIONS.find((param) => input[param] !== undefined);
  if (other !== undefined) {
    throw parameterInvalid(
      `You cannot set \`${other}\` with \`schedule\` or \`schedule_details\`.`,
      other,
    );
  }
  if (schedule === undefined) return previewNew(tx, customer, details ?? {}, how);
  if (details === undefined) return previewSchedule(tx, schedule, how);
  const { billing_mode, ...given } = details;
  if (billing_mode !== undefined) {
    const param = 'schedule_details[billing_mode]';
    throw parameterInvalid(`\`${param}\` can only be set for a new schedule.`, param);
  }
  return renaming(within('schedule_details', details), () =>
    previewScheduleUpdate(tx, { ...given, id: schedule }, how),
  );
}

function previewNew(
  tx: Tx,
  customer: string,
  { phases = [], proration_behavior, ...given }: GivenSchedule,
  how: Tailored,
): Promise<Stripe.Invoice | null> {
  const [first] = phases;
  if (first === undefined) throw parameterMissing('schedule_details[phases]');
  if (proration_behavior !== undefined) {
    const param = 'schedule_details[proration_behavior]';
    throw parameterInvalid(`\`${param}\` can only be set with \`schedule\`.`, param);
  }
  const { start_date = 'now' } = first;
  return renaming(within('schedule_details', { phases, ...given }), () =>
    previewNewSchedule(tx, { ...given, customer, phases, start_date }, how),
  );
}
