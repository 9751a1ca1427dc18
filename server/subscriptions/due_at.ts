/** When something is due to be done with a subscription. Pure: `due.ts` does it. */
import type { Agreement } from './agreement';

const DAY = 24 * 3600;

/** How long a subscription waits for the payment that it begins or resumes with. In seconds. */
export const AWAITED_SECONDS = 23 * 3600;

/** The instant of the next thing that is due, in unix seconds; null when nothing ever is. */
export function dueAt(agreement: Agreement): number | null {
  const instants = Object.values(agendaOf(agreement)).filter((at) => at !== null);
  return instants.length === 0 ? null : Math.min(...instants);
}

/** What is ahead of a subscription, and when; null where it is not. Unix seconds. */
export interface Agenda {
  /** The payment that it begins or resumes with is not there. */
  readonly expiry: number | null;
  readonly cancellation: number | null;
  readonly trialEnd: number | null;
  readonly trialEndAnnouncement: number | null;
  readonly renewal: number | null;
  readonly renewalAnnouncement: number | null;
  /** The collection of payments goes on. */
  readonly collection: number | null;
  readonly pendingItems: number | null;
  readonly pendingUpdateExpiry: number | null;
}

const NOTHING: Agenda = {
  expiry: null,
  cancellation: null,
  trialEnd: null,
  trialEndAnnouncement: null,
  renewal: null,
  renewalAnnouncement: null,
  collection: null,
  pendingItems: null,
  pendingUpdateExpiry: null,
};

/** What comes when its schedule changes it, or later, is not due before that is done. */
export function agendaOf(agreement: Agreement): Agenda {
  const agenda = ownAgenda(agreement);
  const { phase_end } = agreement.row;
  if (phase_end === null) return agenda;
  const before = Object.entries(agenda).map(([task, at]: [string, number | null]) => [
    task,
    at !== null && at < phase_end ? at : null,
  ]);
  return Object.fromEntries(before) as Agenda;
}

function ownAgenda(agreement: Agreement): Agenda {
  const { row, billing } = agreement;
  switch (row.status) {
    case 'canceled':
    case 'incomplete_expired':
      return NOTHING;
    case 'incomplete':
    case 'paused':
      return { ...NOTHING, expiry: row.expires_at, cancellation: cancellationOf(agreement) };
    default: {
      const isTrialing = row.status === 'trialing';
      const renewal = isTrialing ? null : renewalOf(agreement);
      return {
        ...NOTHING,
        cancellation: cancellationOf(agreement),
        trialEnd: isTrialing ? row.trial_end : null,
        trialEndAnnouncement:
          isTrialing && row.trial_end !== null && row.announced_trial_end !== row.trial_end
            ? row.trial_end - billing.trial_will_end_days * DAY
            : null,
        renewal,
        renewalAnnouncement: announcementOf(agreement),
        collection: row.pause_collection?.resumes_at ?? null,
        pendingItems: row.next_pending_invoice_item_invoice,
        pendingUpdateExpiry: row.pending_update?.expires_at ?? null,
      };
    }
  }
}

/** The end of the period that ends first. */
export const renewalOf = ({ items }: Agreement): number | null =>
  items.length === 0 ? null : Math.min(...items.map(({ row }) => row.current_period_end));

/** At the end of the period is at the end of the one that ends first. */
export const cancellationOf = (agreement: Agreement): number | null =>
  agreement.row.cancel_at_period_end ? renewalOf(agreement) : agreement.row.cancel_at;

/**
 * A renewal that comes is told ahead, once. It is not where the period is shorter than that, where
 * the subscription ends before, and where nobody is to pay for it.
 */
function announcementOf(agreement: Agreement): number | null {
  const { row, items, billing } = agreement;
  const renewal = renewalOf(agreement);
  if (renewal === null || row.announced_renewal === renewal) return null;
  const end = cancellationOf(agreement);
  if (end !== null && end <= renewal) return null;
  if (row.status === 'unpaid' || row.pause_collection !== null) return null;
  const at = renewal - billing.upcoming_days * DAY;
  const isShort = items.some(
    (one) => one.row.current_period_end === renewal && one.row.current_period_start > at,
  );
  return isShort ? null : at;
}
