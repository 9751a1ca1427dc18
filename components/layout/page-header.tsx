import { ChevronLeft } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';

export interface PageHeaderProps {
  readonly title: ReactNode;
  /** Beside the title, such as a status. */
  readonly badge?: ReactNode;
  /** Below it, such as an id and a date. */
  readonly note?: ReactNode;
  readonly actions?: ReactNode;
  /** The list that the page is one of. */
  readonly back?: { readonly href: string; readonly label: string };
}

/** The head of every page: where one is, and what can be done. */
export function PageHeader({ title, badge, note, actions, back }: PageHeaderProps) {
  return (
    <header className="flex flex-col gap-2">
      {back !== undefined && (
        <Link
          href={back.href}
          className="-ml-0.5 inline-flex items-center gap-0.5 self-start rounded-md text-[13px] text-muted hover:text-ink"
        >
          <ChevronLeft aria-hidden className="size-3.5" />
          {back.label}
        </Link>
      )}
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-3">
        <div className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1">
          <h1 className="min-w-0 text-[22px] leading-8 font-semibold tracking-tight break-words">
            {title}
          </h1>
          {badge}
        </div>
        {actions !== undefined && (
          <div className="flex flex-wrap items-center gap-2">{actions}</div>
        )}
      </div>
      {note !== undefined && (
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-muted">{note}</div>
      )}
    </header>
  );
}
