'use client';

import { Content, Portal, Root, Trigger } from 'radix-ui/popover';
import type { ReactNode } from 'react';
import { cx } from './classes';
import { floatingLook } from './menu';

export interface PopoverProps {
  readonly trigger: ReactNode;
  /** Its name, for those who hear that it opened. */
  readonly label: string;
  readonly children: ReactNode;
  readonly isOpen?: boolean;
  readonly onOpenChange?: (isOpen: boolean) => void;
  readonly align?: 'start' | 'end';
  readonly className?: string;
}

/** A small form or list, beside the button that opens it. */
export const Popover = (props: PopoverProps) => {
  const { trigger, label, children, isOpen, onOpenChange, align = 'start', className } = props;
  return (
    <Root open={isOpen} onOpenChange={onOpenChange}>
      <Trigger asChild>{trigger}</Trigger>
      <Portal>
        <Content
          aria-label={label}
          align={align}
          sideOffset={6}
          collisionPadding={8}
          className={cx(floatingLook, 'max-w-[calc(100vw-1rem)] p-3', className)}
        >
          {children}
        </Content>
      </Portal>
    </Root>
  );
};
