'use client';

import { useMay } from '@/components/api/may';
import { useProject } from '@/components/api/project';
import { trpc } from '@/components/api/trpc';
import { Facts } from '@/components/object/facts';
import { ObjectLink } from '@/components/object/object-link';
import { ObjectFailure, ObjectPage, ObjectSkeleton } from '@/components/object/object-page';
import { RequestLogs } from '@/components/object/request-logs';
import { Time } from '@/components/time/time';
import { StatusBadge } from '@/components/ui/badge';
import { Card, Table, Td, Th } from '@/components/ui/surfaces';
import { KINDS, Side, type ReconciliationItem } from '../kinds';
import { ResolveForm } from './resolve-form';

export function Difference({ id }: { id: string }) {
  const { href } = useProject();
  const may = useMay();
  const back = { href: href('reconciliation'), label: 'Reconciliation' };
  const { data, error, refetch } = trpc.reconciliationItems.retrieve.useQuery({ id });
  if (error !== null && data === undefined) {
    return <ObjectFailure error={error} back={back} onRetry={() => void refetch()} />;
  }
  if (data === undefined) return <ObjectSkeleton />;
  const isOpen = data.status === 'open';
  return (
    <ObjectPage
      back={back}
      title={KINDS[data.kind].label}
      badge={<StatusBadge status={data.status} look={isOpen ? 'warn' : 'plain'} />}
      object={data}
      path={`/v1/reconciliation_items/${id}`}
      actions={isOpen && may('reconciliation_items', 'resolve') && <ResolveForm item={data} />}
      aside={
        <Card title="Details">
          <ItemFacts item={data} />
        </Card>
      }
    >
      <p className="text-sm text-muted">{KINDS[data.kind].sentence}</p>
      <BothSides item={data} />
      {!isOpen && <Resolution item={data} />}
      <RequestLogs of={{ related_object: id }} />
    </ObjectPage>
  );
}

/** The same thing, as it stands in each of the books. */
function BothSides({ item }: { item: ReconciliationItem }) {
  const { amount, processor_amount, currency, state, processor_state } = item;
  return (
    <Card title="Both books" isFlush>
      <Table aria-label="Both books">
        <thead>
          <tr>
            <Th>
              <span className="sr-only">Book</span>
            </Th>
            <Th className="text-right">Amount</Th>
            <Th>State</Th>
          </tr>
        </thead>
        <tbody>
          <tr className="group">
            <Td className="font-medium">Ours</Td>
            <Td className="text-right">
              <Side amount={amount} currency={currency} />
            </Td>
            <Td>{state ?? <span className="text-muted">None</span>}</Td>
          </tr>
          <tr className="group">
            <Td className="font-medium">Theirs</Td>
            <Td className="text-right">
              <Side amount={processor_amount} currency={currency} />
            </Td>
            <Td>{processor_state ?? <span className="text-muted">None</span>}</Td>
          </tr>
        </tbody>
      </Table>
    </Card>
  );
}

/** TABLE: how a difference was ended, in words. */
const RESOLUTIONS: Readonly<Record<NonNullable<ReconciliationItem['resolution']>, string>> = {
  succeeded: 'It succeeded at the processor',
  failed: 'It failed at the processor',
  found: 'It was found out after all',
  acknowledged: 'It is known, and dealt with',
};

function Resolution({
  item: { resolution, resolved_by, resolved_at, note },
}: {
  item: ReconciliationItem;
}) {
  return (
    <Card title="Resolution">
      <Facts
        facts={[
          { label: 'What', value: resolution !== null && RESOLUTIONS[resolution] },
          { label: 'By', value: resolved_by },
          { label: 'When', value: resolved_at !== null && <Time at={resolved_at} /> },
          {
            label: 'Note',
            value: note !== null && <span className="whitespace-pre-wrap">{note}</span>,
          },
        ]}
      />
    </Card>
  );
}

function ItemFacts({ item }: { item: ReconciliationItem }) {
  const mono = (text: string | null) =>
    text !== null && <span className="font-mono text-[13px] break-all">{text}</span>;
  const { payment_intent, settlement_file, line } = item;
  return (
    <Facts
      facts={[
        {
          label: 'Payment',
          value: payment_intent !== null && (
            <ObjectLink page={`payments/${payment_intent}`}>{mono(payment_intent)}</ObjectLink>
          ),
        },
        { label: 'Charge', value: mono(item.charge) },
        { label: 'Refund', value: mono(item.refund) },
        { label: 'Card set-up', value: mono(item.setup_intent) },
        { label: 'Reference', value: mono(item.reference) },
        { label: 'Processor’s id', value: mono(item.transaction) },
        {
          label: 'File',
          value: settlement_file !== null && (
            <ObjectLink page={`reconciliation/files/${settlement_file}`}>
              {mono(settlement_file)}
            </ObjectLink>
          ),
        },
        { label: 'Line', value: line },
        { label: 'Account', value: mono(item.processor_account) },
      ]}
    />
  );
}
