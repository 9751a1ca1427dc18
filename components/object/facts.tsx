import type { ReactNode } from 'react';

export interface Fact {
  readonly label: string;
  readonly value: ReactNode;
}

/** What there is to know about an object, name by name. What is not known is left out. */
export function Facts({ facts }: { facts: readonly Fact[] }) {
  const known = facts.filter(
    ({ value }) => value !== null && value !== undefined && value !== '' && value !== false,
  );
  return (
    <dl className="grid gap-x-4 gap-y-3 text-sm sm:grid-cols-[6.5rem_minmax(0,1fr)]">
      {known.map(({ label, value }) => (
        <div key={label} className="contents">
          <dt className="text-muted max-sm:-mb-2.5 max-sm:text-[13px]">{label}</dt>
          <dd className="min-w-0 break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** A value of the API's, such as `chargeback`, as the beginning of a line. */
export const Word = ({ children }: { children: ReactNode }) => (
  <span className="inline-block first-letter:uppercase">{children}</span>
);

export interface Figure {
  readonly label: string;
  readonly value: ReactNode;
}

/** The two or three numbers one comes for. */
export const Figures = ({ figures }: { figures: readonly Figure[] }) => (
  <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-xl border border-line bg-line sm:auto-cols-fr sm:grid-flow-col sm:grid-cols-none">
    {figures.map(({ label, value }) => (
      <div key={label} className="flex flex-col gap-0.5 bg-surface px-4 py-3 sm:px-5">
        <dt className="text-[13px] text-muted">{label}</dt>
        <dd className="text-lg font-semibold tracking-tight">{value}</dd>
      </div>
    ))}
  </dl>
);
