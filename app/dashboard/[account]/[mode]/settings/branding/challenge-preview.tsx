'use client';

import { Card } from '@/components/ui/surfaces';
import { Picture } from '@/components/ui/picture';
import type { ProjectSettings } from '../with-settings';

/** The head of the pages on which a cardholder confirms a payment. */
export const ChallengePreview = ({ settings }: { settings: ProjectSettings }) => (
  <Card title="Payment confirmation" note="Where 3-D Secure is asked for">
    <div
      className="mx-auto flex max-w-sm flex-col gap-3 rounded-xl border border-t-4 border-line bg-page p-5"
      style={{ borderTopColor: settings.branding.primary_color ?? 'var(--color-line)' }}
    >
      {settings.brand.logo !== null && (
        <Picture
          src={settings.brand.logo}
          alt=""
          className="max-h-12 max-w-48 self-start object-contain"
        />
      )}
      <p className="text-lg font-semibold tracking-tight">Is this you?</p>
      <dl className="flex justify-between gap-4 border-y border-line py-2.5 text-sm">
        <dt className="text-muted">Shop</dt>
        <dd className="min-w-0 font-semibold break-words">{settings.name}</dd>
      </dl>
    </div>
  </Card>
);
