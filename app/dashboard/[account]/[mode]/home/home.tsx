'use client';

import { keepPreviousData } from '@tanstack/react-query';
import { parseAsString, useQueryStates } from 'nuqs';
import { trpc } from '@/components/api/trpc';
import { FailureNote } from '@/components/layout/failure-note';
import { PageHeader } from '@/components/layout/page-header';
import { Panel } from '@/components/layout/panel';
import { zoneName } from '@/components/time/format';
import { useViewer } from '@/components/time/viewer';
import { Select } from '@/components/ui/select';
import { Card, Skeleton } from '@/components/ui/surfaces';
import { Attention } from './attention';
import { Checklist } from './checklist';
import { Figures, type Summary } from './figures';
import { Notices } from './notices';
import { RangePicker } from './range-picker';
import { daysText, RANGE_DEFAULT } from './ranges';

const ADDRESS = { range: parseAsString, currency: parseAsString };

/** How the business goes, and what is left to set up. */
export function Home() {
  const [address, setAddress] = useQueryStates(ADDRESS, { history: 'push' });
  const range = address.range ?? RANGE_DEFAULT;
  const summary = trpc.dashboard.home.summary.useQuery(
    { range },
    { placeholderData: keepPreviousData },
  );
  const { data } = summary;
  const currencies = data?.currencies ?? [];
  const currency = currencies.find((one) => one === address.currency) ?? currencies[0];
  return (
    <div className="flex flex-col gap-6">
      <PageHeader
        title="Home"
        actions={
          <>
            {currencies.length > 1 && currency !== undefined && (
              <Select
                label="Currency"
                className="w-24!"
                value={currency}
                onChange={(next) => void setAddress({ currency: next })}
                options={currencies.map((value) => ({ value, label: value.toUpperCase() }))}
              />
            )}
            <RangePicker range={range} onChoose={(next) => void setAddress({ range: next })} />
          </>
        }
      />
      <Panel>
        <Notices />
      </Panel>
      <Panel>
        <Checklist />
      </Panel>
      <Panel>
        <Attention />
      </Panel>
      {data !== undefined && currency !== undefined ? (
        <>
          <Panel>
            <Figures
              summary={data}
              range={range}
              currency={currency}
              isStale={summary.isPlaceholderData}
            />
          </Panel>
          <Days summary={data} />
        </>
      ) : summary.error === null ? (
        <FiguresSkeleton />
      ) : (
        <Card>
          <FailureNote error={summary.error} onRetry={() => void summary.refetch()} />
        </Card>
      )}
    </div>
  );
}

/** Which days are compared, and whose. */
function Days({ summary: { range, before, time_zone } }: { summary: Summary }) {
  const viewer = useViewer();
  return (
    <p className="text-[13px] text-muted">
      {daysText(range.from, range.until, viewer)}, compared with{' '}
      {daysText(before.from, before.until, viewer)}. Days are those of the project’s time zone,{' '}
      {zoneName(time_zone)}. MRR and subscribers may be a minute old.
    </p>
  );
}

const FiguresSkeleton = () => (
  <div aria-busy className="grid gap-4 sm:grid-cols-2">
    <Skeleton className="h-80" />
    <Skeleton className="h-80" />
  </div>
);
