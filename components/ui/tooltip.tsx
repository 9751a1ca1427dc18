'use client';

import { Content, Portal, Provider, Root, Trigger } from 'radix-ui/tooltip';
import type { ReactNode } from 'react';

/** Once, around everything: the second tooltip in a row then opens at once. */
export const TooltipProvider = ({ children }: { children: ReactNode }) => (
  <Provider delayDuration={400} skipDelayDuration={200}>
    {children}
  </Provider>
);

/**
 * A word about what is pointed at. `children` is one element that takes a ref; it must be understood
 * without the tooltip, which touch has none of.
 */
export function Tooltip({ text, children }: { text: ReactNode; children: ReactNode }) {
  return (
    <Root>
      <Trigger asChild>{children}</Trigger>
      <Portal>
        <Content
          sideOffset={6}
          collisionPadding={8}
          className="z-60 max-w-72 rounded-md bg-ink px-2.5 py-1.5 text-xs leading-snug text-page shadow-lg"
        >
          {text}
        </Content>
      </Portal>
    </Root>
  );
}
