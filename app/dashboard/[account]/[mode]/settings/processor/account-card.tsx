'use client';

import { failureOf } from '@/components/api/failure';
import { useMay } from '@/components/api/may';
import { trpc } from '@/components/api/trpc';
import { Act } from '@/components/object/act';
import { Facts } from '@/components/object/facts';
import { Time } from '@/components/time/time';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { CopyId } from '@/components/ui/copy';
import { Card } from '@/components/ui/surfaces';
import { EditForm } from './edit-form';
import type { ProcessorAccount } from './account';

/** One account at a gateway. Its secrets are here only to be replaced. */
export function AccountCard({ account }: { account: ProcessorAccount }) {
  const may = useMay();
  return (
    <Card
      title={
        <span className="flex flex-wrap items-center gap-x-2.5">
          Cardstream {account.merchant_id}
          <State account={account} />
        </span>
      }
      actions={
        <>
          {may('dashboard', 'processorAccounts.update') && <EditForm account={account} />}
          <Switch account={account} />
        </>
      }
    >
      {may('dashboard', 'processorAccounts.test') && <Connection id={account.id} />}
      <Facts
        facts={[
          { label: 'Gateway', value: account.base_url },
          { label: 'Secret', value: 'Stored, and never shown' },
          { label: 'Password', value: account.has_password && 'Stored, and never shown' },
          {
            label: '3-D Secure',
            value: account.three_d_secure ? 'Where the bank wants it' : 'Never asked for',
          },
          { label: 'Country', value: account.country },
          { label: 'Category', value: account.merchant_category_code },
          { label: 'Connected', value: <Time at={account.created} /> },
          { label: 'Id', value: <CopyId id={account.id} /> },
        ]}
      />
    </Card>
  );
}

function State({ account }: { account: ProcessorAccount }) {
  if (account.is_current) return <Badge look="good">Takes new cards</Badge>;
  return account.status === 'active' ? (
    <Badge>Active, not the newest</Badge>
  ) : (
    <Badge look="warn">Disabled</Badge>
  );
}

/** TABLE: how well what the gateway answers bodes. */
const RESULTS = {
  accepted: { look: 'good', word: 'Accepted' },
  refused: { look: 'bad', word: 'Refused' },
  unreachable: { look: 'warn', word: 'Unreachable' },
} as const;

/** Asks the gateway whether it takes the credentials, by a question that moves nothing. */
function Connection({ id }: { id: string }) {
  const test = trpc.dashboard.processorAccounts.test.useMutation();
  const found = test.data === undefined ? null : RESULTS[test.data.result];
  return (
    <div className="mb-4 flex flex-wrap items-center gap-x-3 gap-y-2">
      <Button size="small" isBusy={test.isPending} onClick={() => test.mutate({ id })}>
        Test the connection
      </Button>
      <output className="flex min-w-0 flex-wrap items-center gap-2 text-sm">
        {found !== null && !test.isPending && (
          <>
            <Badge look={found.look}>{found.word}</Badge>
            <span className="min-w-0 break-words">{test.data?.message}</span>
          </>
        )}
        {test.error !== null && <span className="text-bad">{failureOf(test.error).message}</span>}
      </output>
    </div>
  );
}

function Switch({ account: { id, status } }: { account: ProcessorAccount }) {
  const may = useMay();
  const enable = trpc.dashboard.processorAccounts.enable.useMutation();
  const disable = trpc.dashboard.processorAccounts.disable.useMutation();
  if (status === 'active') {
    if (!may('dashboard', 'processorAccounts.disable')) return null;
    return (
      <Act
        trigger={
          <Button size="small" look="quiet">
            Disable
          </Button>
        }
        title="Disable this account?"
        action="Disable account"
        done="Account disabled"
        run={() => disable.mutateAsync({ id })}
      >
        It takes no new cards, and the next one that is active takes over, if there is any. What it
        has started is still completed and refunded by it.
      </Act>
    );
  }
  if (!may('dashboard', 'processorAccounts.enable')) return null;
  return (
    <Act
      trigger={<Button size="small">Enable</Button>}
      title="Enable this account?"
      action="Enable account"
      look="primary"
      done="Account enabled"
      run={() => enable.mutateAsync({ id })}
    >
      Of the accounts that are active, the newest takes new cards.
    </Act>
  );
}
