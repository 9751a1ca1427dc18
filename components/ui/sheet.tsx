'use client';

import { Content, Description, Overlay, Portal, Root, Title, Trigger } from 'radix-ui/dialog';
import type { ReactNode } from 'react';
import { cx } from './classes';
import { CloseCorner, focusWhole, overlayLook, type DialogProps } from './dialog';

export interface SheetProps extends DialogProps {
  readonly side?: 'left' | 'right';
  /** The title is heard and not seen. */
  readonly isTitleHidden?: boolean;
  readonly footer?: ReactNode;
}

/** A long form or a second look, from the side; the page stays in sight where there is room. */
export function Sheet(props: SheetProps) {
  const { isOpen, onOpenChange, trigger, title, description, children, footer } = props;
  const { side = 'right', isTitleHidden = false, width = 'narrow', isReading } = props;
  return (
    <Root open={isOpen} onOpenChange={onOpenChange}>
      {trigger !== undefined && <Trigger asChild>{trigger}</Trigger>}
      <Portal>
        <Overlay className={overlayLook} />
        <Content
          {...(isReading === true && { onOpenAutoFocus: focusWhole })}
          {...(description === undefined ? { 'aria-describedby': undefined } : {})}
          className={cx(
            'fixed inset-y-0 z-50 flex w-full flex-col border-line bg-surface shadow-2xl outline-none',
            side === 'right'
              ? 'right-0 border-l animate-from-right'
              : 'left-0 max-w-72 border-r animate-from-left',
            side === 'right' && (width === 'narrow' ? 'sm:max-w-md' : 'sm:max-w-2xl'),
          )}
        >
          <div className={cx(isTitleHidden ? 'h-12' : 'border-b border-line px-5 pt-4 pr-12 pb-3')}>
            <div className={cx('flex flex-col gap-0.5', isTitleHidden && 'sr-only')}>
              <Title className="text-base font-semibold break-words">{title}</Title>
              {description !== undefined && (
                <Description className="text-sm wrap-anywhere text-muted">
                  {description}
                </Description>
              )}
            </div>
          </div>
          <div className="min-h-0 flex-1 overflow-y-auto px-5 py-4">{children}</div>
          {footer !== undefined && (
            <div className="flex justify-end gap-2 border-t border-line px-5 py-3">{footer}</div>
          )}
          <CloseCorner />
        </Content>
      </Portal>
    </Root>
  );
}
