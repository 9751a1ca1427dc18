import type { ComponentProps, ReactNode } from 'react';
import { cx } from './classes';

/** Stands where something will be, in its size. */
export const Skeleton = ({ className }: { className?: string }) => (
  <span aria-hidden className={cx('block min-h-3.5 animate-pulse rounded-md bg-line', className)} />
);

export interface CardProps {
  readonly title?: ReactNode;
  readonly note?: ReactNode;
  /** Beside the title: what can be done with the whole. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  /** The content reaches the edges, as a table does. */
  readonly isFlush?: boolean;
  readonly className?: string;
}

/** A part of a page, with a heading of its own. */
export function Card({ title, note, actions, children, isFlush = false, className }: CardProps) {
  return (
    <section
      className={cx('min-w-0 overflow-hidden rounded-xl border border-line bg-surface', className)}
    >
      {title !== undefined && (
        <div className="flex min-h-12 flex-wrap items-center justify-between gap-x-4 gap-y-2 border-b border-line px-4 py-2 sm:px-5">
          <div className="min-w-0">
            <h2 className="text-[15px] font-semibold">{title}</h2>
            {note !== undefined && <p className="text-[13px] text-muted">{note}</p>}
          </div>
          {actions !== undefined && <div className="flex items-center gap-2">{actions}</div>}
        </div>
      )}
      <div className={isFlush ? '' : 'px-4 py-4 sm:px-5'}>{children}</div>
    </section>
  );
}

export const Kbd = ({ children }: { children: ReactNode }) => (
  <kbd className="inline-flex h-5 min-w-5 items-center justify-center rounded-md border border-line bg-sunken px-1 font-sans text-[11px] font-medium text-muted">
    {children}
  </kbd>
);

export const Table = ({ className, ...rest }: ComponentProps<'table'>) => (
  <table className={cx('w-full border-collapse text-sm', className)} {...rest} />
);

export const Th = ({ className, ...rest }: ComponentProps<'th'>) => (
  <th
    scope="col"
    className={cx(
      'h-9 border-b border-line px-2 text-left text-xs font-medium whitespace-nowrap text-muted first:pl-4 last:pr-4 sm:px-3 sm:first:pl-5 sm:last:pr-5',
      className,
    )}
    {...rest}
  />
);

export const Td = ({ className, ...rest }: ComponentProps<'td'>) => (
  <td
    className={cx(
      'h-10.5 border-b border-line px-2 py-1.5 group-last:border-b-0 first:pl-4 last:pr-4 sm:px-3 sm:first:pl-5 sm:last:pr-5',
      className,
    )}
    {...rest}
  />
);
