'use client';

import Link from 'next/link';
import { useProject } from '@/components/api/project';
import { trpc } from '@/components/api/trpc';
import { Facts, Figures } from '@/components/object/facts';
import { ObjectFailure, ObjectPage, ObjectSkeleton } from '@/components/object/object-page';
import { definePart, PartList } from '@/components/object/part-list';
import { Time } from '@/components/time/time';
import { StatusBadge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/surfaces';
import { KINDS, Side } from '../../kinds';
import { Agreement } from '../list';

export function SettlementFile({ id }: { id: string }) {
  const { href } = useProject();
  const back = { href: href('reconciliation/files'), label: 'Settlement files' };
  const { data, error, refetch } = trpc.settlementFiles.retrieve.useQuery({ id });
  if (error !== null && data === undefined) {
    return <ObjectFailure error={error} back={back} onRetry={() => void refetch()} />;
  }
  if (data === undefined) return <ObjectSkeleton />;
  return (
    <ObjectPage
      back={back}
      title={data.name ?? 'Settlement file'}
      badge={<Agreement differences={data.differences} />}
      object={data}
      path={`/v1/settlement_files/${id}`}
      aside={
        <Card title="Details">
          <Facts
            facts={[
              { label: 'Imported', value: <Time at={data.created} /> },
              {
                label: 'Account',
                value: (
                  <span className="font-mono text-[13px] break-all">{data.processor_account}</span>
                ),
              },
            ]}
          />
        </Card>
      }
    >
      <Figures
        figures={[
          { label: 'Lines', value: data.lines },
          { label: 'Agree', value: data.matched },
          { label: 'Differ', value: data.differences },
        ]}
      />
      <PartList
        part={differences}
        input={{ settlement_file: id, limit: SHOWN }}
        actions={
          data.differences > SHOWN && (
            <Button size="small" asChild>
              <Link href={href(`reconciliation?settlement_file=${id}`)}>Show all</Link>
            </Button>
          )
        }
      />
    </ObjectPage>
  );
}

const SHOWN = 25;

const differences = definePart({
  title: 'Differences',
  path: 'reconciliationItems.list',
  empty: 'None that this file was the first to show.',
  href: ({ id }) => `reconciliation/${id}`,
  columns: [
    { header: 'Difference', isNarrow: true, cell: ({ kind }) => KINDS[kind].label },
    {
      header: 'Status',
      isNarrow: true,
      cell: ({ status }) => (
        <StatusBadge status={status} look={status === 'open' ? 'warn' : 'plain'} />
      ),
    },
    { header: 'Line', align: 'end', cell: ({ line }) => line },
    {
      header: 'Ours',
      align: 'end',
      cell: ({ amount, currency }) => <Side amount={amount} currency={currency} />,
    },
    {
      header: 'Theirs',
      align: 'end',
      cell: ({ processor_amount, currency }) => (
        <Side amount={processor_amount} currency={currency} />
      ),
    },
  ],
});
