'use client';

import { Upload } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { useMay } from '@/components/api/may';
import { useProject } from '@/components/api/project';
import { trpc } from '@/components/api/trpc';
import { usePerform } from '@/components/object/act';
import { FieldError, Form, useSubmission } from '@/components/object/form';
import { FormSheet } from '@/components/object/form-sheet';
import { ObjectLink } from '@/components/object/object-link';
import { Button } from '@/components/ui/button';
import { Field, Input } from '@/components/ui/field';
import { Select } from '@/components/ui/select';
import { Skeleton } from '@/components/ui/surfaces';

/** Imports what a processor says that it settled. Nothing, where one may not. */
export function ImportForm() {
  const router = useRouter();
  const { href } = useProject();
  const may = useMay();
  if (!may('settlement_files', 'create')) return null;
  return (
    <FormSheet
      trigger={
        <Button look="primary">
          <Upload aria-hidden />
          Import file
        </Button>
      }
      title="Import settlement file"
      description="Each line is held against your books. The same file again changes nothing."
    >
      {(close) => (
        <Accounts
          onImported={(id) => {
            close();
            router.push(href(`reconciliation/files/${id}`));
          }}
        />
      )}
    </FormSheet>
  );
}

interface Account {
  readonly id: string;
  readonly merchant_id: string;
  readonly is_current: boolean;
}

type OnImported = (id: string) => void;

/** A file is of an account: without one there is nothing to compare. */
function Accounts({ onImported }: { onImported: OnImported }) {
  const { data } = trpc.dashboard.processorAccounts.list.useQuery();
  if (data === undefined) return <Skeleton className="h-40" />;
  if (data.length === 0) {
    return (
      <p className="text-sm">
        No card processor is connected in this mode yet.{' '}
        <ObjectLink page="settings/processor">Connect one</ObjectLink> first.
      </p>
    );
  }
  return <Import accounts={data} onImported={onImported} />;
}

function Import(props: { accounts: readonly Account[]; onImported: OnImported }) {
  const { accounts, onImported } = props;
  const current = accounts.find(({ is_current }) => is_current) ?? accounts[0];
  const [processor_account, setAccount] = useState(current?.id ?? '');
  const [file, setFile] = useState<File | null>(null);
  const create = trpc.settlementFiles.create.useMutation();
  const perform = usePerform();
  const form = useSubmission(async () => {
    if (file === null) throw new FieldError('content', 'Choose a file');
    const content = await file.text();
    const asked = { processor_account, content, name: file.name.slice(0, NAME_MAX) };
    const { id } = await perform(() => create.mutateAsync(asked), 'File imported');
    onImported(id);
  }, ['processor_account', 'content']);
  return (
    <Form form={form} action="Import file" isIncomplete={file === null}>
      <Field label="Processor account" error={form.errorOf('processor_account')}>
        {(control) => (
          <Select
            {...control}
            value={processor_account}
            onChange={setAccount}
            options={accounts.map(({ id, merchant_id }) => ({
              value: id,
              label: `Cardstream ${merchant_id}`,
            }))}
          />
        )}
      </Field>
      <Field
        label="File"
        hint="CSV, whose first line names the columns: xref, action, state, amount and currency, with reference and date where there are any."
        error={form.errorOf('content')}
      >
        {(control) => (
          <Input
            {...control}
            type="file"
            accept=".csv,text/csv"
            className="h-auto! py-1.5 file:mr-3 file:cursor-pointer file:rounded-md file:border-0 file:bg-sunken file:px-2.5 file:py-1 file:text-[13px] file:font-medium file:text-ink"
            onChange={({ target }) => setFile(target.files?.[0] ?? null)}
          />
        )}
      </Field>
    </Form>
  );
}

/** As many characters a file's name may have. */
const NAME_MAX = 200;
