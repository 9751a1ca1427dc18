import type { RowOf } from '@/components/api/queries';
import { Time } from '@/components/time/time';
import { Badge, StatusBadge } from '@/components/ui/badge';

type Subscription = RowOf<'subscriptions.list'>;

/** The status, and beside it that it is to end or that nothing is collected. */
export const SubscriptionStatus = ({ subscription }: { subscription: Subscription }) => (
  <span className="flex flex-wrap items-center gap-1.5">
    <StatusBadge status={subscription.status} />
    {subscription.cancel_at !== null && subscription.ended_at === null && (
      <Badge look="warn">
        Ends&nbsp;
        <Time at={subscription.cancel_at} as="date" />
      </Badge>
    )}
    {subscription.pause_collection !== null && <Badge look="warn">Collection paused</Badge>}
  </span>
);

/** When the next period begins, or when it ended. */
export function Renewal({ subscription }: { subscription: Subscription }) {
  const { cancel_at, ended_at, items } = subscription;
  if (ended_at !== null) {
    return (
      <>
        Ended <Time at={ended_at} as="date" />
      </>
    );
  }
  if (cancel_at !== null) return 'Never again';
  const ends = items.data.map(({ current_period_end }) => current_period_end);
  return ends.length === 0 ? null : <Time at={Math.min(...ends)} as="date" />;
}
