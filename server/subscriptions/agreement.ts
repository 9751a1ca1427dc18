/**
 * An agreement is a subscription with all that its rules and its object need: what it bills for, at
 * which prices, with which taxes, and how the project bills. Rules take one and answer the next, and
 * this file is the only one that writes a subscription's row once it is there: so no change goes
 * without its event, and none without a look at what becomes due.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Scope, Tx } from '@/server/kernel/context';
import { resourceMissing } from '@/server/kernel/errors';
import { findPrices, type PriceRow } from '@/server/prices';
import { currentProject, readSettings, type Settings } from '@/server/projects';
import { findRates, type TaxRateRow } from '@/server/tax_rates';
import { onClock, requireStillClock } from '@/server/test_clocks';
import { dueAt } from './due_at';
import { toSubscription } from './object';
import * as store from './store';
import type { ItemRow, SubscriptionRow } from './store';

export type Rates = ReadonlyMap<string, TaxRateRow>;

/** What is billed for, and its price. */
export interface PricedItem {
  readonly row: ItemRow;
  readonly price: PriceRow;
}

export interface Agreement {
  readonly row: SubscriptionRow;
  /** Oldest first. */
  readonly items: readonly PricedItem[];
  /** Those that would be its items, if the pending update is applied. Empty without one. */
  readonly pendingItems: readonly PricedItem[];
  /** Every tax rate that it or an item of it names, by id. */
  readonly rates: Rates;
  readonly billing: Settings['billing'];
}

/** The agreements of these rows, in their order: a handful of queries, however many there are. */
export async function agreementsOf(
  scope: Scope | Tx,
  rows: readonly SubscriptionRow[],
): Promise<Agreement[]> {
  if (rows.length === 0) return [];
  const items = await store.itemsOf(
    scope,
    rows.map(({ id }) => id),
  );
  return assemble(scope, rows, items);
}

async function assemble(
  scope: Scope | Tx,
  rows: readonly SubscriptionRow[],
  items: readonly ItemRow[],
): Promise<Agreement[]> {
  const pending = rows.flatMap(({ pending_update }) => pending_update?.items ?? []);
  const [prices, rates, project] = await Promise.all([
    findPrices(scope, unique([...items, ...pending].map(({ price }) => price))),
    findRates(
      scope,
      unique([
        ...rows.flatMap((row) => row.default_tax_rates),
        ...[...items, ...pending].flatMap((row) => row.tax_rates),
      ]),
    ),
    currentProject(scope),
  ]);
  const priceById = new Map(prices.map((price) => [price.id, price]));
  const rateById = new Map(rates.map((rate) => [rate.id, rate]));
  const { billing } = readSettings(project.settings);
  const priced = (row: ItemRow): PricedItem => {
    const price = priceById.get(row.price);
    if (price === undefined) throw new Error(`${row.id} has no price ${row.price}.`);
    return { row, price };
  };
  return rows.map((row) => ({
    row,
    items: items.filter(({ subscription }) => subscription === row.id).map(priced),
    pendingItems: (row.pending_update?.items ?? []).map(priced),
    rates: rateById,
    billing,
  }));
}

const unique = (ids: readonly string[]): string[] => [...new Set(ids)];

/** @throws ApiError `resource_missing`, naming `param`. */
export async function requireAgreement(scope: Scope, id: string, param = 'id'): Promise<Agreement> {
  const row = await store.find(scope, id);
  const [agreement] = row === null ? [] : await agreementsOf(scope, [row]);
  if (agreement === undefined) throw resourceMissing('subscription', id, param);
  return agreement;
}

/** As it is now, and nobody else may change it until this transaction ends; null if there is none. */
export async function lockAgreement(tx: Tx, id: string): Promise<Agreement | null> {
  // Sent together and executed in order: the items are read once the lock is had.
  const [row, items] = await Promise.all([store.lock(tx, id), store.itemsOf(tx, [id])]);
  if (row === null) return null;
  return (await assemble(tx, [row], items))[0] ?? null;
}

/** @throws ApiError `resource_missing`, naming `param`. */
export async function requireLocked(tx: Tx, id: string, param = 'id'): Promise<Agreement> {
  const agreement = await lockAgreement(tx, id);
  if (agreement === null) throw resourceMissing('subscription', id, param);
  return agreement;
}

/** A subscription that a request is about to change, on the clock of its customer. */
export interface Ongoing {
  readonly tx: Tx;
  readonly agreement: Agreement;
}

/**
 * As `requireLocked`, if it has not ended and its time is not being moved.
 *
 * @throws ApiError `resource_missing` also for one that has ended: to Stripe it is gone.
 */
export async function requireOngoing(given: Tx, id: string, param = 'id'): Promise<Ongoing> {
  const agreement = await requireLocked(given, id, param);
  const { status, test_clock } = agreement.row;
  if (status === 'canceled' || status === 'incomplete_expired') {
    throw resourceMissing('subscription', id, param);
  }
  if (test_clock !== null) await requireStillClock(given, test_clock);
  return { tx: await onClock(given, test_clock), agreement };
}

/** What changes of an agreement. Rows of items are written by whoever changes them. */
export interface Amendment {
  readonly row?: Partial<SubscriptionRow>;
  readonly items?: readonly PricedItem[];
  readonly pendingItems?: readonly PricedItem[];
  readonly rates?: Rates;
}

/** Writes the change, and when something is due next; announces `customer.subscription.updated` if it can be seen. */
export async function amend(tx: Tx, before: Agreement, change: Amendment): Promise<Agreement> {
  const after = write(tx, before, change);
  const [was, is] = [toSubscription(before), toSubscription(after)];
  if (!isDeepStrictEqual(was, is)) await tx.announce('customer.subscription.updated', is, was);
  return after;
}

/** As `amend`, where what can be seen of it is announced by the caller. */
export function write(tx: Tx, before: Agreement, { row = {}, ...change }: Amendment): Agreement {
  const after: Agreement = { ...before, ...change, row: { ...before.row, ...row } };
  const due_at = dueAt(after);
  return { ...after, row: store.update(tx, before.row, { ...row, due_at }) };
}
