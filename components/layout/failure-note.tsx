'use client';

import { failureOf } from '@/components/api/failure';
import { Button } from '@/components/ui/button';
import { CopyId } from '@/components/ui/copy';

/** What stands where something could not be read: why, the request to ask about, and another try. */
export function FailureNote({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { message, requestId, status } = failureOf(error);
  return (
    <div role="alert" className="flex flex-col items-center gap-3 px-4 py-12 text-center">
      <p className="text-sm font-medium">
        {status === 403
          ? 'You may not see this'
          : status === 404
            ? 'Not found'
            : 'This could not be loaded'}
      </p>
      <p className="max-w-md text-sm break-words text-muted">{message}</p>
      {requestId !== null && <CopyId id={requestId} />}
      {onRetry !== undefined && status !== 403 && status !== 404 && (
        <Button size="small" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}
