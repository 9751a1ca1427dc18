'use client';

import { useState, type ReactNode } from 'react';
import type { DialogProps } from '@/components/ui/dialog';
import { Sheet } from '@/components/ui/sheet';
import { Skeleton } from '@/components/ui/surfaces';

export interface FormSheetProps extends Pick<
  DialogProps,
  'trigger' | 'isOpen' | 'onOpenChange' | 'title' | 'description' | 'width'
> {
  /** The form, which is new whenever the sheet opens; `close` ends it. */
  readonly children: (close: () => void) => ReactNode;
}

/** A form from the side, behind a button or opened by its owner. */
export function FormSheet({ isOpen, onOpenChange, children, ...sheet }: FormSheetProps) {
  const [isOpenHere, setIsOpenHere] = useState(false);
  const setOpen = (next: boolean): void => {
    setIsOpenHere(next);
    onOpenChange?.(next);
  };
  return (
    <Sheet {...sheet} isOpen={isOpen ?? isOpenHere} onOpenChange={setOpen}>
      {children(() => setOpen(false))}
    </Sheet>
  );
}

/** While the form itself is on its way: most visits open none. */
export const FormSkeleton = () => (
  <div aria-busy className="flex flex-col gap-5">
    {[0, 1, 2].map((field) => (
      <div key={field} className="flex flex-col gap-2">
        <Skeleton className="w-24" />
        <Skeleton className="h-8.5" />
      </div>
    ))}
  </div>
);
