/**
 * Adds up what Home shows, behind the payments' back: a payment writes nothing for it. Ids sort by the
 * time they were made, so one mark says how far the figures are; a worker takes it, adds the stretch
 * that follows, and moves it, all in one transaction. What is after the mark is read live.
 *
 * A row can commit after one with a greater id. The mark therefore stays behind the oldest transaction
 * that is still under way, and behind the clocks of processes that may differ a little.
 */
import { byTenant } from '@/db/system';
import { findCustomers } from '@/server/customers';
import { findActive, type ActiveDiscount } from '@/server/discounts';
import type { Tx } from '@/server/kernel/context';
import type { System } from '@/server/kernel/due';
import { firstIdBodyAt } from '@/server/kernel/ids';
import { unix } from '@/server/kernel/object';
import { currentProject, readSettings } from '@/server/projects';
import { agreementsOf, findSubscriptions, type Agreement } from '@/server/subscriptions';
import { isPaying, monthlyValue, movementsOf, subscriberOf, type Change } from './revenue';
import * as store from './store';

/** How far the mark stays behind, in milliseconds: more than clocks of one installation differ. */
export const SETTLE_MS = 20_000;

/** What one transaction takes on: no statement of it is to take long. */
const STRETCH = { rows: 20_000, changes: 200 };

/** Tenants of one run. */
const FOUND = 200;

/** A run for the schedule: a stretch of each tenant. Answers of how many tenants more is left. */
export const rollFigures =
  (settleMs = SETTLE_MS) =>
  async (system: System): Promise<number> => {
    const settled = new Date((await store.oldestTransaction(system.pool)) - settleMs);
    const until = firstIdBodyAt(settled);
    let left = 0;
    for (const { tenant } of byTenant(await store.findBehind(system.pool, until, FOUND))) {
      try {
        const isMore = await system.ctxOf(tenant).transaction((tx) => rollOnce(tx, until));
        if (isMore) left += 1;
      } catch (error) {
        // What cannot be added up for one tenant holds up no other.
        system.log.error({ err: error, ...tenant }, 'figures could not be added up');
      }
    }
    return left;
  };

/** Adds one stretch; whether there is another before `until`. Not where another worker is at it. */
async function rollOnce(tx: Tx, until: string): Promise<boolean> {
  const { timezone } = readSettings((await currentProject(tx)).settings);
  let mark = await store.takeMark(tx, timezone);
  if (mark === null) return false;
  if (mark.time_zone !== timezone) {
    store.forget(tx);
    mark = store.moveMark(tx, mark, { until: '', time_zone: timezone });
  }
  if (mark.until >= until) return false;
  const end = await store.endOf(tx, { from: mark.until, until }, STRETCH);
  const stretch = { from: mark.until, until: end };
  store.addMoved(tx, stretch, timezone);
  await addRevenue(tx, stretch, timezone);
  store.moveMark(tx, mark, { until: end });
  return end < until;
}

/**
 * Looks at each subscription that was touched in the stretch as it is now, and adds what became of
 * its revenue. A later change is in a later stretch, which finds nothing left to add for it.
 */
async function addRevenue(tx: Tx, stretch: store.Stretch, zone: string): Promise<void> {
  const touched = await store.touchedIn(tx, stretch);
  if (touched.length === 0) return;
  const ids = touched.map(({ id }) => id);
  const rows = (await findSubscriptions(tx, ids)).filter(({ test_clock }) => test_clock === null);
  const agreements = await agreementsOf(tx, rows);
  const worth = await valuesOf(tx, agreements);
  const known = new Map((await store.findValues(tx, ids)).map((row) => [row.id, row]));
  const times = new Map(touched.map(({ id, at }) => [id, at]));
  const paying = await payingOf(
    tx,
    rows.map(({ customer }) => customer),
  );

  const changes = agreements.flatMap((agreement) => {
    const { id, customer, currency } = agreement.row;
    const full = worth.get(id) ?? 0;
    const before = known.get(id);
    const mrr = isPaying(agreement.row) ? full : 0;
    if (before?.mrr !== mrr) store.putValue(tx, before, { id, customer, currency, mrr });
    const change = { subscription: id, customer, currency };
    if (before === undefined)
      return firstSeen(agreement, full).map((one) => ({ ...change, ...one }));
    return [{ ...change, from: before.mrr, to: mrr, at: times.get(id) ?? unix(tx.now) }];
  });
  store.addMovements(tx, movementsOf(changes, paying), zone);
}

/**
 * The revenue of a subscription that no figure knows: of one that is over, that there was some. It
 * begins when the subscription was made, or with the end of its trial.
 */
function firstSeen({ row }: Agreement, full: number): Pick<Change, 'from' | 'to' | 'at'>[] {
  const at = Math.max(row.created, row.trial_end ?? 0);
  if (isPaying(row)) return [{ from: 0, to: full, at }];
  const wasPaying = row.status === 'canceled' && row.ended_at !== null && row.ended_at > at;
  if (!wasPaying || row.ended_at === null) return [];
  return [
    { from: 0, to: full, at },
    { from: full, to: 0, at: row.ended_at },
  ];
}

/** What each would bring in a month if it is paying, with the discounts that last forever. */
async function valuesOf(tx: Tx, agreements: readonly Agreement[]): Promise<Map<string, number>> {
  const customers = await findCustomers(tx, [
    ...new Set(agreements.map(({ row }) => row.customer)),
  ]);
  const ofCustomer = new Map(customers.map(({ id, discount }) => [id, discount]));
  const own = ({ row }: Agreement): readonly string[] => {
    if (row.discounts.length > 0) return row.discounts;
    const discount = ofCustomer.get(row.customer) ?? null;
    return discount === null ? [] : [discount];
  };
  const named = agreements.flatMap((one) => [
    ...own(one),
    ...one.items.flatMap(({ row }) => row.discounts),
  ]);
  const active = await findActive(tx, [...new Set(named)], unix(tx.now));
  const lasting = new Map(active.filter(isForever).map((one) => [one.id, one]));
  const those = (ids: readonly string[]) => ids.flatMap((id) => lasting.get(id) ?? []);
  return new Map(
    agreements.map((one) => {
      const items = one.items.map(({ row, price }) => ({
        price,
        quantity: row.quantity,
        discounts: those(row.discounts),
      }));
      return [one.row.id, monthlyValue(items, those(own(one)), one.row.currency)];
    }),
  );
}

const isForever = ({ coupon }: ActiveDiscount): boolean => coupon.duration === 'forever';

/** How many paying subscriptions the figures know of each subscriber. */
async function payingOf(tx: Tx, customers: readonly string[]): Promise<Map<string, number>> {
  const counts = new Map<string, number>();
  const found = await Promise.all(
    [...new Set(customers)].map((customer) => store.findValuesOf(tx, customer)),
  );
  for (const value of found.flat()) {
    if (value.mrr === 0) continue;
    const who = subscriberOf(value);
    counts.set(who, (counts.get(who) ?? 0) + 1);
  }
  return counts;
}
