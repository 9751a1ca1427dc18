'use client';

import { useState } from 'react';
import type { Outputs } from '@/components/api/queries';
import { trpc } from '@/components/api/trpc';
import { usePerform } from '@/components/object/act';
import { Form, useSubmission } from '@/components/object/form';
import { Badge } from '@/components/ui/badge';
import { Field, Input } from '@/components/ui/field';
import { Card } from '@/components/ui/surfaces';

export type SecurityOf = Outputs['dashboard']['security']['retrieve'];

/** TABLE: what other services are called. */
const SERVICES: Readonly<Record<SecurityOf['services'][number], string>> = {
  google: 'Google',
  github: 'GitHub',
};

const EMPTY = { password: '', new_password: '' };

/** Whoever signs in with another service only has none yet, and may set one. */
export function Password({ security: { has_password, services } }: { security: SecurityOf }) {
  const [typed, setTyped] = useState(EMPTY);
  const change = trpc.dashboard.security.changePassword.useMutation();
  const perform = usePerform();
  const form = useSubmission(async () => {
    await perform(
      () => change.mutateAsync(typed),
      'Password changed: you are signed out everywhere else',
    );
    setTyped(EMPTY);
  }, ['password', 'new_password']);
  return (
    <Card
      title="Password"
      actions={services.map((service) => (
        <Badge key={service}>Also {SERVICES[service]}</Badge>
      ))}
    >
      <Form
        form={form}
        action={has_password ? 'Change password' : 'Set password'}
        isIncomplete={typed.new_password === ''}
      >
        <div className="grid max-w-xl gap-4 sm:grid-cols-2">
          {has_password && (
            <Field label="Current password" error={form.errorOf('password')}>
              {(control) => (
                <Input
                  {...control}
                  type="password"
                  autoComplete="current-password"
                  value={typed.password}
                  onChange={({ target }) => setTyped({ ...typed, password: target.value })}
                />
              )}
            </Field>
          )}
          <Field
            label="New password"
            hint="At least 8 characters."
            error={form.errorOf('new_password')}
          >
            {(control) => (
              <Input
                {...control}
                type="password"
                autoComplete="new-password"
                value={typed.new_password}
                onChange={({ target }) => setTyped({ ...typed, new_password: target.value })}
              />
            )}
          </Field>
        </div>
      </Form>
    </Card>
  );
}
