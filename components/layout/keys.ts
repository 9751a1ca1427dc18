'use client';

import { useRouter } from 'next/navigation';
import { useEffect } from 'react';
import { useProject } from '@/components/api/project';
import type { Place } from './place';

/** How long the letter after `g` may take, in milliseconds. */
const JUMP_MS = 1_200;

const isTyping = ({ target }: KeyboardEvent): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName));

const isAsked = (): boolean => document.querySelector('[role=dialog], [role=alertdialog]') !== null;

export interface KeyActions {
  readonly onPalette: () => void;
  readonly onShortcuts: () => void;
}

/** The keys of the whole dashboard. None of them works while one is typing or asked something. */
export function useKeys(places: readonly Place[], { onPalette, onShortcuts }: KeyActions): void {
  const router = useRouter();
  const { href } = useProject();
  useEffect(() => {
    let jumpsUntil = 0;
    function press(event: KeyboardEvent): void {
      if ((event.metaKey || event.ctrlKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        onPalette();
        return;
      }
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event) || isAsked()) return;
      if (event.timeStamp < jumpsUntil) {
        jumpsUntil = 0;
        const place = places.find(({ jump }) => jump === event.key);
        if (place !== undefined) router.push(href(place.page));
        return;
      }
      if (event.key === 'g') jumpsUntil = event.timeStamp + JUMP_MS;
      if (event.key === '?') onShortcuts();
      if (event.key === '/') {
        event.preventDefault();
        const search = document.querySelector<HTMLElement>('[data-search]');
        if (search === null) onPalette();
        else search.focus();
      }
    }
    addEventListener('keydown', press);
    return () => removeEventListener('keydown', press);
  }, [places, router, href, onPalette, onShortcuts]);
}
