'use client';

import { Check, Circle } from 'lucide-react';
import * as Radix from 'radix-ui/dropdown-menu';
import type { ComponentProps, ReactNode } from 'react';
import { cx } from './classes';

export const floatingLook =
  'z-50 rounded-xl border border-line bg-surface text-sm shadow-xl outline-none animate-rise';

export const choiceLook =
  'flex min-h-8 cursor-pointer items-center gap-2.5 rounded-lg px-2.5 py-1.5 outline-none select-none data-[highlighted]:bg-sunken [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:text-muted';

/** Of Radix's parts: cmdk's say `data-disabled="false"` where they are not. */
export const disabledLook = 'data-[disabled]:pointer-events-none data-[disabled]:opacity-50';

export interface MenuProps {
  readonly trigger: ReactNode;
  readonly children: ReactNode;
  readonly align?: 'start' | 'end';
  readonly className?: string;
}

/** Things to do, behind a button. `trigger` is one element that takes a ref. */
export const Menu = ({ trigger, children, align = 'end', className }: MenuProps) => (
  <Radix.Root modal={false}>
    <Radix.Trigger asChild>{trigger}</Radix.Trigger>
    <Radix.Portal>
      <Radix.Content
        align={align}
        sideOffset={6}
        collisionPadding={8}
        className={cx(
          floatingLook,
          'p-1 max-h-(--radix-dropdown-menu-content-available-height) min-w-48 overflow-y-auto',
          className,
        )}
      >
        {children}
      </Radix.Content>
    </Radix.Portal>
  </Radix.Root>
);

type ActionProps = ComponentProps<typeof Radix.Item> & { readonly look?: 'plain' | 'danger' };

export const MenuAction = ({ look = 'plain', className, ...rest }: ActionProps) => (
  <Radix.Item
    className={cx(
      choiceLook,
      disabledLook,
      look === 'danger' && 'text-bad [&_svg]:text-bad!',
      className,
    )}
    {...rest}
  />
);

export const MenuLabel = ({ children }: { children: ReactNode }) => (
  <Radix.Label className="px-2.5 pt-2 pb-1 text-xs font-medium text-muted">{children}</Radix.Label>
);

export const MenuRule = () => <Radix.Separator className="-mx-1 my-1 h-px bg-line" />;

const Mark = ({ children }: { children: ReactNode }) => (
  <span className="ml-auto flex size-4 items-center justify-center">
    <Radix.ItemIndicator>{children}</Radix.ItemIndicator>
  </span>
);

/** One of several that may be on together. The menu stays open. */
export const MenuCheck = ({
  children,
  className,
  ...rest
}: ComponentProps<typeof Radix.CheckboxItem>) => (
  <Radix.CheckboxItem
    onSelect={(event) => event.preventDefault()}
    className={cx(choiceLook, disabledLook, className)}
    {...rest}
  >
    {children}
    <Mark>
      <Check className="text-accent!" />
    </Mark>
  </Radix.CheckboxItem>
);

export const MenuChoices = Radix.RadioGroup;

/** One of several of which one is on. */
export const MenuChoice = ({
  children,
  className,
  ...rest
}: ComponentProps<typeof Radix.RadioItem>) => (
  <Radix.RadioItem className={cx(choiceLook, disabledLook, className)} {...rest}>
    {children}
    <Mark>
      <Circle className="size-2! fill-current text-accent!" />
    </Mark>
  </Radix.RadioItem>
);
