'use client';

import { useQueryClient, type Query, type QueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Outputs } from './queries';
import { trpc } from './trpc';

/** How often new events are asked for while the page is seen, in milliseconds. */
const EVERY_MS = 4_000;

const EVENTS_MAX = 100;

/**
 * So far back each look reaches behind the newest event known, in seconds: an event bears the time at
 * which its transaction wrote it and is seen when that has ended, so a newer one may be seen first.
 */
const OVERLAP_S = 10;

type Event = Outputs['events']['list']['data'][number];

/** What has been seen: the ids of all events from `since` on, in Unix seconds. */
interface Seen {
  readonly since: number;
  readonly ids: ReadonlySet<string>;
}

/**
 * Keeps what is shown true: asks for the events since the last look, the first of which reaches back
 * to when the page was read, and has every query asked again that they may have changed. Once, for
 * the whole dashboard.
 */
export function useLiveEvents(): void {
  const queries = useQueryClient();
  const { client } = trpc.useUtils();
  useEffect(() => {
    let seen: Seen = { since: readAt(queries) - OVERLAP_S, ids: new Set() };
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;

    async function look(): Promise<void> {
      const { data } = await client.events.list.query({
        limit: EVENTS_MAX,
        created: { gte: seen.since },
      });
      const events = data.filter(({ id }) => !seen.ids.has(id));
      seen = seenWith(seen, data);
      if (events.length === 0) return;
      // Where all are new there may be more than were answered.
      const areAllNew = events.length === EVENTS_MAX;
      await queries.invalidateQueries({
        predicate: (query) => areAllNew || mayHaveChanged(query, events),
      });
    }
    function lookLater(): void {
      clearTimeout(timer);
      if (isOver || document.visibilityState === 'hidden') return;
      timer = setTimeout(() => {
        // A server that restarts is asked again: what is seen stays as it was.
        void look()
          .catch(() => undefined)
          .finally(lookLater);
      }, EVERY_MS);
    }

    void look()
      .catch(() => undefined)
      .finally(lookLater);
    document.addEventListener('visibilitychange', lookLater);
    return () => {
      isOver = true;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', lookLater);
    };
  }, [client, queries]);
}

/** When the oldest of what the page shows was read on the server, or the page asked for; in Unix seconds. */
function readAt(queries: QueryClient): number {
  const times = queries
    .getQueryCache()
    .getAll()
    .map(({ state }) => state.dataUpdatedAt)
    .filter((time) => time > 0);
  return Math.floor((times.length > 0 ? Math.min(...times) : performance.timeOrigin) / 1_000);
}

/** After a look that answered these, the newest first. */
function seenWith(seen: Seen, [newest, ...others]: readonly Event[]): Seen {
  if (newest === undefined) return seen;
  const since = Math.max(seen.since, newest.created - OVERLAP_S);
  const kept = [newest, ...others].filter(({ created }) => created >= since);
  return { since, ids: new Set(kept.map(({ id }) => id)) };
}

/** TABLE: what else a change of an object shows in. Money that moves is in the balance, too. */
const BALANCE = ['balance', 'balanceTransactions'];
const SHOWS_IN: Readonly<Record<string, readonly string[]>> = {
  balance: BALANCE,
  charge: ['paymentIntents', ...BALANCE],
  dispute: ['paymentIntents', 'charges', ...BALANCE],
  payout: BALANCE,
  refund: ['paymentIntents', 'charges', ...BALANCE],
};

/** Whether it is about the kind of a changed object, or names one that the change names. */
function mayHaveChanged({ queryKey }: Query, events: readonly Event[]): boolean {
  const [path, asked] = queryKey as [readonly string[] | undefined, unknown];
  const resource = path?.at(-2);
  if (resource === undefined) return false;
  // Home counts a little of everything.
  if (resource === 'events' || resource === 'home') return true;
  const text = JSON.stringify(asked);
  return events.some(
    ({ data: { object } }) =>
      resourcesOf(object).includes(resource) || idsIn(object).some((id) => text.includes(id)),
  );
}

const resourcesOf = (object: object): string[] => {
  const name = String((object as { object?: unknown }).object);
  return [resourceOf(name), ...(SHOWS_IN[name] ?? [])];
};

/** `payment_intent` is read through `paymentIntents`. */
function resourceOf(name: string): string {
  const plural = name === 'invoiceitem' ? 'invoice_items' : `${name}s`;
  return plural.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** Its own id and those it points at, as its customer's. */
const idsIn = (object: object): string[] =>
  Object.values(object).filter(
    (value): value is string => typeof value === 'string' && /^[a-z]+_\w{14,}$/.test(value),
  );
