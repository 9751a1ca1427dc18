'use client';

import type { ReactNode } from 'react';
import type { Outputs } from '@/components/api/queries';
import { trpc } from '@/components/api/trpc';
import { Picture } from '@/components/ui/picture';
import { ownTaxIds } from '../settings/project/call';

type Settings = Outputs['dashboard']['projects']['settings'];

export interface LetterheadProps {
  readonly settings: Pick<
    Settings,
    'brand' | 'branding' | 'name' | 'support_address' | 'support_email' | 'support_phone'
  >;
  readonly taxIds: readonly string[];
  /** At the other end: whose invoice it is. */
  readonly children?: ReactNode;
}

/** The head of what a customer is sent: by whom it is, in their colour. */
export function Letterhead({ settings, taxIds, children }: LetterheadProps) {
  const { brand, branding, name, support_address, support_email, support_phone } = settings;
  const picture = brand.logo ?? brand.icon;
  return (
    <div
      className="flex flex-wrap items-start justify-between gap-x-8 gap-y-4 border-t-4 border-b border-b-line px-4 py-4 sm:px-5"
      style={{ borderTopColor: branding.primary_color ?? 'transparent' }}
    >
      <div className="flex min-w-0 flex-col gap-2">
        {picture !== null && (
          <Picture src={picture} alt="" className="max-h-10 max-w-48 self-start object-contain" />
        )}
        <address className="flex min-w-0 flex-col text-[13px] leading-relaxed break-words text-muted not-italic">
          <strong className="text-sm font-semibold text-ink">{name}</strong>
          {[...addressLines(support_address), support_email, support_phone, ...taxIds]
            .filter((line) => line !== null && line !== '')
            .map((line) => (
              <span key={line}>{line}</span>
            ))}
        </address>
      </div>
      {children}
    </div>
  );
}

function addressLines(address: Settings['support_address']): (string | null)[] {
  if (address === null) return [];
  const { line1, line2, city, state, postal_code, country } = address;
  return [line1, line2, [city, state, postal_code].filter(Boolean).join(' '), country];
}

/** With what is set for the project, as soon as that is known. */
export function OwnLetterhead(props: {
  taxIds: readonly string[] | undefined;
  children?: ReactNode;
}) {
  const settings = trpc.dashboard.projects.settings.useQuery();
  const own = trpc.taxIds.list.useQuery(ownTaxIds, { enabled: props.taxIds === undefined });
  if (settings.data === undefined) return null;
  const taxIds = props.taxIds ?? own.data?.data.map(({ value }) => value) ?? [];
  return (
    <Letterhead settings={settings.data} taxIds={taxIds}>
      {props.children}
    </Letterhead>
  );
}
