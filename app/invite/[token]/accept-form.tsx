'use client';

import { useState } from 'react';
import { api } from '@/app/sign-in/calls';
import { failureOf } from '@/components/api/failure';
import { Button } from '@/components/ui/button';

export function AcceptForm({ token }: { token: string }) {
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);

  async function accept(): Promise<void> {
    setIsBusy(true);
    try {
      const { account } = await api.dashboard.members.accept.mutate({ token });
      globalThis.location.assign(`/dashboard/${account}/test`);
    } catch (failure) {
      setError(failureOf(failure).message);
      setIsBusy(false);
    }
  }

  return (
    <div className="flex flex-col gap-3">
      <Button look="primary" isBusy={isBusy} onClick={() => void accept()}>
        Accept the invitation
      </Button>
      {error !== null && (
        <p role="alert" className="text-[13px] text-bad">
          {error}
        </p>
      )}
    </div>
  );
}
