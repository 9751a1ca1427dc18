'use client';

import { useQueryClient, type Query } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { Outputs } from './queries';
import { trpc } from './trpc';

/** How often new events are asked for while the page is seen, in milliseconds. */
const EVERY_MS = 4_000;

const EVENTS_MAX = 100;

type Event = Outputs['events']['list']['data'][number];

/**
 * Keeps what is shown true: asks for the events since the last one seen, and has every query asked
 * again that they may have changed. Once, for the whole dashboard.
 */
export function useLiveEvents(): void {
  const queries = useQueryClient();
  const { client } = trpc.useUtils();
  const lastSeen = useRef<string | null>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let isOver = false;

    async function look(): Promise<void> {
      const events = await eventsSince(client, lastSeen.current);
      const isFirstLook = lastSeen.current === null;
      lastSeen.current = events[0]?.id ?? lastSeen.current ?? '';
      if (isFirstLook || events.length === 0) return;
      await queries.invalidateQueries({ predicate: (query) => mayHaveChanged(query, events) });
    }
    function lookLater(): void {
      clearTimeout(timer);
      if (isOver || document.visibilityState === 'hidden') return;
      timer = setTimeout(() => {
        // A cursor that retention has taken away, or a server that restarts: begin again.
        void look()
          .catch(() => (lastSeen.current = null))
          .finally(lookLater);
      }, EVERY_MS);
    }

    void look().catch(() => undefined);
    lookLater();
    document.addEventListener('visibilitychange', lookLater);
    return () => {
      isOver = true;
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', lookLater);
    };
  }, [client, queries]);
}

/** The newest first. Of a project without events, `''` has been seen. */
async function eventsSince(
  client: ReturnType<typeof trpc.useUtils>['client'],
  id: string | null,
): Promise<Event[]> {
  const { data } = await client.events.list.query(
    id === null ? { limit: 1 } : { limit: EVENTS_MAX, ...(id === '' ? {} : { ending_before: id }) },
  );
  return data;
}

/** Whether it is about the kind of a changed object, or names one that the change names. */
function mayHaveChanged({ queryKey }: Query, events: readonly Event[]): boolean {
  const [path, asked] = queryKey as [readonly string[] | undefined, unknown];
  const resource = path?.at(-2);
  if (resource === undefined) return false;
  if (resource === 'events') return true;
  const text = JSON.stringify(asked);
  return events.some(
    ({ data: { object } }) =>
      resourceOf(object) === resource || idsIn(object).some((id) => text.includes(id)),
  );
}

/** `payment_intent` is read through `paymentIntents`. */
function resourceOf(object: object): string {
  const name = String((object as { object?: unknown }).object);
  const plural = name === 'invoiceitem' ? 'invoice_items' : `${name}s`;
  return plural.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}

/** Its own id and those it points at, as its customer's. */
const idsIn = (object: object): string[] =>
  Object.values(object).filter(
    (value): value is string => typeof value === 'string' && /^[a-z]+_\w{14,}$/.test(value),
  );
