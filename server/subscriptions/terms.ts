/** When a new subscription begins, is tried and is billed. Pure, in unix seconds. */
import type Stripe from 'stripe';
import { boundary, type Interval } from '@/server/kernel/calendar';
import { parameterInvalid, parametersExclusive } from '@/server/kernel/errors';
import type { Recurring } from './lines';
import type { CreateSubscription, GivenAnchorConfig, Planned } from './params';

export const DAY_SECONDS = 24 * 3600;

/** Stripe's limit on trials. */
const TRIAL_DAYS_MAX = 730;

export interface Terms {
  /** When the service began, which may be before now. */
  readonly start: number;
  readonly trial_end: number | null;
  readonly anchor: number;
  readonly config: Stripe.Subscription.BillingCycleAnchorConfig | null;
}

type GivenTrial = Pick<CreateSubscription, 'trial_end' | 'trial_from_plan' | 'trial_period_days'>;

type GivenTerms = GivenTrial &
  Planned &
  Pick<
    CreateSubscription,
    'backdate_start_date' | 'billing_cycle_anchor' | 'billing_cycle_anchor_config'
  >;

/**
 * @param recurring how often each item is billed.
 * @throws ApiError 400 for times that are in the wrong order, and for two ways to say one time.
 */
export function termsOf(given: GivenTerms, recurring: readonly Recurring[], now: number): Terms {
  const start = given.backdate_start_date ?? now;
  if (start > now) {
    throw parameterInvalid('`backdate_start_date` must be in the past.', 'backdate_start_date');
  }
  const trial_end = trialEndOf(given, recurring, now);
  const config = given.billing_cycle_anchor_config;
  const from = trial_end ?? now;
  const anchor = anchorOf(given, recurring, from);
  return {
    start,
    trial_end,
    anchor,
    config:
      config === undefined
        ? null
        : {
            day_of_month: config.day_of_month,
            hour: config.hour ?? null,
            minute: config.minute ?? null,
            month: config.month ?? null,
            second: config.second ?? null,
          },
  };
}

/** The end of the trial, or null where there is none. */
export function trialEndOf(
  { trial_end, trial_from_plan, trial_period_days }: GivenTrial,
  recurring: readonly Recurring[],
  now: number,
): number | null {
  const ways = [
    ...(trial_end === undefined ? [] : ['trial_end']),
    ...(trial_period_days === undefined ? [] : ['trial_period_days']),
    ...(trial_from_plan === true ? ['trial_from_plan'] : []),
  ];
  if (ways.length > 1) throw parametersExclusive(ways);
  if (trial_end === 'now') return null;
  if (trial_end !== undefined) return assertTrialEnd(trial_end, now);
  const ofPlans =
    trial_from_plan === true ? recurring.map((one) => one.trial_period_days ?? 0) : [];
  const days = trial_period_days ?? Math.max(0, ...ofPlans);
  return days === 0 ? null : now + days * DAY_SECONDS;
}

function assertTrialEnd(trial_end: number, now: number): number {
  if (trial_end <= now) {
    throw parameterInvalid(
      "Invalid timestamp: must be an integer Unix timestamp in the future. To end the trial now, use the string 'now'.",
      'trial_end',
    );
  }
  if (trial_end > now + TRIAL_DAYS_MAX * DAY_SECONDS) {
    throw parameterInvalid(
      'Invalid timestamp: can be no more than two years in the future',
      'trial_end',
    );
  }
  return trial_end;
}

function anchorOf(
  { billing_cycle_anchor: asked, billing_cycle_anchor_config: config, planned }: GivenTerms,
  recurring: readonly Interval[],
  from: number,
): number {
  if (planned !== undefined && planned.anchor !== null) return planned.anchor;
  if (asked !== undefined && config !== undefined) {
    throw parametersExclusive(['billing_cycle_anchor', 'billing_cycle_anchor_config']);
  }
  if (config !== undefined) {
    if (recurring.some(({ interval }) => interval === 'day' || interval === 'week')) {
      throw parameterInvalid(
        '`billing_cycle_anchor_config` can only be used with monthly and yearly price intervals.',
        'billing_cycle_anchor_config',
      );
    }
    return nextOccurrence(config, from);
  }
  if (asked === undefined) return from;
  if (asked < from) {
    throw parameterInvalid(
      '`billing_cycle_anchor` cannot be in the past, nor before the end of the trial.',
      'billing_cycle_anchor',
    );
  }
  const latest = Math.min(...recurring.map((every) => boundary(from, every, 1)));
  if (asked > latest) {
    throw parameterInvalid(
      `billing_cycle_anchor cannot be later than next natural billing date (${latest}) for plan`,
      'billing_cycle_anchor',
    );
  }
  return asked;
}

/** Two years of months: a month of the year comes at least once, whatever day it is. */
const MONTHS_AHEAD = 24;

/** The first instant from `from` on that the configuration fits. The time of day is `from`'s where it is not said. */
export function nextOccurrence(config: GivenAnchorConfig, from: number): number {
  const date = new Date(from * 1000);
  const hour = config.hour ?? date.getUTCHours();
  const minute = config.minute ?? (config.hour === undefined ? date.getUTCMinutes() : 0);
  const second = config.second ?? (config.hour === undefined ? date.getUTCSeconds() : 0);
  for (let ahead = 0; ahead <= MONTHS_AHEAD; ahead++) {
    const year = date.getUTCFullYear();
    const month = date.getUTCMonth() + ahead;
    if (config.month !== undefined && (month % 12) + 1 !== config.month) continue;
    // Day 0 of the month after is the last of this one.
    const last = new Date(Date.UTC(year, month + 1, 0)).getUTCDate();
    const day = Math.min(config.day_of_month, last);
    const at = Date.UTC(year, month, day, hour, minute, second) / 1000;
    if (at >= from) return at;
  }
  throw new Error('A day of the month comes at least once in two years.');
}
