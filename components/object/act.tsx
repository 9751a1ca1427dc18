'use client';

import { failureOf } from '@/components/api/failure';
import { trpc } from '@/components/api/trpc';
import { Confirm, type ConfirmProps } from '@/components/ui/confirm';
import { useToasts } from '@/components/ui/toast';

export interface ActProps extends Omit<ConfirmProps, 'onConfirm'> {
  readonly run: () => Promise<unknown>;
  /** What is said when it is done: `Invoice voided`. */
  readonly done: string;
}

/** Asks once more, does it, and says so; everything shown is then asked again. */
export function Act({ run, done, ...question }: ActProps) {
  const perform = usePerform();
  return (
    <Confirm
      {...question}
      onConfirm={() =>
        perform(run, done).catch((error: unknown) => {
          throw new Error(failureOf(error).message);
        })
      }
    />
  );
}

/** Does it, has what is shown asked again, and says so. Rejects with the server's refusal. */
export function usePerform(): <T>(run: () => Promise<T>, done: string) => Promise<T> {
  const queries = trpc.useUtils();
  const toasts = useToasts();
  return async (run, done) => {
    const answer = await run();
    toasts.done(done);
    await queries.invalidate();
    return answer;
  };
}
