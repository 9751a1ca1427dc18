'use client';

import { useState, type ReactNode } from 'react';
import { trpc } from '@/components/api/trpc';
import { usePerform } from '@/components/object/act';
import { Form, useSubmission } from '@/components/object/form';
import { FormSheet } from '@/components/object/form-sheet';
import { TextFields, type TextSpec } from '@/components/object/text-fields';
import { Switch } from '@/components/ui/choices';
import { Secrets } from './secrets';
import { TERMS } from './terms';

export const ConnectForm = ({ trigger }: { trigger: ReactNode }) => (
  <FormSheet trigger={trigger} title="Connect Cardstream">
    {(close) => <NewAccount onSaved={close} />}
  </FormSheet>
);

const MERCHANT = [
  {
    name: 'merchant_id',
    label: 'Merchant ID',
    hint: 'In the merchant management system of Cardstream.',
    isRequired: true,
  },
] as const satisfies readonly TextSpec<string>[];

const GATEWAY = [
  {
    name: 'base_url',
    label: 'Gateway address',
    hint: "Only where yours is not Cardstream's own.",
    type: 'url',
    placeholder: 'https://gateway.cardstream.com',
  },
] as const satisfies readonly TextSpec<string>[];

const FIRST = {
  merchant_id: '',
  secret: '',
  password: '',
  base_url: '',
  country: 'GB',
  merchant_category_code: '',
};

function NewAccount({ onSaved }: { onSaved: () => void }) {
  const [typed, setTyped] = useState(FIRST);
  const [three_d_secure, setThreeDSecure] = useState(true);
  const create = trpc.dashboard.processorAccounts.create.useMutation();
  const perform = usePerform();
  const form = useSubmission(async () => {
    const { base_url, password, merchant_category_code, ...rest } = typed;
    const given = {
      ...rest,
      three_d_secure,
      password: password === '' ? null : password,
      merchant_category_code: merchant_category_code === '' ? null : merchant_category_code,
      ...(base_url === '' ? {} : { base_url }),
    };
    await perform(() => create.mutateAsync(given), 'Account connected');
    onSaved();
  }, Object.keys(FIRST));
  const change = (name: keyof typeof FIRST, text: string): void =>
    setTyped({ ...typed, [name]: text });
  const given = { form, typed, onChange: change };
  return (
    <Form
      form={form}
      action="Connect"
      isIncomplete={typed.merchant_id.trim() === '' || typed.secret === ''}
    >
      <TextFields fields={MERCHANT} {...given} />
      <Secrets {...given} isSecretRequired />
      <TextFields fields={TERMS} {...given} />
      <Switch
        label="3-D Secure"
        note="Cardholders prove who they are where their bank wants it."
        checked={three_d_secure}
        onChange={setThreeDSecure}
      />
      <TextFields fields={GATEWAY} {...given} />
    </Form>
  );
}
