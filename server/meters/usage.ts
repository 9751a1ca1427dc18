/** What meter events come to: https://docs.stripe.com/api/billing/meter-event-summary */
import type Stripe from 'stripe';
import { requireCustomer } from '@/server/customers';
import type { Scope } from '@/server/kernel/context';
import { parameterInvalid, parametersExclusive, resourceMissing } from '@/server/kernel/errors';
import { query } from '@/server/kernel/operation';
import { ListEventSummaries } from './params';
import * as store from './store';

/**
 * What a customer used by a meter from a time (unix seconds) on and before another, as its
 * aggregation says: a decimal, and never less than zero, because that is what is billed where more
 * was taken back than used.
 *
 * @throws Error for a meter that does not exist: the price that names it was checked.
 */
export async function usageOf(
  scope: Scope,
  meter: string,
  customer: string,
  from: number,
  to: number,
): Promise<string> {
  if (to <= from) return '0';
  const row = await store.find(scope, meter);
  if (row === null) throw new Error(`The meter ${meter} does not exist.`);
  const whole = { order: 'asc', limit: 1 } as const;
  const [part] = await store.usage(scope, row, { customer, from, to }, to - from, whole);
  return part === undefined || part.value.startsWith('-') ? '0' : part.value;
}

const LIMIT_DEFAULT = 10;

/** The newest first. With a grouping, hours or days in which nothing was reported are left out. */
export const listEventSummaries = query({
  route: 'GET /v1/billing/meters/:id/event_summaries',
  answers: 'billing.meter_event_summary',
  summary: 'Lists what a customer used, in whole or by the hour or the day.',
  input: ListEventSummaries,
  async run(scope, params) {
    const meter = await store.find(scope, params.id);
    if (meter === null) throw resourceMissing('billing_meter', params.id);
    assertAligned(params);
    const customer = (await requireCustomer(scope, params.customer)).id;
    const { start_time: start, end_time: end, value_grouping_window: window } = params;
    const size = window === undefined ? end - start : store.WINDOWS[window];
    const summaryAt = summaryOf(meter, customer, size);
    const { from, to, order } = spanOf(params, size, (at) => summaryAt(at, '0').id);
    const limit = params.limit ?? LIMIT_DEFAULT;
    const found = await store.usage(scope, meter, { customer, from, to }, size, {
      order,
      limit: limit + 1,
    });
    const parts = found.slice(0, limit);
    // The whole is always told, also where it is nothing.
    if (window === undefined && from < to && parts.length === 0)
      parts.push({ index: 0, value: '0' });
    const summaries = parts.map(({ index, value }) => summaryAt(from + index * size, value));
    return {
      object: 'page',
      data: order === 'asc' ? summaries.toReversed() : summaries,
      has_more: found.length > limit,
    };
  },
});

const ALIGNMENT = { day: store.WINDOWS.day, hour: store.WINDOWS.hour, minute: 60 } as const;

function assertAligned(params: ListEventSummaries): void {
  const unit = params.value_grouping_window ?? 'minute';
  for (const param of ['start_time', 'end_time'] as const) {
    if (params[param] % ALIGNMENT[unit] !== 0) {
      throw parameterInvalid(`${param} must be aligned with ${unit} boundaries.`, param);
    }
  }
  if (params.end_time <= params.start_time) {
    throw parameterInvalid('end_time must be later than start_time.', 'end_time');
  }
}

/** The summary of the part that starts at a time. Its id says what it is of, and nothing is kept. */
const summaryOf =
  ({ id, livemode }: store.MeterRow, customer: string, size: number) =>
  (start: number, value: string): Stripe.Billing.MeterEventSummary => ({
    id: `mtrusg_${[id, customer].map((one) => one.slice(one.lastIndexOf('_') + 1)).join('_')}_${start}_${size}`,
    object: 'billing.meter_event_summary',
    aggregated_value: Number(value),
    end_time: start + size,
    livemode,
    meter: id,
    start_time: start,
  });

/** What is left of the time, before or behind the summary that the cursor names. */
function spanOf(
  { start_time, end_time, starting_after, ending_before }: ListEventSummaries,
  size: number,
  idAt: (start: number) => string,
): { from: number; to: number; order: 'asc' | 'desc' } {
  if (starting_after !== undefined && ending_before !== undefined) {
    throw parametersExclusive(['starting_after', 'ending_before']);
  }
  const whole = { from: start_time, to: end_time };
  const cursor = starting_after ?? ending_before;
  if (cursor === undefined) return { ...whole, order: 'desc' };
  const at = Number(cursor.split('_').at(-2));
  const isOne = Number.isSafeInteger(at) && (at - start_time) % size === 0 && idAt(at) === cursor;
  if (!isOne || at < start_time || at >= end_time) {
    const param = starting_after === undefined ? 'ending_before' : 'starting_after';
    throw resourceMissing('billing_meter_event_summary', cursor, param);
  }
  return starting_after === undefined
    ? { ...whole, from: at + size, order: 'asc' }
    : { ...whole, to: at, order: 'desc' };
}
