'use client';

import { ThemeProvider, useTheme } from 'next-themes';
import type { ReactNode } from 'react';
import { useInBrowser } from '@/components/ui/in-browser';
import { MenuChoice, MenuChoices, MenuLabel } from '@/components/ui/menu';

/** @param nonce of the page's security policy: the theme is set before anything is painted. */
export const Theme = ({ nonce, children }: { nonce?: string | undefined; children: ReactNode }) => (
  <ThemeProvider
    attribute="class"
    enableColorScheme={false}
    disableTransitionOnChange
    {...(nonce === undefined ? {} : { nonce })}
  >
    {children}
  </ThemeProvider>
);

/** TABLE: the themes, by the name that they are stored under. */
export const THEMES = [
  ['system', 'As the system'],
  ['light', 'Light'],
  ['dark', 'Dark'],
] as const;

/** Which theme, as part of a menu. */
export function ThemeChoices() {
  const { theme = 'system', setTheme } = useTheme();
  const isInBrowser = useInBrowser();
  return (
    <>
      <MenuLabel>Theme</MenuLabel>
      <MenuChoices value={isInBrowser ? theme : 'system'} onValueChange={setTheme}>
        {THEMES.map(([value, name]) => (
          <MenuChoice key={value} value={value} onSelect={(event) => event.preventDefault()}>
            {name}
          </MenuChoice>
        ))}
      </MenuChoices>
    </>
  );
}
