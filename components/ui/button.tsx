import { Slot } from 'radix-ui/slot';
import type { ComponentProps, ReactNode } from 'react';
import { cx } from './classes';
import { Tooltip } from './tooltip';

const LOOKS = {
  /** The one thing that the page is for. */
  primary: 'bg-accent text-accent-ink shadow-xs hover:bg-accent-strong',
  secondary: 'border border-line-strong bg-surface text-ink shadow-xs hover:bg-sunken',
  quiet: 'text-muted hover:bg-sunken hover:text-ink',
  /** What cannot be undone. */
  danger: 'bg-bad-strong text-white shadow-xs hover:opacity-90',
} as const;

const SIZES = {
  small: 'h-7 gap-1.5 rounded-md px-2.5 text-[13px]',
  medium: 'h-8.5 gap-2 rounded-lg px-3 text-sm',
  /** A square, for an icon alone. */
  smallIcon: 'size-7 rounded-md',
  icon: 'size-8.5 rounded-lg',
} as const;

export interface ButtonProps extends ComponentProps<'button'> {
  readonly look?: keyof typeof LOOKS;
  readonly size?: keyof typeof SIZES;
  /** Gives the look to the one child, such as a link. */
  readonly asChild?: boolean;
  /** What it started is under way: it keeps its width, and cannot be pressed again. */
  readonly isBusy?: boolean;
}

export function Button({
  look = 'secondary',
  size = 'medium',
  asChild = false,
  isBusy = false,
  className,
  disabled = false,
  type = 'button',
  ...rest
}: ButtonProps) {
  const Element = asChild ? Slot : 'button';
  return (
    <Element
      {...(asChild ? {} : { type, disabled: disabled || isBusy, 'aria-busy': isBusy || undefined })}
      className={cx(
        'inline-flex shrink-0 cursor-pointer items-center justify-center font-medium whitespace-nowrap transition-colors select-none',
        'disabled:cursor-not-allowed disabled:opacity-50 aria-busy:animate-pulse [&_svg]:size-4 [&_svg]:shrink-0',
        LOOKS[look],
        SIZES[size],
        className,
      )}
      {...rest}
    />
  );
}

export interface IconButtonProps extends Omit<ButtonProps, 'children' | 'asChild' | 'size'> {
  /** What it does: its name for those who cannot see the icon, and its tooltip for those who can. */
  readonly label: string;
  readonly size?: 'small' | 'medium';
  readonly children: ReactNode;
}

export function IconButton({ label, look = 'quiet', size = 'medium', ...rest }: IconButtonProps) {
  return (
    <Tooltip text={label}>
      <Button
        aria-label={label}
        look={look}
        size={size === 'small' ? 'smallIcon' : 'icon'}
        {...rest}
      />
    </Tooltip>
  );
}
