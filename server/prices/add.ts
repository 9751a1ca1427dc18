/**
 * A new price, however it was asked for: by itself, as a plan, as the default price of a new
 * product, or inline in something that is billed.
 */
import type { StoredRecurring } from '@/db/schema/prices';
import type { Tx } from '@/server/kernel/context';
import { parameterInvalid, resourceMissing } from '@/server/kernel/errors';
import { newId } from '@/server/kernel/ids';
import { mergeMetadata } from '@/server/kernel/metadata';
import { unix } from '@/server/kernel/object';
import { mergeOptions, paramIn, toAmount, type Place } from './amount';
import { claimLookupKey } from './lookup';
import { toPlan, toPrice } from './object';
import type { GivenRecurring, PriceFields } from './params';
import * as store from './store';

export interface Owner {
  readonly product: string;
  /** Where a product already names the price that is to come. */
  readonly id?: string;
  /** The parameter that the fields were in, for errors. */
  readonly place?: Place;
}

/**
 * Adds the price and announces it.
 *
 * @throws ApiError 400 for fields that contradict each other, and a lookup key in use.
 */
export async function addPrice(
  tx: Tx,
  given: PriceFields,
  { product, id = newId('price'), place = null }: Owner,
): Promise<store.PriceRow> {
  const { currency, billing_scheme: scheme = 'per_unit' } = given;
  assertScheme(given, place);
  const { tiers = null, ...amount } = toAmount(given, scheme, currency, place);
  const options = given.currency_options;
  const row: Parameters<typeof store.insert>[1] = {
    id,
    ...amount,
    tiers,
    active: given.active ?? true,
    deleted: false,
    product,
    billing_scheme: scheme,
    currency,
    currency_options:
      options === undefined ? null : mergeOptions(null, options, { scheme, currency, place }),
    lookup_key: given.lookup_key ?? null,
    metadata: mergeMetadata({}, given.metadata),
    nickname: given.nickname ?? null,
    recurring: given.recurring === undefined ? null : toRecurring(given.recurring, place),
    tax_behavior: given.tax_behavior ?? 'unspecified',
    tiers_mode: given.tiers_mode ?? null,
    transform_quantity: given.transform_quantity ?? null,
    type: given.recurring === undefined ? 'one_time' : 'recurring',
    created: unix(tx.now),
  };
  await assertMeter(tx, row.recurring?.meter ?? null, place);
  if (given.lookup_key !== undefined) {
    await claimLookupKey(tx, given.lookup_key, id, given.transfer_lookup_key);
  }
  const added = store.insert(tx, row);
  await announceCreated(tx, added);
  return added;
}

/** A price that recurs is a plan too: https://docs.stripe.com/billing/migration/migrating-prices */
async function announceCreated(tx: Tx, row: store.PriceRow): Promise<void> {
  if (row.recurring !== null) await tx.announce('plan.created', toPlan(row));
  await tx.announce('price.created', toPrice(row));
}

/** A metered price counts by a meter, which must be there and count. */
async function assertMeter(tx: Tx, meter: string | null, place: Place): Promise<void> {
  if (meter === null) return;
  const status = await store.holdMeter(tx, meter);
  const param = paramIn(paramIn(place, 'recurring'), 'meter');
  if (status === null) throw resourceMissing('billing_meter', meter, param);
  if (status === 'inactive') {
    throw parameterInvalid(
      `The meter \`${meter}\` is inactive and cannot be attached to a price.`,
      param,
    );
  }
}

/** What one kind of price has and another cannot have. */
function assertScheme(given: PriceFields, place: Place): void {
  const isTiered = given.billing_scheme === 'tiered';
  const refuse = (message: string, param: string) =>
    parameterInvalid(message, paramIn(place, param));
  if (isTiered && given.recurring === undefined) {
    // The parameter that Stripe names too.
    throw refuse('Prices with `type=one_time` are not supported with tiered billing.', 'interval');
  }
  if (isTiered && given.tiers_mode === undefined) {
    throw refuse('Prices with `billing_scheme=tiered` require `tiers_mode`.', 'tiers_mode');
  }
  if (isTiered && given.transform_quantity !== undefined) {
    throw refuse('`transform_quantity` cannot be combined with `tiers`.', 'transform_quantity');
  }
  if (!isTiered && given.tiers_mode !== undefined) {
    throw refuse('You cannot set `tiers_mode` without `billing_scheme=tiered`.', 'tiers_mode');
  }
  if (given.custom_unit_amount !== undefined && given.recurring !== undefined) {
    throw refuse(
      '`custom_unit_amount` cannot be used with recurring prices.',
      'custom_unit_amount',
    );
  }
}

/** Three years, in each unit. */
const INTERVAL_COUNT_MAX = { day: 1_095, week: 156, month: 36, year: 3 } as const;

function toRecurring(given: GivenRecurring, place: Place): StoredRecurring {
  const { interval, interval_count = 1, meter = null, usage_type = 'licensed' } = given;
  const at = paramIn(place, 'recurring');
  const max = INTERVAL_COUNT_MAX[interval];
  if (interval_count > max) {
    throw parameterInvalid(
      `The maximum interval is three years: at most ${max} with \`interval=${interval}\`.`,
      paramIn(at, 'interval_count'),
    );
  }
  if (usage_type === 'metered' && meter === null) {
    throw parameterInvalid(
      'Starting with Stripe version `2025-03-31.basil`, metered prices must be backed by meters.',
      paramIn(at, 'meter'),
    );
  }
  if (usage_type === 'licensed' && meter !== null) {
    throw parameterInvalid(
      '`meter` can only be set with `usage_type=metered`.',
      paramIn(at, 'meter'),
    );
  }
  const trial_period_days = given.trial_period_days ?? null;
  return { interval, interval_count, meter, trial_period_days, usage_type };
}
