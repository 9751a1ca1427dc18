'use client';

import { Content, List, Root, Trigger } from 'radix-ui/tabs';
import type { ReactNode } from 'react';

export interface Tab {
  readonly value: string;
  readonly label: string;
  readonly content: ReactNode;
}

/** Views of one thing, of which one is seen. */
export function Tabs({ tabs, label }: { tabs: readonly Tab[]; label: string }) {
  return (
    <Root defaultValue={tabs[0]?.value ?? ''} className="flex min-w-0 flex-col gap-4">
      <List aria-label={label} className="flex gap-5 overflow-x-auto border-b border-line">
        {tabs.map(({ value, label: name }) => (
          <Trigger key={value} value={value} className={tabLook}>
            {name}
          </Trigger>
        ))}
      </List>
      {tabs.map(({ value, content }) => (
        <Content key={value} value={value} className="min-w-0">
          {content}
        </Content>
      ))}
    </Root>
  );
}

export const tabLook =
  '-mb-px shrink-0 cursor-pointer border-b-2 border-transparent px-0.5 pb-2 text-sm whitespace-nowrap text-muted -outline-offset-2 hover:text-ink data-[state=active]:border-accent data-[state=active]:font-medium data-[state=active]:text-ink';
