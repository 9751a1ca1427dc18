'use client';

import { useTheme } from 'next-themes';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { Outputs } from '@/components/api/queries';
import { trpc } from '@/components/api/trpc';
import { FailureNote } from '@/components/layout/failure-note';
import { PageHeader } from '@/components/layout/page-header';
import { THEMES } from '@/components/layout/theme';
import { usePerform } from '@/components/object/act';
import { Facts } from '@/components/object/facts';
import { Form, useSubmission } from '@/components/object/form';
import { useViewer } from '@/components/time/viewer';
import { Radios } from '@/components/ui/choices';
import { CopyId } from '@/components/ui/copy';
import { Field, Input } from '@/components/ui/field';
import { useInBrowser } from '@/components/ui/in-browser';
import { Card, Skeleton } from '@/components/ui/surfaces';

/** Who one is to one's colleagues, and how one likes the dashboard. */
export function Profile() {
  const { data, error, refetch } = trpc.dashboard.sessions.current.useQuery();
  return (
    <>
      <PageHeader title="Your profile" note="In every project that you are a member of." />
      {data === undefined ? (
        <Card>
          {error === null ? (
            <Skeleton className="h-40" />
          ) : (
            <FailureNote error={error} onRetry={() => void refetch()} />
          )}
        </Card>
      ) : (
        <You user={data.user} />
      )}
      <Appearance />
    </>
  );
}

type User = Outputs['dashboard']['sessions']['current']['user'];

function You({ user }: { user: User }) {
  const [name, setName] = useState(user.name ?? '');
  const router = useRouter();
  const perform = usePerform();
  const update = trpc.dashboard.profile.update.useMutation();
  const form = useSubmission(async () => {
    await perform(() => update.mutateAsync({ name }), 'Profile saved');
    // The name is in the frame, which the server made.
    router.refresh();
  }, ['name']);
  return (
    <Card title="You">
      <div className="flex flex-col gap-5">
        <Facts
          facts={[
            { label: 'E-mail', value: user.email },
            { label: 'User id', value: <CopyId id={user.id} /> },
          ]}
        />
        <p className="text-[13px] text-muted">
          The address is how invitations and other services find you, so it stays. To use another
          one, have that one invited.
        </p>
        <Form form={form} action="Save">
          <Field label="Name" error={form.errorOf('name')} className="max-w-sm">
            {(control) => (
              <Input
                {...control}
                autoComplete="name"
                value={name}
                onChange={({ target }) => setName(target.value)}
              />
            )}
          </Field>
        </Form>
      </div>
    </Card>
  );
}

function Appearance() {
  const { theme = 'system', setTheme } = useTheme();
  const viewer = useViewer();
  // Which theme was chosen, only the browser knows.
  const isInBrowser = useInBrowser();
  return (
    <Card title="Appearance" note="In this browser">
      <div className="flex flex-col gap-5">
        <Radios
          label="Theme"
          isAcross
          value={isInBrowser ? theme : 'system'}
          onChange={setTheme}
          options={THEMES.map(([value, label]) => ({ value, label }))}
        />
        <Facts
          facts={[
            { label: 'Language', value: `${viewer.locale}, as your browser asks for it` },
            { label: 'Time zone', value: viewer.timeZone },
          ]}
        />
      </div>
    </Card>
  );
}
