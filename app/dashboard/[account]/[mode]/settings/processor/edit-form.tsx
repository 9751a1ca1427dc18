'use client';

import { useState } from 'react';
import { trpc } from '@/components/api/trpc';
import { usePerform } from '@/components/object/act';
import { Form, useSubmission } from '@/components/object/form';
import { FormSheet } from '@/components/object/form-sheet';
import { TextFields } from '@/components/object/text-fields';
import { Button } from '@/components/ui/button';
import { Checkbox, Switch } from '@/components/ui/choices';
import type { ProcessorAccount } from './account';
import { Secrets } from './secrets';
import { TERMS } from './terms';

/** A new secret, or other terms: another merchant is another account. */
export const EditForm = ({ account }: { account: ProcessorAccount }) => (
  <FormSheet
    title={`Edit Cardstream ${account.merchant_id}`}
    trigger={<Button size="small">Edit</Button>}
  >
    {(close) => <EditAccount account={account} onSaved={close} />}
  </FormSheet>
);

function EditAccount({ account, onSaved }: { account: ProcessorAccount; onSaved: () => void }) {
  const [typed, setTyped] = useState({
    secret: '',
    password: '',
    country: account.country,
    merchant_category_code: account.merchant_category_code ?? '',
  });
  const [three_d_secure, setThreeDSecure] = useState(account.three_d_secure);
  const [removesPassword, setRemovesPassword] = useState(false);
  const update = trpc.dashboard.processorAccounts.update.useMutation();
  const perform = usePerform();
  const form = useSubmission(async () => {
    const { secret, password, country, merchant_category_code } = typed;
    const changes = {
      id: account.id,
      country,
      merchant_category_code: merchant_category_code === '' ? null : merchant_category_code,
      three_d_secure,
      ...(secret === '' ? {} : { secret }),
      ...(removesPassword ? { password: null } : password === '' ? {} : { password }),
    };
    await perform(() => update.mutateAsync(changes), 'Account saved');
    onSaved();
  }, Object.keys(typed));
  const given = {
    form,
    typed,
    onChange: (name: keyof typeof typed, text: string) => setTyped({ ...typed, [name]: text }),
  };
  return (
    <Form form={form} action="Save">
      <Secrets {...given} />
      {account.has_password && (
        <Checkbox
          label="Take the merchant password away"
          checked={removesPassword}
          onChange={setRemovesPassword}
        />
      )}
      <TextFields fields={TERMS} {...given} />
      <Switch
        label="3-D Secure"
        note="Cardholders prove who they are where their bank wants it."
        checked={three_d_secure}
        onChange={setThreeDSecure}
      />
    </Form>
  );
}
