'use client';

import { Button } from '@/components/ui/button';
import { CodeBlock } from '@/components/ui/code';
import { DialogActions, DialogClose } from '@/components/ui/dialog';

/** A key that was just made: this is the only time that it is seen. */
export const NewKey = ({ secret }: { secret: string }) => (
  <div className="flex flex-col gap-3">
    <p className="text-sm">
      Copy the key now and keep it where your program finds it. It is not stored, and{' '}
      <strong className="font-semibold">cannot be shown again</strong>.
    </p>
    <CodeBlock code={secret} language="shell" label="API key" />
    <DialogActions>
      <DialogClose>
        <Button look="primary">I have kept it</Button>
      </DialogClose>
    </DialogActions>
  </div>
);
