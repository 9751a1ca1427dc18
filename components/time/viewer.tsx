'use client';

import {
  createContext,
  useContext,
  useEffect,
  useMemo,
  useSyncExternalStore,
  type ReactNode,
} from 'react';

/** How the viewer writes times and amounts. */
export interface Viewer {
  /** BCP 47, such as `en-GB`. */
  readonly locale: string;
  /** IANA, such as `Europe/London`. */
  readonly timeZone: string;
}

/** Where the browser's time zone is kept, so that the server writes the same times as the browser. */
export const ZONE_COOKIE = 'calmony-zone';

const ZONE_COOKIE_SECONDS = 365 * 24 * 60 * 60;

const Context = createContext<Viewer>({ locale: 'en-GB', timeZone: 'UTC' });

export const useViewer = (): Viewer => useContext(Context);

const browserZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** It does not change under a page. */
const never = () => () => undefined;

/** Begins with what the server took from the request, and is put right by the browser. */
export function ViewerProvider({ viewer, children }: { viewer: Viewer; children: ReactNode }) {
  const zone = useSyncExternalStore(never, browserZone, () => viewer.timeZone);
  useEffect(() => {
    if (zone === viewer.timeZone) return;
    document.cookie = `${ZONE_COOKIE}=${encodeURIComponent(zone)};path=/;max-age=${ZONE_COOKIE_SECONDS};samesite=lax`;
  }, [zone, viewer.timeZone]);
  const value = useMemo(() => ({ locale: viewer.locale, timeZone: zone }), [viewer.locale, zone]);
  return <Context value={value}>{children}</Context>;
}
