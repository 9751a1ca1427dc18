'use client';

import { idOf } from '@/components/api/expandable';
import { useMay } from '@/components/api/may';
import type { Outputs } from '@/components/api/queries';
import { trpc } from '@/components/api/trpc';
import { priceText } from '@/components/money/price';
import { Act } from '@/components/object/act';
import { Time } from '@/components/time/time';
import { useViewer } from '@/components/time/viewer';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/surfaces';

type ScheduleObject = Outputs['subscriptionSchedules']['retrieve'];

/** What the subscription is to become, and when. */
export function Schedule({ schedule }: { schedule: ScheduleObject }) {
  const may = useMay();
  const release = trpc.subscriptionSchedules.release.useMutation();
  return (
    <Card
      title="Schedule"
      note={
        schedule.end_behavior === 'cancel'
          ? 'The subscription ends with it.'
          : 'The subscription goes on after it.'
      }
      actions={
        may('subscription_schedules', 'release') && (
          <Act
            trigger={<Button size="small">Release</Button>}
            title="Release the subscription from its schedule?"
            action="Release subscription"
            done="Subscription released"
            run={() => release.mutateAsync({ id: schedule.id })}
          >
            It stays as it is now. What was planned does not happen.
          </Act>
        )
      }
    >
      <ol className="flex flex-col gap-3 text-sm">
        {schedule.phases.map((phase) => (
          <li key={phase.start_date} className="flex flex-wrap justify-between gap-x-4">
            <span>
              <Time at={phase.start_date} as="date" /> to <Time at={phase.end_date} as="date" />
            </span>
            <span className="text-muted">
              {phase.items.map(({ price, quantity }, index) => (
                <span key={idOf(price)}>
                  {index > 0 && ', '}
                  <PriceOf id={idOf(price) ?? ''} />
                  {quantity !== undefined && quantity !== 1 && ` × ${quantity}`}
                </span>
              ))}
            </span>
          </li>
        ))}
      </ol>
    </Card>
  );
}

function PriceOf({ id }: { id: string }) {
  const { locale } = useViewer();
  const { data } = trpc.prices.retrieve.useQuery({ id });
  return data === undefined ? id : priceText(data, locale);
}
