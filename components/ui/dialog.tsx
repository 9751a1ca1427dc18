'use client';

import { X } from 'lucide-react';
import {
  Close,
  Content,
  Description,
  Overlay,
  Portal,
  Root,
  Title,
  Trigger,
} from 'radix-ui/dialog';
import type { ReactNode } from 'react';
import { Button } from './button';
import { cx } from './classes';

export interface DialogProps {
  readonly isOpen?: boolean;
  readonly onOpenChange?: (isOpen: boolean) => void;
  /** The button that opens it; left out where `isOpen` is the caller's. */
  readonly trigger?: ReactNode;
  readonly title: string;
  readonly description?: ReactNode;
  readonly children: ReactNode;
  readonly width?: 'narrow' | 'wide';
  /** There is nothing to fill in: the dialog itself has the focus, and scrolls by the arrow keys. */
  readonly isReading?: boolean;
}

export const overlayLook = 'fixed inset-0 z-50 bg-black/40 backdrop-blur-[1px] animate-fade';

/** For `onOpenAutoFocus`. */
export function focusWhole(event: Event): void {
  event.preventDefault();
  (event.currentTarget as HTMLElement).focus();
}

/** A question in the middle of the page. Long content scrolls inside; the title stays. */
export function Dialog(props: DialogProps) {
  const {
    isOpen,
    onOpenChange,
    trigger,
    title,
    description,
    children,
    width = 'narrow',
    isReading,
  } = props;
  return (
    <Root open={isOpen} onOpenChange={onOpenChange}>
      {trigger !== undefined && <Trigger asChild>{trigger}</Trigger>}
      <Portal>
        <Overlay className={overlayLook} />
        <Content
          {...(isReading === true && { onOpenAutoFocus: focusWhole })}
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
          className={cx(
            'fixed top-1/2 left-1/2 z-50 flex max-h-[calc(100dvh-2rem)] w-[calc(100vw-2rem)] -translate-1/2 flex-col rounded-xl border border-line bg-surface shadow-2xl outline-none animate-rise',
            width === 'narrow' ? 'max-w-md' : 'max-w-2xl',
          )}
        >
          <div className="flex flex-col gap-1 px-5 pt-5 pr-12">
            <Title className="text-base font-semibold">{title}</Title>
            {description !== undefined && (
              <Description className="text-sm leading-relaxed text-muted">
                {description}
              </Description>
            )}
          </div>
          <div className="min-h-0 overflow-y-auto px-5 pt-4 pb-5">{children}</div>
          <CloseCorner />
        </Content>
      </Portal>
    </Root>
  );
}

/** Last, so that what opens begins with its first field; and without a tooltip, which would take Escape. */
export const CloseCorner = () => (
  <Close asChild>
    <Button look="quiet" size="smallIcon" aria-label="Close" className="absolute top-4 right-4">
      <X aria-hidden />
    </Button>
  </Close>
);

/** The row of buttons at the end of a dialog or a form: the answer last, where the eye ends. */
export const DialogActions = ({ children }: { children: ReactNode }) => (
  <div className="mt-5 flex flex-wrap justify-end gap-2">{children}</div>
);

export const DialogClose = ({ children }: { children: ReactNode }) => (
  <Close asChild>{children}</Close>
);
