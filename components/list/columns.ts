'use client';

import { useCallback, useSyncExternalStore } from 'react';
import type { AnyList } from './define';

const keyOf = (list: AnyList): string => `calmony-columns-${list.name}`;

/** The storage event is for other tabs; this one is told by us. */
const CHANGED = 'calmony-columns';

function subscribe(listener: () => void): () => void {
  addEventListener('storage', listener);
  addEventListener(CHANGED, listener);
  return () => {
    removeEventListener('storage', listener);
    removeEventListener(CHANGED, listener);
  };
}

/** Which columns are seen, by id: what was picked in this browser, else what the list says. */
export function useColumnPicks(list: AnyList): {
  readonly picks: Readonly<Record<string, boolean>>;
  readonly pick: (id: string, isSeen: boolean) => void;
} {
  const stored = useSyncExternalStore(
    subscribe,
    () => localStorage.getItem(keyOf(list)),
    () => null,
  );
  const picked = stored === null ? {} : (JSON.parse(stored) as Record<string, boolean>);
  const picks = Object.fromEntries(
    list.columns.map(({ id, isExtra = false }) => [id, picked[id] ?? !isExtra]),
  );
  const pick = useCallback(
    (id: string, isSeen: boolean) => {
      const before = JSON.parse(localStorage.getItem(keyOf(list)) ?? '{}') as object;
      localStorage.setItem(keyOf(list), JSON.stringify({ ...before, [id]: isSeen }));
      dispatchEvent(new Event(CHANGED));
    },
    [list],
  );
  return { picks, pick };
}
