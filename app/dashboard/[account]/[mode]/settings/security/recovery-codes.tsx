'use client';

import { Button } from '@/components/ui/button';
import { CodeBlock } from '@/components/ui/code';
import { Dialog, DialogActions } from '@/components/ui/dialog';

/** New ones, in the only moment in which they are seen. */
export const RecoveryCodes = ({
  codes,
  onDone,
}: {
  codes: readonly string[];
  onDone: () => void;
}) => (
  <Dialog
    isOpen
    onOpenChange={(isOpen) => isOpen || onDone()}
    title="Your recovery codes"
    description="Each lets you in once without your authenticator. Keep them apart from your password: they cannot be shown again."
  >
    <CodeBlock code={codes.join('\n')} language="shell" label="recovery codes" />
    <DialogActions>
      <Button look="primary" onClick={onDone}>
        I have kept them
      </Button>
    </DialogActions>
  </Dialog>
);
