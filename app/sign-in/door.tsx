import Link from 'next/link';
import type { ReactNode } from 'react';
import { Wordmark } from '@/components/layout/wordmark';

export interface DoorProps {
  readonly title: string;
  readonly note?: ReactNode;
  readonly children: ReactNode;
}

/** A page with one form in its middle, for those who are not in yet. */
export function Door({ title, note, children }: DoorProps) {
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-md flex-col justify-center gap-8 px-5 py-10">
      <Link href="/" className="self-start rounded-md">
        <Wordmark />
      </Link>
      <section
        aria-labelledby="door"
        className="flex flex-col gap-6 rounded-xl border border-line bg-surface p-6 sm:p-8"
      >
        <div className="flex flex-col gap-2">
          <h1 id="door" className="text-xl font-semibold tracking-tight">
            {title}
          </h1>
          {note !== undefined && <p className="text-sm leading-relaxed text-muted">{note}</p>}
        </div>
        {children}
      </section>
    </main>
  );
}
