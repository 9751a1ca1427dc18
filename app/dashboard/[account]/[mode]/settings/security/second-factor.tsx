'use client';

import { useState } from 'react';
import { trpc } from '@/components/api/trpc';
import { usePerform } from '@/components/object/act';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/surfaces';
import { CodeDialog } from './code-dialog';
import { EnrolDialog } from './enrol-dialog';
import type { SecurityOf } from './password';
import { RecoveryCodes } from './recovery-codes';

/** Below it one should make new ones. */
const FEW_CODES = 3;

/** The six digits of an authenticator, beside the password. */
export function SecondFactor({ security }: { security: SecurityOf }) {
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const { two_factor, recovery_codes } = security;
  return (
    <Card
      title="Second factor"
      actions={two_factor ? <Badge look="good">On</Badge> : <Badge look="warn">Off</Badge>}
    >
      <div className="flex flex-col items-start gap-4">
        <p className="text-sm text-muted">
          {two_factor
            ? 'Signing in takes a code of your authenticator app, or one of your recovery codes.'
            : 'With an authenticator app, a password that somebody guessed or stole is not enough to sign in.'}
        </p>
        {two_factor && (
          <p className="text-sm">
            {recovery_codes === 1 ? '1 recovery code' : `${recovery_codes} recovery codes`} left
            {recovery_codes < FEW_CODES && (
              <span className="text-warn"> · make new ones before they run out</span>
            )}
          </p>
        )}
        {two_factor ? <Enrolled onCodes={setCodes} /> : <EnrolDialog onCodes={setCodes} />}
      </div>
      {codes !== null && <RecoveryCodes codes={codes} onDone={() => setCodes(null)} />}
    </Card>
  );
}

function Enrolled({ onCodes }: { onCodes: (codes: readonly string[]) => void }) {
  const renew = trpc.dashboard.security.renewRecoveryCodes.useMutation();
  const disable = trpc.dashboard.security.disableTotp.useMutation();
  const perform = usePerform();
  return (
    <div className="flex flex-wrap gap-2">
      <CodeDialog
        trigger={<Button>New recovery codes</Button>}
        title="New recovery codes"
        description="Those that you have are good no more."
        action="Make new codes"
        onCode={async (code) => {
          const { recovery_codes } = await perform(
            () => renew.mutateAsync({ code }),
            'Recovery codes made',
          );
          onCodes(recovery_codes);
        }}
      />
      <CodeDialog
        trigger={<Button look="quiet">Turn off</Button>}
        title="Turn the second factor off?"
        description="From then on the password alone is enough. You are signed out everywhere else."
        action="Turn off"
        onCode={(code) => perform(() => disable.mutateAsync({ code }), 'Second factor is off')}
      />
    </div>
  );
}
