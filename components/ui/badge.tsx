import type { ReactNode } from 'react';
import { cx } from './classes';

const LOOKS = {
  good: 'bg-good-soft text-good',
  warn: 'bg-warn-soft text-warn',
  bad: 'bg-bad-soft text-bad',
  accent: 'bg-accent-soft text-accent',
  plain: 'bg-sunken text-muted',
} as const;

export type BadgeLook = keyof typeof LOOKS;

/** A state in a word. The word says it; the colour only helps to find it. */
export const Badge = ({ look = 'plain', children }: { look?: BadgeLook; children: ReactNode }) => (
  <span
    className={cx(
      'inline-flex h-5 items-center rounded-md px-1.5 text-xs font-medium whitespace-nowrap',
      LOOKS[look],
    )}
  >
    {children}
  </span>
);

/** TABLE: how well each status of Stripe's bodes. What is not here is plain. */
const STATUS_LOOKS: Readonly<Record<string, BadgeLook>> = {
  active: 'good',
  available: 'good',
  complete: 'good',
  delivered: 'good',
  enabled: 'good',
  paid: 'good',
  succeeded: 'good',
  won: 'good',
  draft: 'plain',
  in_transit: 'accent',
  open: 'accent',
  pending: 'accent',
  processing: 'accent',
  trialing: 'accent',
  under_review: 'accent',
  warning_under_review: 'accent',
  disputed: 'warn',
  incomplete: 'warn',
  needs_response: 'warn',
  past_due: 'warn',
  paused: 'warn',
  requires_action: 'warn',
  requires_capture: 'warn',
  requires_confirmation: 'warn',
  requires_payment_method: 'warn',
  uncollectible: 'warn',
  warning_needs_response: 'warn',
  failed: 'bad',
  incomplete_expired: 'bad',
  lost: 'bad',
  unpaid: 'bad',
};

/** TABLE: what a status is called, where its own words would puzzle a merchant. */
const STATUS_WORDS: Readonly<Record<string, string>> = {
  canceled: 'Cancelled',
  requires_action: 'Needs action',
  requires_capture: 'Uncaptured',
  requires_confirmation: 'Needs confirmation',
  requires_payment_method: 'Incomplete',
  incomplete_expired: 'Expired',
  warning_needs_response: 'Inquiry',
  warning_under_review: 'Inquiry answered',
  warning_closed: 'Inquiry closed',
};

const words = (status: string): string =>
  STATUS_WORDS[status] ??
  `${status.charAt(0).toUpperCase()}${status.slice(1).replaceAll('_', ' ')}`;

/** Any object's status, as its wire word. */
export const StatusBadge = ({ status, look }: { status: string; look?: BadgeLook }) => (
  <Badge look={look ?? STATUS_LOOKS[status] ?? 'plain'}>{words(status)}</Badge>
);
